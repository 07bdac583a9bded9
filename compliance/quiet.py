"""Quiet hours in the recipient's zone. Pure: no database, no settings, no clock.

Days change length twice a year: an opening time may not exist (the clock jumps over it) or exist twice. All results are
moments in UTC at which the wall clock in the zone truly shows an allowed time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SUNDAY = 6
MIDNIGHT = time(0)
# Today, a week of which only one day may open at all, and one more for a date that a zone skipped.
DAYS_AHEAD = 9


class NeverAllowedError(ValueError):
    """The hours exclude each other, so that no moment is ever allowed."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Allowed from `opens` up to, not including, `closes`, wall-clock time; equal times mean always.

    `opens` after `closes` runs over midnight. `within` narrows further: both have to allow a moment.
    """

    opens: time
    closes: time
    sunday_opens: time | None = None
    within: Hours | None = None

    def opening(self, day: date) -> time:
        """When texts may begin on that day."""
        if self.sunday_opens is not None and day.weekday() == SUNDAY:
            return self.sunday_opens
        return self.opens

    def allow(self, local: datetime) -> bool:
        """Whether a wall-clock time is allowed."""
        return self._own(local) and (self.within is None or self.within.allow(local))

    def _own(self, local: datetime) -> bool:
        opens, at = self.opening(local.date()), local.time()
        if self.opens == self.closes:
            return at >= opens or self.sunday_opens is None or local.weekday() != SUNDAY
        if self.opens > self.closes:
            return at >= opens or at < self.closes
        return opens <= at < self.closes

    def openings(self, day: date) -> set[time]:
        """Wall-clock times at which an allowed stretch may begin on that day."""
        return {self.opening(day)} | (self.within.openings(day) if self.within else set())


def next_allowed(moment: datetime, zone: str, hours: Hours) -> datetime:
    """`moment` itself when it is allowed in `zone`, else the earliest later moment that is; UTC.

    Raises `NeverAllowedError` when the hours leave no moment at all.
    """
    place, start = ZoneInfo(zone), moment.astimezone(UTC)
    if hours.allow(start.astimezone(place)):
        return start
    today = start.astimezone(place).date()
    for day in (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)):
        later = (c for c in _beginnings(day, place, hours) if c > start)
        # A beginning on the next day must not be preferred to that day's earlier ones.
        found = [c for c in later if (local := c.astimezone(place)).date() == day and hours.allow(local)]
        if found:
            return min(found)
    raise NeverAllowedError("The quiet hours leave no time to send. Correct them under Business or in policy.toml.")


def _beginnings(day: date, place: ZoneInfo, hours: Hours) -> Iterator[datetime]:
    """Moments of that day at which quiet hours may end: each opening (it may come twice) and a jump of the clock."""
    for opening in hours.openings(day):
        for fold in (0, 1):
            yield datetime.combine(day, opening.replace(fold=fold), tzinfo=place).astimezone(UTC)
    yield from _jump(day, place)


def _jump(day: date, place: ZoneInfo) -> Iterator[datetime]:
    """When the clock jumps on that day, if it does. Jumps come at whole seconds."""
    start = datetime.combine(day, MIDNIGHT, tzinfo=place).astimezone(UTC)
    low, high = 0, 86_400 * 2
    before = _offset(start, low, place)
    if _offset(start, high, place) == before:
        return
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(start, middle, place) == before else (low, middle)
    yield start + timedelta(seconds=high)


def _offset(start: datetime, seconds: int, place: ZoneInfo) -> timedelta | None:
    return (start + timedelta(seconds=seconds)).astimezone(place).utcoffset()
