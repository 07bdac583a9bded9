"""Bookings from an iCalendar file (RFC 5545), as calendars and booking systems export it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from appointments.inbound import Booking, Person
from appointments.models import Business
from appointments.services.bookings import IMPORTED
from integrations.imports import ics_people
from integrations.imports.rows import (
    MOST_ROWS,
    FileError,
    Row,
    RowError,
    checked_key,
    checked_minutes,
    checked_person,
    local,
    own_number,
)

_REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID")
_DEFAULT = timedelta(minutes=30)
# RFC 5546: these answer an invitation or ask for one. Only what a calendar publishes, requests or cancels is a visit.
_ANSWERS = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"})
_CANCEL = "CANCEL"
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
    calendars = _ONE_CALENDAR.findall(text)
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
    """Each event of a calendar. Where one breaks the calendar, each is read by itself, and that one is None."""
    whole = _parsed(text)
    if whole is not None:
        calendar = _calendar(whole, business)
        yield from ((event, calendar) for event in whole.walk("VEVENT"))
        return
    around = _ONE_EVENT.sub("", text)
    calendar = _calendar(_parsed(around) or Calendar(), business)
    for event in _ONE_EVENT.findall(text):
        alone = _parsed(around.replace("END:VCALENDAR", f"{event}\r\nEND:VCALENDAR", 1))
        yield next(iter(alone.walk("VEVENT")), None) if alone is not None else None, calendar


def _parsed(text: str) -> Any:
    try:
        return Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def _calendar(found: Any, business: Business) -> _Calendar:
    zone = str(found.get("X-WR-TIMEZONE") or business.timezone)
    return _Calendar(str(found.get("METHOD", "")).strip().upper(), zone, business, ics_people.staff_addresses())


def _row(line: int, event: Any, calendar: _Calendar) -> Row:
    try:
        if event is None:
            raise RowError("VEVENT", "It cannot be read.", "Correct it in the calendar and export again.")
        _refuse_answers(calendar.method)
        return Row(
            line=line,
            booking=_booking(event, calendar),
            cancelled=calendar.method == _CANCEL or str(event.get("STATUS", "")).strip().upper() == "CANCELLED",
            changed_at=_changed_at(event),
            sequence=_sequence(event),
        )
    except RowError as error:
        return Row(line=line, problems=(error.at(line),))


def _refuse_answers(method: str) -> None:
    if method in _ANSWERS:
        what = f"This is an answer to an invitation (METHOD:{method}) and says nothing of the visit itself."
        raise RowError("METHOD", what, "Nothing to do; export the calendar to read its visits.")


def _booking(event: Any, calendar: _Calendar) -> Booking:
    business = calendar.business
    _refuse_repeats(event)
    starts_at = _moment(event, "DTSTART", calendar.zone)
    guest = ics_people.guest(event, business, calendar.staff)
    summary = str(event.get("SUMMARY", "")).strip()
    person = Person(
        name=(guest.name or summary)[:200],
        phone=guest.phone or ics_people.phone_in(str(event.get("DESCRIPTION", "")), business),
        email=guest.email,
    )
    return Booking(
        source=IMPORTED,
        external_id=_uid(event),
        starts_at=starts_at,
        duration_minutes=_minutes(event, starts_at, calendar.zone),
        person=checked_person(person, **own_number(business)),
        timezone=business.timezone,
        at_business=True,
        service=(summary if guest.name else "")[:200],
        location=str(event.get("LOCATION", "")).strip()[:200],
    )


def _refuse_repeats(event: Any) -> None:
    for name in _REPEATS:
        if event.get(name) is not None:
            raise RowError(name, "A visit that repeats is not read.", "Export each visit as an event of its own.")


def _uid(event: Any) -> str:
    uid = str(event.get("UID", "")).strip()
    if not uid:
        raise RowError("UID", "It has none, so ARO could not know it again.", "Export it from the calendar once more.")
    return checked_key(uid, field="UID")


def _moment(event: Any, name: str, zone: str) -> datetime:
    """In UTC. A time without a zone is one at the calendar's, else the business's."""
    found = _value(event, name)
    if isinstance(found, datetime):
        return found.astimezone(UTC) if found.tzinfo else local(found, zone, field=name)
    if isinstance(found, date):
        raise RowError(name, "It is a whole day, without a time.", "Give it a time, or leave it out.")
    raise RowError(name, "It is missing or no time.", "Correct it in the calendar and export again.")


def _value(event: Any, name: str) -> Any:
    found = event.get(name)
    return getattr(found, "dt", None)


def _minutes(event: Any, starts_at: datetime, zone: str) -> int:
    length = _value(event, "DURATION")
    if event.get("DTEND") is not None:
        length = _moment(event, "DTEND", zone) - starts_at
    if not isinstance(length, timedelta):
        length = _DEFAULT
    return checked_minutes(round(length.total_seconds() / 60), field="DTEND")


def _changed_at(event: Any) -> datetime | None:
    """The later of LAST-MODIFIED and DTSTAMP, which many calendars write as the time of the export: newer all the
    same."""
    found = [_value(event, name) for name in ("LAST-MODIFIED", "DTSTAMP")]
    return max((one.astimezone(UTC) for one in found if isinstance(one, datetime) and one.tzinfo), default=None)


def _sequence(event: Any) -> int | None:
    """How often the organizer changed the event; None where the file does not count."""
    text = str(event.get("SEQUENCE", "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
