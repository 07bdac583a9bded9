"""Bookings from an iCalendar file (RFC 5545), as calendars and booking systems export it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar

from appointments.inbound import Booking, Person
from appointments.models import Business
from appointments.services.bookings import IMPORTED
from aro import clock
from integrations.imports import ics_parts, ics_people, ics_phones, ics_repeats, status_words
from integrations.imports import ics_values as values
from integrations.imports.rows import (
    MOST_ROWS,
    FileError,
    Part,
    Row,
    RowError,
    cancelled_one,
    checked_key,
    checked_minutes,
    checked_person,
    own_number,
    plain,
    refuse_whole_day,
    utc,
)

_DEFAULT = timedelta(minutes=30)
# RFC 5546: these answer an invitation or ask for one. Only what a calendar publishes, requests or cancels is a visit.
_ANSWERS = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"})
_CANCEL = "CANCEL"
# RFC 5545 has two L; many writers have one.
_CANCELLED = frozenset({"CANCELLED", "CANCELED"})
# A time in UTC beside the name of a zone: the zone must not be applied to it.
_UTC_WITH_ZONE = re.compile(
    r"^([A-Z-]+(?:;(?!TZID=)[^;:\r\n]*)*);TZID=(?:\"[^\"\r\n]*\"|[^;:\r\n]*)((?:;[^:\r\n]*)?:[0-9T,Z]+Z\s*)$",
    re.IGNORECASE | re.MULTILINE,
)
_BEFORE_A_NAME = re.compile(r"\W*(\w+)\s*(?:[:\])]|[-\u2013\u2014]\s)")
_ONE_CALENDAR = re.compile(r"^BEGIN:VCALENDAR\s*$.*?^END:VCALENDAR\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_ONE_EVENT = re.compile(r"^BEGIN:VEVENT\s*$.*?^END:VEVENT\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class _Calendar:
    """What holds for all events of one VCALENDAR; a file may have several."""

    method: str
    zone: str
    business: Business
    staff: frozenset[str]


def read(text: str, business: Business, *, lines: Iterable[int]) -> Iterator[Row]:
    """Event by event. `text` has its lines joined; `lines` says where each event begins. Raises `FileError`."""
    calendars = _ONE_CALENDAR.findall(_UTC_WITH_ZONE.sub(r"\1\2", text))
    if not calendars:
        raise FileError("This is no iCalendar file, or only a part of one. Export it again, as .ics.")
    number, events = iter(lines), 0
    for one in calendars:
        for event, calendar in _events(one, business):
            events += 1
            if events > MOST_ROWS:
                raise FileError(f"There are more than {MOST_ROWS} visits. Split the file.")
            yield _row(next(number, 0), event, calendar)


def _events(text: str, business: Business) -> Iterator[tuple[Any, _Calendar]]:
    """Each event of a calendar. Where one breaks the calendar, each is read by itself, and of that one is the text."""
    whole = _parsed(text)
    if whole is not None:
        calendar = _calendar(whole, business)
        yield from ((event, calendar) for event in whole.walk("VEVENT"))
        return
    around = _ONE_EVENT.sub("", text)
    calendar = _calendar(_parsed(around) or Calendar(), business)
    for event in _ONE_EVENT.findall(text):
        alone = _parsed(around.replace("END:VCALENDAR", f"{event}\r\nEND:VCALENDAR", 1))
        yield next(iter(alone.walk("VEVENT")), event) if alone is not None else event, calendar


def _parsed(text: str) -> Any:
    try:
        return Calendar.from_ical(text)
    except (ArithmeticError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def _calendar(found: Any, business: Business) -> _Calendar:
    zone = str(found.get("X-WR-TIMEZONE") or business.timezone)
    return _Calendar(str(found.get("METHOD", "")).strip().upper(), zone, business, ics_people.staff_addresses())


def _row(line: int, event: Any, calendar: _Calendar) -> Row:
    if isinstance(event, str):
        lost = RowError("VEVENT", "It cannot be read.", values.AGAIN)
        return Row(line=line, problems=(lost.at(line),), part=ics_parts.in_text(event))
    part = None
    try:
        _refuse_answers(calendar.method)
        part = ics_parts.of(event, calendar.zone)
        ics_parts.refuse_unclear(part)
        return _readable(line, event, calendar, part)
    except RowError as error:
        return Row(line=line, problems=(error.at(line),), part=part)


def _readable(line: int, event: Any, calendar: _Calendar, part: Part | None) -> Row:
    cancelled = calendar.method == _CANCEL or str(event.get("STATUS", "")).strip().upper() in _CANCELLED
    cancelled = cancelled or _is_off(str(event.get("SUMMARY", "")))
    return Row(
        line=line,
        booking=_cancelled(event, calendar, part) if cancelled else _booking(event, calendar, part),
        cancelled=cancelled,
        changed_at=_changed_at(event),
        sequence=_sequence(event),
        part=part,
        repeats=None if cancelled or part else ics_repeats.read(event, calendar.zone),
    )


def _is_off(summary: str) -> bool:
    """ "Canceled: Bea Ruiz": a shared calendar of Outlook's says so in the name, and nowhere else."""
    found = _BEFORE_A_NAME.match(summary)
    return found is not None and plain(found[1]) in status_words.OFF_BEFORE_A_NAME


def _refuse_answers(method: str) -> None:
    if method in _ANSWERS:
        what = f"This is an answer to an invitation (METHOD:{method}) and says nothing of the visit itself."
        raise RowError("METHOD", what, "Nothing to do; export the calendar to read its visits.")


def _cancelled(event: Any, calendar: _Calendar, part: Part | None) -> Booking:
    """Which visit is meant. Who would have come, and when, need not be said (RFC 5546 3.2.5)."""
    starts_at = part.since if part else clock.now()
    if values.value(event, "DTSTART") is not None:
        starts_at = values.moment(event, "DTSTART", calendar.zone)
    return cancelled_one(_name(event, part), starts_at)


def _booking(event: Any, calendar: _Calendar, part: Part | None) -> Booking:
    business = calendar.business
    starts_at = values.moment(event, "DTSTART", calendar.zone)
    minutes = _minutes(event, starts_at, calendar.zone)
    written, there = values.clock_time(event, "DTSTART"), starts_at.astimezone(values.zone_named(business.timezone))
    refuse_whole_day((written, there), minutes, field="DTSTART")
    guest = ics_people.guest(event, business, calendar.staff)
    summary = str(event.get("SUMMARY", "")).strip()
    person = Person(
        name=(guest.name or summary)[:200],
        phone=guest.phone or ics_phones.phone_in(str(event.get("DESCRIPTION", "")), business),
        email=guest.email,
    )
    return Booking(
        source=IMPORTED,
        external_id=_name(event, part),
        starts_at=starts_at,
        duration_minutes=minutes,
        person=checked_person(person, **own_number(business)),
        timezone=business.timezone,
        at_business=True,
        service=(summary if guest.name else "")[:200],
        location=str(event.get("LOCATION", "")).strip()[:200],
    )


def _name(event: Any, part: Part | None) -> str:
    uid = str(event.get("UID", "")).strip()
    if not uid:
        raise RowError("UID", "It has none, so ARO could not know it again.", "Export it from the calendar once more.")
    checked_key(uid, field="UID")
    return ics_parts.key(uid, part.since) if part else uid


def _minutes(event: Any, starts_at: datetime, zone: str) -> int:
    length = values.value(event, "DURATION")
    if event.get("DTEND") is not None:
        length = values.moment(event, "DTEND", zone) - starts_at
    if not isinstance(length, timedelta):
        length = _DEFAULT
    return checked_minutes(round(length.total_seconds() / 60), field="DTEND")


def _changed_at(event: Any) -> datetime | None:
    """The later of LAST-MODIFIED and DTSTAMP, which many calendars write as the time of the export: newer all the
    same."""
    found = [_stamp(event, name) for name in ("LAST-MODIFIED", "DTSTAMP")]
    return max((one for one in found if one), default=None)


def _stamp(event: Any, name: str) -> datetime | None:
    found = values.value(event, name)
    try:
        return utc(found, field=name) if isinstance(found, datetime) and found.tzinfo else None
    except RowError:
        return None


def _sequence(event: Any) -> int | None:
    """How often the organizer changed the event; None where the file does not count."""
    text = str(event.get("SEQUENCE", "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
