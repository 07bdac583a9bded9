"""Is a day or hour that a reply names the visit's own? Typed values against the visit, never digits against digits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from compliance import phones
from workflows.replies.times.calendar import A_WEEK, covers, days_of, is_day, monday
from workflows.replies.times.parse import Parsed
from workflows.replies.times.values import (
    Bound,
    Clock,
    DayOfMonth,
    Either,
    InTime,
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

# Countries that write 12/3 for the third of December.
MONTH_FIRST: Final = frozenset(("US", "CA", "PH", "PR", "GU", "AS", "VI", "MP"))
# From so many days on, "next Tuesday" is no longer the one after it.
NEARLY_THERE: Final = 4
# Another hour so near to the visit's is rather when they arrive than another wish: a person looks.
NEAR_MINUTES: Final = 30
NEGATIONS: Final = frozenset(("not", "no", "never", "nunca"))
# "After the weekend" means one of so many days after it.
DAYS_AFTER: Final = 3
# Up to here a number may be an hour.
HOURS: Final = 12
# "In an hour" is no appointment to the minute.
SLACK_MINUTES: Final = 20


class Fit(Enum):
    """OWN: the visit's own. OTHER: plainly another one. OPEN: cannot be told. NEUTRAL: nothing to hold it against."""

    OWN = auto()
    OTHER = auto()
    OPEN = auto()
    NEUTRAL = auto()


class Facts(Protocol):
    """What is known about the visit that the reply may name."""

    def fit(self, value: Value, *, spanish: bool) -> Fit: ...

    def holds(self, mentions: tuple[Mention, ...]) -> bool:
        """Whether the days named can be one day: "Tuesday the 12th" when the 12th is no Tuesday cannot."""
        ...


@dataclass(frozen=True)
class VisitFacts:
    """`start` and `now` on the wall clock of the visit's zone. `named`: the weekdays that our own message named."""

    start: datetime
    now: datetime
    month_first: bool = True
    named: frozenset[int] = frozenset()

    @classmethod
    def of(cls, *, starts_at: datetime, now: datetime, zone: str) -> VisitFacts:
        """`zone`: the visit's IANA zone, which also tells how dates are written there."""
        local = ZoneInfo(zone)
        return cls(
            start=starts_at.astimezone(local),
            now=now.astimezone(local),
            month_first=phones.region_of(zone) in MONTH_FIRST,
        )

    @property
    def days_away(self) -> int:
        return (self.start.date() - self.now.date()).days

    @property
    def minute(self) -> int:
        return self.start.hour * 60 + self.start.minute

    def fit(self, value: Value, *, spanish: bool) -> Fit:
        if is_past(value):
            return Fit.OPEN
        match value:
            case Clock():
                return self._clock(value)
            case Part():
                return own(value.fits[0] <= self.minute < value.fits[1])
            case Weekday():
                return self._weekday(value)
            case MonthDay():
                return self._month_day(value, spanish=spanish)
            case Either():
                return either(self.fit(value.first, spanish=spanish), self.fit(value.second, spanish=spanish))
        return self._loosely(value)

    def comes_after(self, value: Value) -> bool:
        """Whether the visit is in the first days after that week or weekend."""
        if not isinstance(value, Period):
            return False
        last = days_of(value, today=self.now.date())[1]
        return last < self.start.date() <= last + timedelta(days=DAYS_AFTER)

    def holds(self, mentions: tuple[Mention, ...]) -> bool:
        days = [m.value for m in mentions if isinstance(m.value, Weekday | MonthDay | DayOfMonth)]
        if len({type(day) for day in days}) < 2 or len(days) > len({type(day) for day in days}):
            return True
        ahead = (self.now.date() + timedelta(days=n) for n in range(400))
        return any(all(is_day(day, date_) for day in days) for date_ in ahead)

    def _loosely(self, value: Value) -> Fit:
        if isinstance(value, DayOfMonth):
            return own(value.day == self.start.day)
        if isinstance(value, Relative):
            return own(value.days == self.days_away)
        if isinstance(value, InTime):
            away = (self.start - self.now).total_seconds() / 60 - value.minutes
            return own(abs(away) <= SLACK_MINUTES)
        if isinstance(value, Period):
            return Fit.OWN if covers(value, self.start.date(), today=self.now.date()) else Fit.OTHER
        return Fit.OWN if isinstance(value, Number) and self._number(value) else Fit.OPEN

    def _clock(self, clock: Clock) -> Fit:
        if self.minute in clock.readings:
            return Fit.OWN
        near = min(abs(self.minute - reading) for reading in clock.readings)
        same_hour = clock.minute == 0 and any(reading // 60 == self.start.hour for reading in clock.readings)
        return Fit.OPEN if near <= NEAR_MINUTES or same_hour else Fit.OTHER

    def _number(self, number: Number) -> bool:
        """Alone, 1 to 3 are answers to texts with choices, never hours."""
        return 3 < number.number <= 12 and self.minute in Clock(number.number).readings

    def _weekday(self, weekday: Weekday) -> Fit:
        if weekday.day != self.start.weekday():
            return Fit.OTHER
        if weekday.which is Which.NEXT:
            return self._next(weekday)
        if weekday.weeks:
            return self._a_week_on()
        if weekday.which is Which.THIS:
            return Fit.OWN if self.days_away <= A_WEEK else Fit.OTHER
        return Fit.OWN if self.days_away <= A_WEEK or weekday.day in self.named else Fit.OPEN

    def _a_week_on(self) -> Fit:
        """ "Thursday week" is the one after the coming one; said on a Thursday, a week from today or two."""
        return Fit.OPEN if self.days_away == 2 * A_WEEK else own(A_WEEK <= self.days_away < 2 * A_WEEK)

    def _next(self, weekday: Weekday) -> Fit:
        """ "Next Tuesday" said a few days before one can mean either; "Tuesday next week" cannot."""
        weeks = (monday(self.start.date()) - monday(self.now.date())).days // A_WEEK
        if weeks == 1 and (weekday.weeks or self.days_away >= NEARLY_THERE):
            return Fit.OWN
        return Fit.OPEN if weeks in (0, 1) and not weekday.weeks else Fit.OTHER

    def _month_day(self, day: MonthDay, *, spanish: bool) -> Fit:
        written, turned = self._is_start(day), day.other is not None and self._is_start(day.other)
        if day.other is None:
            return own(written)
        first, second = (written, turned) if self.month_first else (turned, written)
        if first or (second and spanish):
            return Fit.OWN
        return Fit.OPEN if second else Fit.OTHER

    def _is_start(self, day: MonthDay) -> bool:
        same = (day.month, day.day) == (self.start.month, self.start.day)
        return same and day.year in (None, self.start.year)


def fits(parsed: Parsed, facts: Facts, *, spanish: bool = False) -> tuple[Fit, ...]:
    """One per mention."""
    found = tuple(_fit(parsed, mention, facts, spanish=spanish) for mention in parsed.mentions)
    return tuple(_beside_its_date(parsed, found, at, facts) for at in range(len(found)))


def _beside_its_date(parsed: Parsed, found: tuple[Fit, ...], at: int, facts: Facts) -> Fit:
    """ "Monday Dec 7" is one day: another Monday than the visit's."""
    weekday = parsed.mentions[at]
    if not isinstance(weekday.value, Weekday) or found[at] is not Fit.OWN:
        return found[at]
    pairs = zip(parsed.mentions, found, strict=True)
    others = [one for one, fit in pairs if fit is Fit.OTHER and _is_date_beside(parsed, one, weekday)]
    return Fit.OTHER if any(facts.holds((weekday, one)) for one in others) else Fit.OWN


def _is_date_beside(parsed: Parsed, one: Mention, weekday: Mention) -> bool:
    """A small number without "the" may count anything."""
    if weekday.end != one.start and one.end != weekday.start:
        return False
    plainly = one.end - one.start > 1 or not parsed.tokens[one.start].isdigit()
    return isinstance(one.value, MonthDay) or (isinstance(one.value, DayOfMonth) and (one.value.day > HOURS or plainly))


def _fit(parsed: Parsed, mention: Mention, facts: Facts, *, spanish: bool) -> Fit:
    """As bounded; "after the weekend" and "I won't be there before 3" may be just the visit."""
    fit = facts.fit(mention.value, spanish=spanish)
    if mention.bound is Bound.AFTER and isinstance(facts, VisitFacts) and facts.comes_after(mention.value):
        return Fit.OPEN
    hour = isinstance(mention.value, Clock) and fit is Fit.OWN
    return Fit.OPEN if hour and _is_not_before(parsed, mention) else _bounded(mention, fit)


def _is_not_before(parsed: Parsed, mention: Mention) -> bool:
    denied = not NEGATIONS.isdisjoint(parsed.tokens[: mention.start])
    return mention.bound is Bound.FROM or (mention.bound is Bound.BEFORE and denied)


def _bounded(mention: Mention, fit: Fit) -> Fit:
    """ "After 3" is never just the visit at 3; "by 3" is."""
    if mention.bound in (Bound.AT, Bound.BY):
        return fit
    if isinstance(mention.value, Number) or fit is Fit.OPEN or mention.bound in (Bound.WEEK, Bound.SOME):
        return Fit.OPEN
    return Fit.OTHER


def is_past(value: Value) -> bool:
    """ "Yesterday", "last Tuesday" and "Tuesdays" name no day to come at."""
    if isinstance(value, Weekday):
        return value.which in (Which.PAST, Which.EVERY)
    return (isinstance(value, Relative) and value.days < 0) or (isinstance(value, Period) and value.ahead < 0)


def own(is_own: object) -> Fit:
    return Fit.OWN if is_own else Fit.OTHER


def either(first: Fit, second: Fit) -> Fit:
    """The likelier reading alone may confirm; where only the other one fits, nobody can tell."""
    if first is Fit.OWN:
        return Fit.OWN
    return Fit.OPEN if second is Fit.OWN or first is Fit.OPEN else first
