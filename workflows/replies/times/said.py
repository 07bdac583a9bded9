"""Without the visit itself: a reply's days and hours against those that our own message named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from workflows.replies.times.fit import NEAR_MINUTES, Fit, either, is_past
from workflows.replies.times.parse import Parsed
from workflows.replies.times.values import (
    Clock,
    DayOfMonth,
    Either,
    Mention,
    MonthDay,
    Number,
    Part,
    Period,
    Relative,
    Value,
    Weekday,
    Which,
)


@dataclass(frozen=True)
class Said:
    """Without the visit itself: what our own message, read by the same parser, named."""

    ours: Parsed

    @cached_property
    def values(self) -> tuple[Value, ...]:
        return tuple(_flat(self.ours))

    def fit(self, value: Value, *, spanish: bool) -> Fit:
        if is_past(value):
            return Fit.OPEN
        if isinstance(value, Either):
            return either(self.fit(value.first, spanish=spanish), self.fit(value.second, spanish=spanish))
        if isinstance(value, Number):
            hours = [clock.readings for clock in self.values if isinstance(clock, Clock)]
            known = 3 < value.number <= 12 and any(set(hour) & set(Clock(value.number).readings) for hour in hours)
            return Fit.OWN if known else Fit.OPEN
        if isinstance(value, MonthDay) and not self._has_year(value):
            return Fit.OTHER
        comparable = [own for own in (_same(value, own) for own in self.values) if own is not None]
        if comparable:
            return Fit.OWN if any(comparable) else self._near(value)
        if value in (Relative(0), Relative(1)) and not any(isinstance(v, Relative) for v in self.values):
            return Fit.NEUTRAL
        return Fit.OTHER if isinstance(value, Period) and value.ahead else Fit.OPEN

    def _has_year(self, day: MonthDay) -> bool:
        """Our texts name no year, but the weekday that the date has in that year."""
        weekdays = {own.day for own in self.values if isinstance(own, Weekday)}
        if day.year is None or not weekdays or (day.month, day.day) == (2, 29):
            return True
        return date(day.year, day.month, day.day).weekday() in weekdays

    def _near(self, value: Value) -> Fit:
        if not isinstance(value, Clock):
            return Fit.OTHER
        ours = [reading for own in self.values if isinstance(own, Clock) for reading in own.readings[:1]]
        near = min(abs(one - reading) for one in ours for reading in value.readings) <= NEAR_MINUTES
        same = value.minute == 0 and any(one // 60 == reading // 60 for one in ours for reading in value.readings)
        return Fit.OPEN if near or same else Fit.OTHER

    def holds(self, mentions: tuple[Mention, ...]) -> bool:
        days = [m.value for m in mentions if isinstance(m.value, Weekday | MonthDay | DayOfMonth)]
        fits = {self.fit(day, spanish=False) for day in days}
        return not {Fit.OWN, Fit.OTHER} <= fits or len({type(day) for day in days}) == 1


def _flat(ours: Parsed) -> list[Value]:
    values: list[Value] = []
    for mention in ours.mentions:
        value = mention.value
        values += [value.first, value.second] if isinstance(value, Either) else [value]
        if isinstance(value, MonthDay):
            values.append(DayOfMonth(value.day))
    return [value for value in values if not isinstance(value, Number)]


def _same(value: Value, own: Value) -> bool | None:
    """None where the two cannot be compared."""
    match value, own:
        case Clock(), Clock():
            return bool(set(value.readings) & set(_said_readings(own)))
        case Part(), Clock():
            return any(value.fits[0] <= reading < value.fits[1] for reading in _said_readings(own))
        case Part(), Part():
            return value.name == own.name
        case Weekday(), Weekday():
            return _same_weekday(value, own)
        case MonthDay(), MonthDay():
            return (value.month, value.day) == (own.month, own.day)
        case (DayOfMonth(), DayOfMonth()) | (Relative(), Relative()) | (Period(), Period()):
            return value == own
        case _:
            return None


def _same_weekday(value: Weekday, own: Weekday) -> bool | None:
    """Ours without a "next" says nothing about theirs with one."""
    if value.day != own.day:
        return False
    if value.weeks != own.weeks:
        return None
    return True if value.which in (Which.PLAIN, Which.THIS, own.which) else None


def _said_readings(own: Clock) -> tuple[int, ...]:
    return own.readings if own.half is None else own.readings[:1]
