"""What an event's properties say. One that cannot be read counts as missing where nothing depends on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.error import BrokenCalendarProperty

from integrations.imports.rows import RowError, checked_year, local, utc

AGAIN = "Correct it in the calendar and export again."


def value(event: Any, name: str) -> Any:
    """The date, time or length that a property gives; None when it is missing, there twice or no such thing."""
    try:
        return getattr(event.get(name), "dt", None)
    except BrokenCalendarProperty:
        return None


def moment(event: Any, name: str, zone: str) -> datetime:
    """In UTC. A time without a zone is one at the calendar's, else the business's. Raises `RowError`."""
    found = clock_time(event, name)
    return utc(found, field=name) if found.tzinfo else local(found, zone, field=name)


def clock_time(event: Any, name: str) -> datetime:
    """As it is written, with its zone if it has one. Raises `RowError`."""
    found = value(event, name)
    if isinstance(found, datetime):
        if found.tzinfo is None and event.get(name).params.get("TZID"):
            raise RowError(name, "Its time zone is not known.", "Give it one such as America/New_York.")
        return checked_year(found, field=name)
    if isinstance(found, date):
        raise RowError(name, "It is a whole day, without a time.", "Give it a time, or leave it out.")
    raise RowError(name, "It is missing or no time.", AGAIN)


def zone_named(name: str) -> ZoneInfo:
    """Raises `RowError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RowError("timezone", "This is no time zone.", "Write an IANA name such as America/New_York.") from None


def every(event: Any, name: str) -> list[Any]:
    """A property that may be there several times."""
    found = event.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]


def refuse_broken(event: Any, *names: str) -> None:
    """Raises `RowError` when one of them is there and cannot be read."""
    for name, _ in event.errors:
        if name in names:
            raise RowError(name, "It cannot be read.", AGAIN)


def changed_at(event: Any) -> datetime | None:
    """The later of LAST-MODIFIED and DTSTAMP, which many calendars write as the time of the export: newer all the
    same."""
    found = [_stamp(event, name) for name in ("LAST-MODIFIED", "DTSTAMP")]
    return max((one for one in found if one), default=None)


def _stamp(event: Any, name: str) -> datetime | None:
    found = value(event, name)
    try:
        return utc(found, field=name) if isinstance(found, datetime) and found.tzinfo else None
    except RowError:
        return None


def sequence(event: Any) -> int | None:
    """How often the organizer changed the event; None where the file does not count."""
    text = str(event.get("SEQUENCE", "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
