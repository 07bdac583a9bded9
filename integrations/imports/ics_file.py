"""Bookings from an iCalendar file (RFC 5545), as calendars and booking systems export it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from appointments.inbound import Booking, Person
from appointments.models import Business
from appointments.services.bookings import IMPORTED
from compliance import phones
from integrations.imports.rows import (
    MOST_ROWS,
    FileError,
    Row,
    RowError,
    checked_key,
    checked_minutes,
    checked_person,
    local,
)

_REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID")
_DEFAULT = timedelta(minutes=30)
# A number with seven digits or more, as people write it in a description.
_PHONE = re.compile(r"\+?\d[\d ().\-/]{6,18}\d")


def read(text: str, business: Business) -> Iterator[Row]:
    """Event by event. Raises `FileError`."""
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise FileError("This is no iCalendar file. Export it again, as .ics.") from error
    events = calendar.walk("VEVENT")
    if len(events) > MOST_ROWS:
        raise FileError(f"There are more than {MOST_ROWS} visits. Split the file.")
    zone = str(calendar.get("X-WR-TIMEZONE") or business.timezone)
    for line, event in zip(_lines(text), events, strict=False):
        yield _row(line, event, zone, business)


def _lines(text: str) -> Iterator[int]:
    """Where each event begins, counted from 1."""
    return (number for number, line in enumerate(text.splitlines(), 1) if line.strip().upper() == "BEGIN:VEVENT")


def _row(line: int, event: Any, zone: str, business: Business) -> Row:
    try:
        return Row(
            line=line,
            booking=_booking(event, zone, business),
            cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
            changed_at=_changed_at(event),
        )
    except RowError as error:
        return Row(line=line, problems=(error.at(line),))


def _booking(event: Any, zone: str, business: Business) -> Booking:
    _refuse_repeats(event)
    starts_at = _moment(event, "DTSTART", zone)
    attendee = _attendee(event)
    summary = str(event.get("SUMMARY", "")).strip()
    person = Person(
        name=(_parameter(attendee, "CN") or summary)[:200],
        phone=_phone(event, attendee, region=phones.region_of(business.timezone)),
        email=_email(attendee),
    )
    return Booking(
        source=IMPORTED,
        external_id=_uid(event),
        starts_at=starts_at,
        duration_minutes=_minutes(event, starts_at, zone),
        person=checked_person(person, region=phones.region_of(business.timezone)),
        timezone=business.timezone,
        at_business=True,
        service=(summary if _parameter(attendee, "CN") else "")[:200],
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
    """Only LAST-MODIFIED: many calendars write the time of the export as DTSTAMP."""
    found = _value(event, "LAST-MODIFIED")
    return found.astimezone(UTC) if isinstance(found, datetime) and found.tzinfo else None


def _attendee(event: Any) -> Any:
    """The first one; the organizer is the business."""
    found = event.get("ATTENDEE")
    return found[0] if isinstance(found, list) and found else found


def _parameter(attendee: Any, name: str) -> str:
    return str(getattr(attendee, "params", {}).get(name, "")).strip()


def _email(attendee: Any) -> str:
    scheme, _, address = str(attendee or "").partition(":")
    return address.strip()[:254] if scheme.lower() == "mailto" else ""


def _phone(event: Any, attendee: Any, *, region: str) -> str:
    """The attendee's `tel:`, else the first number in the description that can be one."""
    scheme, _, number = str(attendee or "").partition(":")
    if scheme.lower() == "tel":
        return number.strip()[:40]
    written = _PHONE.findall(str(event.get("DESCRIPTION", ""))[:5000])
    return next((one for one in written if phones.normalise(one, region)), "")
