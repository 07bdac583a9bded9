"""What a file says, row by row: a booking, or what is wrong with the row and how to put it right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Protocol, TypedDict, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appointments import names
from appointments.inbound import Booking, Person
from appointments.models import Business
from appointments.services.booking.bookings import IMPORTED
from compliance import phones
from compliance.models import Purpose

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_KEY = 200
LONGEST_MINUTES = 24 * 60
_WHOLE_DAY = 23 * 60
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
# Programs write the first or the last date that they know for "none" and "never": 0001-01-01, 1900-01-00, 9999-12-31.
# Those cannot even be brought to another time zone. Every day since the first of these is counted in a wink.
YEARS = range(1970, 2200)

Day = TypeVar("Day", bound=date)


class FileError(Exception):
    """The file as a whole cannot be read. The text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """`field` is the column or property; `what` never quotes the person's data."""

    line: int
    field: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.what} {self.fix}"


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """Consent that the file says was given."""

    purpose: Purpose
    at: datetime | None = None
    wording: str = ""


class Repeats(Protocol):
    """When a visit that repeats takes place. All times aware, UTC."""

    def until(self, end: datetime) -> Iterator[datetime]:
        """From the first one on, in their order; `end` may be one of them."""

    def excludes(self, moment: datetime) -> bool:
        """Whether the file says that none takes place at this time."""


@dataclass(frozen=True)
class Part:
    """What of a series a row is about: visits whose time in the series is from `since` to `until`, both included."""

    uid: str
    since: datetime
    until: datetime

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment <= self.until


@dataclass(frozen=True, kw_only=True)
class Row:
    """`booking` is None exactly when there are problems. `changed_at`: of the visit there, if known. `sequence`: its
    count of changes, where the file has one.

    `part`: it is about one visit of a series, or is not clear about which. `repeats`: about all of a series.
    `before`: what the visit was called before the series got other times. `of_series`: it was made of a series' rule.
    `unless_known`: what is wrong with it if its visit is not known. `organizer`: a fingerprint of who runs the event;
    `by_organizer`: nobody else may cancel it so.
    """

    line: int
    booking: Booking | None = None
    cancelled: bool = False
    changed_at: datetime | None = None
    sequence: int | None = None
    agreed: tuple[Agreed, ...] = ()
    problems: tuple[Problem, ...] = ()
    part: Part | None = None
    repeats: Repeats | None = None
    before: str = ""
    of_series: bool = False
    unless_known: Problem | None = None
    organizer: str = ""
    by_organizer: bool = False


def cancelled_one(name: str, starts_at: datetime) -> Booking:
    """A visit of which no more need be known than that it does not take place."""
    return Booking(source=IMPORTED, external_id=name, starts_at=starts_at, duration_minutes=30, person=Person())


class RowError(Exception):
    """One thing that is wrong with a row."""

    def __init__(self, field: str, what: str, fix: str) -> None:
        super().__init__(f"{field}: {what}")
        self.field, self.what, self.fix = field, what, fix

    def at(self, line: int) -> Problem:
        return Problem(line=line, field=self.field, what=self.what, fix=self.fix)


def local(wall: datetime, zone: str, *, field: str) -> datetime:
    """A clock time in a zone as UTC. A time that the clocks skip is an error; of one that comes twice, the first."""
    try:
        there = wall.replace(tzinfo=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RowError("timezone", "This is no time zone.", "Write an IANA name such as America/New_York.") from None
    moment = utc(there, field=field)
    if moment.astimezone(there.tzinfo).replace(tzinfo=None) != wall:
        raise RowError(field, "The clocks skip this time that day.", "Correct the time, or give it with an offset.")
    return moment


def utc(moment: datetime, *, field: str) -> datetime:
    """An aware time as UTC. Raises `RowError`."""
    return checked_year(moment, field=field).astimezone(UTC)


def checked_year(day: Day, *, field: str) -> Day:
    """Raises `RowError` for a day on which nobody comes."""
    if day.year not in YEARS:
        raise RowError(field, f"The year {day.year:04} is none of a visit.", "Correct the date, or leave it out.")
    return day


def checked_person(person: Person, *, region: str, ours: str) -> Person:
    """The person, if the phone is theirs and is one. `ours` is the business's own number, E.164. Raises `RowError`."""
    if person.phone and ours and phones.normalise(person.phone, region) == ours:
        raise RowError("phone", "This is the clinic's own number.", "Write the patient's, or leave it empty.")
    if person.phone and not phones.normalise(person.phone, region):
        raise RowError("phone", "This is no phone number.", "Write it with its country code, e.g. +12125550142.")
    return person


def out_of_reach(person: Person) -> RowError | None:
    """What is wrong with a new visit of somebody whom nothing can be sent to. One that is known has all it needs."""
    if person.phone or person.email:
        return None
    what = "There is neither a phone nor an e-mail address, and the visit is not known yet."
    return RowError("phone", what, "Add one, or leave the row out.")


class OwnNumber(TypedDict):
    """The clinic's number, and the country whose rules it and others are read by."""

    region: str
    ours: str


def own_number(business: Business) -> OwnNumber:
    region = phones.region_of(business.timezone)
    return {"region": region, "ours": phones.normalise(business.phone, region)}


def checked_minutes(minutes: int, *, field: str) -> int:
    """Raises `RowError`."""
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise RowError(field, "This is no length of a visit.", f"Write minutes from 1 to {LONGEST_MINUTES}.")
    return minutes


def refuse_whole_day(starts: Iterable[datetime], minutes: int, *, field: str) -> None:
    """From midnight to midnight on some clock, whatever the clocks do in between. Raises `RowError`."""
    if minutes >= _WHOLE_DAY and any(one.time() == time.min for one in starts):
        raise RowError(field, "It is a whole day, from midnight to midnight.", "Give it a time, or leave it out.")


def plain(text: str) -> str:
    """Lower case, no accents, one blank between words."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.split(r"[\s_\-]+", "".join(one for one in letters if not unicodedata.combining(one)))).strip()


def checked_key(key: str, *, field: str) -> str:
    """Raises `RowError`."""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise RowError(field, "This id cannot be kept.", f"Use at most {LONGEST_KEY} ordinary characters.")
    return key


def newest(rows: Iterable[Row]) -> list[Row]:
    """Of several states of one visit the newest: the highest SEQUENCE, then the newest time stamp."""
    found: dict[str, Row] = {}
    for row in rows:
        key = _key(row)
        before = found.get(key)
        if before is None or age(row) > age(before):
            found[key] = row
        elif age(row) == age(before) and replace(row, line=0) != replace(before, line=0):
            found[f"line {row.line}"] = row
    return sorted(found.values(), key=lambda one: one.line)


def _key(row: Row) -> str:
    return row.booking.external_id if row.booking else f"line {row.line} {row.problems}"


def age(row: Row) -> tuple[int, datetime]:
    """Greater is newer."""
    return row.sequence or 0, row.changed_at or _LONG_AGO


def without_repeats(rows: Iterable[Row]) -> list[Row]:
    """The rows, but one whose id was there before is a problem: ARO could not know which of them holds."""
    first: dict[str, Row] = {}
    found: list[Row] = []
    for row in rows:
        key = _key(row)
        before = first.setdefault(key, row)
        found.append(row if before is row else replace(row, booking=None, problems=(_repeated(row, before),)))
    return found


def _repeated(row: Row, before: Row) -> Problem:
    named = [one.booking.person.name for one in (row, before) if one.booking]
    if len(named) == 2 and not names.compatible(*named):  # noqa: PLR2004
        what = f"Line {before.line} has the same id with another person."
        return Problem(line=row.line, field="id", what=what, fix="Give each of the two visits an id of its own.")
    what = f"The same visit is in line {before.line} already."
    return Problem(line=row.line, field="id", what=what, fix="Keep one of them.")
