"""What a reply can say about time, as values: a clock time is never a day of the month."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

NOON: Final = 12 * 60
DAY: Final = 24 * 60
# A visit begins between these hours of the day: what "at 7" means when nobody says morning or evening.
FIRST_AFTERNOON_HOUR: Final = 7


class Half(Enum):
    AM = auto()
    PM = auto()


class Which(Enum):
    """Which of the many Tuesdays: any, this one, the one of next week, a past one, every one."""

    PLAIN = auto()
    THIS = auto()
    NEXT = auto()
    PAST = auto()
    EVERY = auto()


class Unit(Enum):
    WEEK = auto()
    WEEKEND = auto()
    MONTH = auto()


class Bound(Enum):
    """How a value bounds what is meant: "at 3", "after 3", "before 3", "from 3 on", "until 3", "by 3"."""

    AT = auto()
    AFTER = auto()
    BEFORE = auto()
    FROM = auto()
    UNTIL = auto()
    BY = auto()
    WEEK = auto()
    """The week of that day."""
    SOME = auto()
    """Any time of that day."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as it was written; `half` is None where the writer left the half of the day open."""

    hour: int
    minute: int = 0
    half: Half | None = None

    @property
    def readings(self) -> tuple[int, ...]:
        """The minutes after midnight that it can mean, the likelier one for a clinic first."""
        if self.half is not None:
            return (self.hour % 12 * 60 + self.minute + (NOON if self.half is Half.PM else 0),)
        if self.hour == 0 or self.hour > 12:
            return (self.hour % 24 * 60 + self.minute,)
        morning = self.hour % 12 * 60 + self.minute
        late = self.hour < FIRST_AFTERNOON_HOUR or self.hour == 12
        return (morning + NOON, morning) if late else (morning, morning + NOON)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day. `opens`, `closes`: what to offer, in minutes after midnight; `fits`: what may be called so."""

    name: str
    opens: int
    closes: int
    fits: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Weekday:
    """`day`: Monday is 0."""

    day: int
    which: Which = Which.PLAIN
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class MonthDay:
    month: int
    day: int
    year: int | None = None
    other: MonthDay | None = None
    """12/3 read the other way round, where both are dates."""


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    day: int


@dataclass(frozen=True, slots=True)
class Relative:
    """Days from today: 0 is today, 1 tomorrow, -1 yesterday."""

    days: int


@dataclass(frozen=True, slots=True)
class Period:
    """A week, a weekend or a month, so many from the present one; `month` when it has a name."""

    unit: Unit
    ahead: int = 0
    month: int | None = None


@dataclass(frozen=True, slots=True)
class InTime:
    """So many minutes from now."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Number:
    """A bare number beside nothing that tells whether it is an hour or a day."""

    number: int


@dataclass(frozen=True, slots=True)
class Either:
    """ "Tuesday 8": the likelier reading first."""

    first: Clock | DayOfMonth
    second: Clock | DayOfMonth


Day: TypeAlias = Weekday | MonthDay | DayOfMonth | Relative | Period
Value: TypeAlias = Clock | Part | Day | InTime | Number | Either
DAYS: Final = (Weekday, MonthDay, DayOfMonth, Relative, Period)


@dataclass(frozen=True, slots=True)
class Mention:
    """A value and the words it stands in: tokens `start` to `end`, with its preposition."""

    value: Value
    start: int
    end: int
    bound: Bound = Bound.AT
