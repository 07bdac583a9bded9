"""Makes visits of what repeats. A file says when all visits of a series take place, so what it no longer names is off.

A visit keeps the name that its time in the series gives it, wherever it was moved. Where the series as a whole gets
other times, the visit of a day goes on as that day's new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from appointments import states
from appointments.inbound import Booking
from appointments.models import BookingRef, Business
from appointments.services.booking.bookings import IMPORTED
from aro import clock
from integrations.imports.ics import parts as ics_parts
from integrations.imports.rows import MOST_ROWS, FileError, Part, Row, age, cancelled_one

# So far ahead a series becomes visits, and so many of them at most: what comes later is read by the next import.
DAYS_AHEAD = 180
MOST_VISITS = 200


@dataclass(frozen=True)
class _Visit:
    """A visit to come that a file brought. `at`: its time in the series."""

    name: str
    at: datetime
    starts_at: datetime
    sequence: int


@dataclass(frozen=True)
class _Around:
    """What else is known: the file's words about single visits of a series, and the visits, both by UID."""

    now: datetime
    zone: ZoneInfo
    parts: Mapping[str, Sequence[Part]]
    visits: Mapping[str, Sequence[_Visit]]

    @property
    def end(self) -> datetime:
        return self.now + timedelta(days=DAYS_AHEAD)

    def is_told_apart(self, uid: str, at: datetime) -> bool:
        """Whether the file has a word of its own about this visit."""
        return any(part.covers(at) for part in self.parts.get(uid, ()))

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def unfold(rows: Sequence[Row], business: Business) -> list[Row]:
    """Each series as its visits to come; other rows as they are. Raises `FileError`."""
    now = clock.now()
    around = _Around(now, ZoneInfo(business.timezone), _parts(rows), _visits(business, now))
    wholes = {row.booking.external_id: row for row in rows if row.booking and row.part is None}
    found: list[Row] = []
    for row in rows:
        if row.booking is None:
            found.append(row)
        elif row.part is not None:
            found.append(_one_of(row, row.part, wholes.get(row.part.uid)))
        else:
            found.extend(_visits_of(row, row.booking, around))
        if len(found) > MOST_ROWS:
            raise FileError(f"There are more than {MOST_ROWS} visits. Split the file.")
    return found


def _one_of(row: Row, part: Part, whole: Row | None) -> Row:
    """A visit with an event of its own. Where that names nobody, it is for whom the series is."""
    row = replace(row, cancelled=row.cancelled or _is_off(row, part, whole))
    if row.booking is None or row.unless_known is None or whole is None or whole.booking is None:
        return row
    if whole.cancelled or whole.unless_known:
        return row
    booking = replace(row.booking, person=whole.booking.person, service=whole.booking.service)
    return replace(row, booking=booking, unless_known=None)


def _is_off(row: Row, part: Part, whole: Row | None) -> bool:
    """Whether the series says so of one of its visits that has an event of its own."""
    if whole is None:
        return False
    off = whole.cancelled and age(whole) >= age(row)
    return off or bool(whole.repeats and whole.repeats.excludes(part.since))


def _parts(rows: Iterable[Row]) -> Mapping[str, list[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for part in (row.part for row in rows if row.part):
        found[part.uid].append(part)
    return found


def _visits(business: Business, now: datetime) -> Mapping[str, list[_Visit]]:
    refs = BookingRef.objects.filter(
        source=IMPORTED,
        moved_to="",
        appointment__tenant_id=business.tenant_id,
        appointment__status__in=states.UPCOMING,
        appointment__starts_at__gt=now,
    )
    found: dict[str, list[_Visit]] = defaultdict(list)
    for name, start, sequence in refs.values_list(
        "external_id", "appointment__starts_at", "appointment__source_sequence"
    ):
        uid, at = ics_parts.split(name)
        found[uid].append(_Visit(name, at or start, start, sequence))
    return found


def _visits_of(row: Row, booking: Booking, around: _Around) -> Iterator[Row]:
    """All visits that a row is about: those that it names, and those that it no longer does."""
    uid = booking.external_id
    known = {one.name: one for one in around.visits.get(uid, ()) if not around.is_told_apart(uid, one.at)}
    if row.cancelled:
        yield from [_off(row, one) for one in known.values() if one.name != uid] or [row]
        return
    times = _times(row, booking, around)
    gone = [one for one in known.values() if one.name not in times and one.at <= around.end]
    if row.sequence is not None and known and all(one.sequence > row.sequence for one in known.values()):
        # An older file: what was taken out of the series since does not come back, and nothing new is off.
        times, gone = {name: at for name, at in times.items() if name in known}, []
    yield from _joined(row, _coming(row, booking, times, around), gone, known, around)


def _times(row: Row, booking: Booking, around: _Around) -> dict[str, datetime]:
    """When the visits take place, by name, those that are over too."""
    if row.repeats is None:
        return {booking.external_id: booking.starts_at}
    return {ics_parts.key(booking.external_id, at): at for at in row.repeats.until(around.end)}


def _coming(row: Row, booking: Booking, times: Mapping[str, datetime], around: _Around) -> list[Row]:
    """A row for each; of a series that is over the last one, of one that begins later the series itself."""
    if row.repeats is None or booking.starts_at > around.end:
        return [row]
    uid = booking.external_id
    open_ones = [(name, at) for name, at in times.items() if not around.is_told_apart(uid, at)]
    coming = [(name, at) for name, at in open_ones if at > around.now][:MOST_VISITS] or open_ones[-1:]
    return [
        replace(row, repeats=None, of_series=True, booking=replace(booking, external_id=name, starts_at=at))
        for name, at in coming
    ]


def _joined(
    row: Row, coming: Iterable[Row], gone: list[_Visit], known: Container[str], around: _Around
) -> Iterator[Row]:
    """A visit that is gone goes on as a new one of its day; else it is off."""
    for one in coming:
        before = _of_its_day(one, gone, known, around)
        if before is not None:
            gone.remove(before)
        yield replace(one, before=before.name) if before else one
    yield from (_off(row, one) for one in gone)


def _of_its_day(row: Row, gone: Iterable[_Visit], known: Container[str], around: _Around) -> _Visit | None:
    booking = row.booking
    if booking is None or booking.external_id in known:
        return None
    day = around.day(booking.starts_at)
    same = [one for one in gone if around.day(one.at) == day]
    return min(same, key=lambda one: abs(one.starts_at - booking.starts_at), default=None)


def _off(row: Row, visit: _Visit) -> Row:
    booking = cancelled_one(visit.name, visit.starts_at)
    return replace(row, booking=booking, cancelled=True, repeats=None, of_series=True)
