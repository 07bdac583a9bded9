"""Bookings from an iCalendar file (RFC 5545), as calendars and booking systems export it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypedDict

from icalendar import Calendar

from appointments.inbound import Booking, Person
from appointments.models import Business
from appointments.services.booking.bookings import IMPORTED
from aro import clock
from aro.secrets import fingerprint
from integrations.imports import titles
from integrations.imports.ics import needless, parts, phones, repeats, status, values, zones
from integrations.imports.ics import people as ics_people
from integrations.imports.ics.seats import Seats
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
    out_of_reach,
    own_number,
    refuse_whole_day,
)

_DEFAULT = timedelta(minutes=30)
# RFC 5546: these answer an invitation or ask for one. Only what a calendar publishes, requests or cancels is a visit.
_ANSWERS = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"})
_CANCEL = "CANCEL"
# A time in UTC beside the name of a zone: the zone must not be applied to it.
_UTC_WITH_ZONE = re.compile(
    r"^([A-Z-]+(?:;(?!TZID=)[^;:\r\n]*)*);TZID=(?:\"[^\"\r\n]*\"|[^;:\r\n]*)((?:;[^:\r\n]*)?:[0-9T,Z]+Z\s*)$",
    re.IGNORECASE | re.MULTILINE,
)
_ONE_CALENDAR = re.compile(r"^BEGIN:VCALENDAR\s*$.*?^END:VCALENDAR\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_ONE_EVENT = re.compile(r"^BEGIN:VEVENT\s*$.*?^END:VEVENT\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
# Who comes, and the visit's service.
_Patient = tuple[Person, str]
_NOBODY = (Person(), "")
_SEVERAL = RowError(
    "ATTENDEE",
    "It is for several people, and not all have a visit here: beside the first only those with a phone (tel:) have.",
    "If the others are patients, give each an event of their own, or their phone; else leave them off the event.",
)
_NO_LONGER_INVITED = RowError(
    "ATTENDEE",
    "Somebody who has a visit by this event is no longer on it; that visit stays as it is.",
    "Cancel it at the desk if they do not come.",
)


@dataclass(frozen=True)
class _Calendar:
    """What holds for all events of one VCALENDAR; a file may have several."""

    method: str
    zone: str
    business: Business
    staff: frozenset[str]
    seats: Seats


def read(text: str, business: Business, *, lines: Iterable[int]) -> Iterator[Row]:
    """Event by event: first those that say who comes, then those about single visits and what is off. `text` has its
    lines joined; `lines` says where each event begins. Raises `FileError`."""
    calendars = _ONE_CALENDAR.findall(_UTC_WITH_ZONE.sub(r"\1\2", needless.left_out(text)))
    if not calendars:
        raise FileError("This is no iCalendar file, or only a part of one. Export it again, as .ics.")
    number, seats = iter(lines), Seats(business)
    found = [(next(number, 0), *one) for part in calendars for one in _events(part, business, seats)]
    if len(found) > MOST_ROWS:
        raise FileError(f"There are more than {MOST_ROWS} visits. Split the file.")
    for line, event, calendar in sorted(found, key=lambda one: _is_about_known(*one[1:])):
        yield from _rows(line, event, calendar)


def _is_about_known(event: Any, calendar: _Calendar) -> bool:
    return not isinstance(event, str) and ("RECURRENCE-ID" in event or _is_cancelled(event, calendar))


def _events(text: str, business: Business, seats: Seats) -> Iterator[tuple[Any, _Calendar]]:
    """Each event of a calendar. Where one breaks the calendar, each is read by itself, and of that one is the text."""
    text = zones.by_their_names(text)
    whole = _parsed(text)
    if whole is not None:
        calendar = _calendar(whole, business, seats)
        yield from ((event, calendar) for event in whole.walk("VEVENT"))
        return
    around = _ONE_EVENT.sub("", text)
    calendar = _calendar(_parsed(around) or Calendar(), business, seats)
    for event in _ONE_EVENT.findall(text):
        alone = _parsed(around.replace("END:VCALENDAR", f"{event}\r\nEND:VCALENDAR", 1))
        yield next(iter(alone.walk("VEVENT")), event) if alone is not None else event, calendar


def _parsed(text: str) -> Any:
    try:
        return zones.parsed(text)
    except (ArithmeticError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def _calendar(found: Any, business: Business, seats: Seats) -> _Calendar:
    named = str(found.get("X-WR-TIMEZONE") or business.timezone)
    zone = zones.known(named) or named
    method = str(found.get("METHOD", "")).strip().upper()
    return _Calendar(method, zone, business, ics_people.staff_addresses(), seats)


def _rows(line: int, event: Any, calendar: _Calendar) -> Iterator[Row]:
    """One for each patient, and one for each thing that is wrong."""
    if isinstance(event, str):
        lost = RowError("VEVENT", "It cannot be read.", values.AGAIN)
        yield Row(line=line, problems=(lost.at(line),), part=parts.in_text(event))
        return
    part = None
    try:
        _refuse_answers(calendar.method)
        part = parts.of(event, calendar.zone)
        parts.refuse_unclear(part)
        yield from _readable(Row(line=line, part=part), event, calendar)
    except RowError as error:
        yield Row(line=line, problems=(error.at(line),), part=part)


def _readable(row: Row, event: Any, calendar: _Calendar) -> Iterator[Row]:
    told = replace(
        row, changed_at=values.changed_at(event), sequence=values.sequence(event), **_organizer(event, calendar)
    )
    title = titles.read(_summary(event))
    if _is_cancelled(event, calendar) or (title.state and title.is_off(_start_or_now(event, calendar, row.part))):
        yield from _cancelled(told, event, calendar)
        return
    title.refuse_unsettled("SUMMARY")
    status.refuse_tentative(event)
    whole = replace(told, repeats=None if row.part else repeats.read(event, calendar.zone))
    yield from _booked(whole, event, calendar)


def _is_cancelled(event: Any, calendar: _Calendar) -> bool:
    return (
        calendar.method == _CANCEL or status.says_cancelled(event) or titles.read(_summary(event)).state == titles.OFF
    )


def _summary(event: Any) -> str:
    return str(event.get("SUMMARY", "")).strip()


class _Organizer(TypedDict):
    organizer: str
    by_organizer: bool


def _organizer(event: Any, calendar: _Calendar) -> _Organizer:
    address = ics_people.organizer(event)
    mark = fingerprint(address, purpose="organizer") if address else ""
    return {"organizer": mark, "by_organizer": calendar.method == _CANCEL}


def _refuse_answers(method: str) -> None:
    if method in _ANSWERS:
        what = f"This is an answer to an invitation (METHOD:{method}) and says nothing of the visit itself."
        raise RowError("METHOD", what, "Nothing to do; export the calendar to read its visits.")


def _cancelled(row: Row, event: Any, calendar: _Calendar) -> Iterator[Row]:
    """Which visits are meant. Who would have come, and when, need not be said (RFC 5546 3.2.5)."""
    starts_at = _start_or_now(event, calendar, row.part)
    for name in _whose(event, calendar):
        booking = cancelled_one(_key(name, row.part), starts_at)
        yield replace(row, cancelled=True, booking=booking, part=_named(row.part, name))


def _whose(event: Any, calendar: _Calendar) -> list[str]:
    """Everybody's, unless an invitation was taken back from some only: then it names them and has no STATUS."""
    uid, seats = _uid(event), calendar.seats
    named = ics_people.named(event, calendar.business, calendar.staff)
    if named is None or status.says_cancelled(event) or titles.read(_summary(event)).state == titles.OFF:
        return seats.everybody(uid)
    found = seats.of(uid, [Person(name=one.name, phone=one.phone, email=one.email) for one in named])
    if found == []:
        what = "It takes back the invitation of somebody who has no visit here (RFC 5546); its visits stay as they are."
        raise RowError("ATTENDEE", what, "Nothing to do, unless the patient was meant: then cancel the visit here.")
    return [uid] if found is None else found


def _start_or_now(event: Any, calendar: _Calendar, part: Part | None) -> datetime:
    if values.value(event, "DTSTART") is not None:
        return values.moment(event, "DTSTART", calendar.zone)
    return part.since if part else clock.now()


def _booked(row: Row, event: Any, calendar: _Calendar) -> Iterator[Row]:
    """A visit for each patient whom something can be sent to; what is not taken over is said."""
    uid, seats = _uid(event), calendar.seats
    patients, left = _patients(event, calendar)
    names = seats.give(uid, [person for person, _ in patients]) if patients else seats.everybody(uid)
    for name, patient in zip(names, patients or [_NOBODY] * len(names), strict=True):
        yield _one(row, event, calendar, patient, name=name)
    if left:
        yield Row(line=row.line, problems=(_SEVERAL.at(row.line),))
    if patients and row.part is None and seats.leave_out(uid, names):
        yield Row(line=row.line, problems=(_NO_LONGER_INVITED.at(row.line),))


def _one(row: Row, event: Any, calendar: _Calendar, patient: _Patient, *, name: str) -> Row:
    part, lacking = _named(row.part, name), out_of_reach(patient[0])
    try:
        booking = _booking(event, calendar, patient, name=_key(name, row.part))
    except RowError as error:
        return Row(line=row.line, problems=(error.at(row.line),), part=part)
    return replace(row, booking=booking, part=part, unless_known=lacking.at(row.line) if lacking else None)


def _patients(event: Any, calendar: _Calendar) -> tuple[list[_Patient], int]:
    """Those who have a visit by this event, and how many others it may be for. The first may have the phone that the
    description says; of others only a phone of their own tells that they are patients and no company."""
    guests = ics_people.guests(event, calendar.business, calendar.staff) or [ics_people.Guest()]
    title = titles.read(_summary(event)).name
    if not guests[0].phone:
        said = phones.phone_in(str(event.get("DESCRIPTION", "")), calendar.business, guests[0].name or title)
        guests[0] = replace(guests[0], phone=said)
    people = [
        (Person(name=(one.name or title)[:200], phone=one.phone, email=one.email), title if one.name else "")
        for one in guests
    ]
    found = [one for at, one in enumerate(people) if one[0].phone or (one[0].email and not at)]
    return found, len(people) - len(found) if len(people) > 1 else 0


def _booking(event: Any, calendar: _Calendar, patient: _Patient, *, name: str) -> Booking:
    business, (person, service) = calendar.business, patient
    starts_at = values.moment(event, "DTSTART", calendar.zone)
    minutes = _minutes(event, starts_at, calendar.zone)
    written, there = values.clock_time(event, "DTSTART"), starts_at.astimezone(values.zone_named(business.timezone))
    refuse_whole_day((written, there), minutes, field="DTSTART")
    return Booking(
        source=IMPORTED,
        external_id=name,
        starts_at=starts_at,
        duration_minutes=minutes,
        person=checked_person(person, **own_number(business)),
        timezone=business.timezone,
        at_business=True,
        service=service[:200],
        location=str(event.get("LOCATION", "")).strip()[:200],
    )


def _uid(event: Any) -> str:
    uid = str(event.get("UID", "")).strip()
    if not uid:
        raise RowError("UID", "It has none, so ARO could not know it again.", "Export it from the calendar once more.")
    return checked_key(uid, field="UID")


def _key(name: str, part: Part | None) -> str:
    return parts.key(name, part.since) if part else name


def _named(part: Part | None, name: str) -> Part | None:
    return replace(part, uid=name) if part else None


def _minutes(event: Any, starts_at: datetime, zone: str) -> int:
    length = values.value(event, "DURATION")
    if event.get("DTEND") is not None:
        length = values.moment(event, "DTEND", zone) - starts_at
    if not isinstance(length, timedelta):
        length = _DEFAULT
    return checked_minutes(round(length.total_seconds() / 60), field="DTEND")
