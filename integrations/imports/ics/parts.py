"""Which visit of a series an event is about (RECURRENCE-ID), and what such a visit is called here."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from integrations.imports.ics import values
from integrations.imports.rows import Part, RowError, utc

_EVER: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_KEY: Final = re.compile(r"(?P<uid>.+) (?P<at>\d{8}T\d{6}Z)")
_UID: Final = re.compile(r"^UID(?:;[^:\r\n]*)?:(.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_ONE_OF_SERIES: Final = re.compile(r"^RECURRENCE-ID[;:]", re.IGNORECASE | re.MULTILINE)


def key(uid: str, at: datetime) -> str:
    """The name of one visit of a series: by the time that the series has for it, wherever it was moved."""
    return f"{uid} {at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def split(name: str) -> tuple[str, datetime | None]:
    """The UID in a visit's name, and its time in the series, if it is one of a series."""
    found = _KEY.fullmatch(name)
    if found is None:
        return name, None
    return found["uid"], datetime.strptime(found["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def of(event: Any, zone: str) -> Part | None:
    """None for an event that is no part of a series. It never fails: what cannot be read may be any part."""
    if "RECURRENCE-ID" not in event:
        return None
    uid, found = str(event.get("UID", "")).strip(), values.value(event, "RECURRENCE-ID")
    try:
        if isinstance(found, date) and not isinstance(found, datetime):
            start = utc(datetime.combine(found, time.min, values.zone_named(zone)), field="RECURRENCE-ID")
            return Part(uid, start, start + timedelta(days=1))
        at = values.moment(event, "RECURRENCE-ID", zone)
    except RowError:
        return Part(uid, *_EVER)
    following = str(event["RECURRENCE-ID"].params.get("RANGE", "")).upper()
    return Part(uid, at, _EVER[1] if following else at)


def in_text(event: str) -> Part | None:
    """The same of an event that cannot be read as one."""
    uid = _UID.search(event)
    return Part(uid[1], *_EVER) if uid and _ONE_OF_SERIES.search(event) else None


def refuse_unclear(part: Part | None) -> None:
    """Raises `RowError` when it is not about exactly one visit."""
    if part is None or part.since == part.until:
        return
    if part.until == _EVER[1] and part.since != _EVER[0]:
        what = "A change of this visit and all that follow is not read; those visits stay as they are."
        raise RowError(
            "RECURRENCE-ID", what, "End the series there in the calendar and make a new one, or use the desk."
        )
    what = "It does not say which visit of the series is meant; what may be meant stays as it is."
    raise RowError("RECURRENCE-ID", what, "Give it the date and time, or change the visit at the desk.")
