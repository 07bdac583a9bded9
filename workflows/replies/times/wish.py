"""The wish in a reply: for every window that it names, days on the calendar and minutes of the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from workflows.replies.text.normalize import plain
from workflows.replies.times.calendar import A_WEEK, days_of, is_day, monday
from workflows.replies.times.drafts import Draft, drafts
from workflows.replies.times.fit import Fit, VisitFacts, is_past
from workflows.replies.times.parse import parse
from workflows.replies.times.values import (
    DAY,
    NOON,
    Bound,
    Clock,
    DayOfMonth,
    Either,
    InTime,
    Mention,
    MonthDay,
    Part,
    Period,
    Relative,
    Value,
    Weekday,
    Which,
)
from workflows.replies.times.windows import Window

MOST_WINDOWS: Final = 6
_A_YEAR: Final = 400
Span: TypeAlias = tuple[date | None, date | None]
Minutes: TypeAlias = tuple[int | None, int | None]


def wished(
    text: str, *, now: datetime, visit: VisitFacts | None = None, former: Sequence[datetime] = ()
) -> tuple[Window, ...]:
    """The windows that `text` asks for. `now`: on the wall clock of the visit's place. `visit`: its time is no wish.
    `former`: the times that it had, on the same clock; a weekday that one of them was on means that day."""
    found = [draft for draft in drafts(parse(plain(text))) if not _is_past(draft)]
    asked = [draft for draft in found if not draft.refused]
    others = [draft for draft in asked if not _is_own(draft, visit)] or asked
    windows = [_window(_dated(draft, former), now, visit) for draft in others] or [*_complements(found)]
    return tuple(dict.fromkeys(window for window in windows if window != Window()))[:MOST_WINDOWS]


def _dated(draft: Draft, former: Sequence[datetime]) -> Draft:
    """ "Friday at 11" with the date of the visit that was on a Friday at eleven; another hour is of any Friday."""
    if len(draft.days) != 1 or not _is_any_weekday(draft.days[0]):
        return draft
    day, hours = draft.days[0], [hour.value for hour in draft.hours]
    for start in former:
        minute = start.hour * 60 + start.minute
        same_hour = all(isinstance(hour, Clock) and minute in hour.readings for hour in hours)
        if is_day(day.value, start.date()) and same_hour:
            return replace(draft, days=[replace(day, value=MonthDay(start.month, start.day))])
    return draft


def _is_any_weekday(day: Mention) -> bool:
    value = day.value
    plain_one = isinstance(value, Weekday) and value.which is Which.PLAIN and not value.weeks
    return plain_one and day.bound is Bound.AT


def _is_past(draft: Draft) -> bool:
    return any(is_past(day.value) and not _is_every(day.value) for day in draft.days)


def _is_every(value: Value) -> bool:
    return isinstance(value, Weekday) and value.which is Which.EVERY


def _is_own(draft: Draft, visit: VisitFacts | None) -> bool:
    if visit is None or draft.alternative or any(mention.bound is not Bound.AT for mention in draft.mentions):
        return False
    return all(visit.fit(mention.value, spanish=True) is Fit.OWN for mention in draft.mentions)


def _complements(found: Iterable[Draft]) -> Iterable[Window]:
    """ "Mornings do not work": the afternoon does."""
    for part in (hour.value for draft in found for hour in draft.hours if isinstance(hour.value, Part)):
        yield Window(opens=part.closes) if part.closes <= NOON else Window(closes=part.opens)


def _window(draft: Draft, now: datetime, visit: VisitFacts | None) -> Window:
    soon = next((hour.value for hour in draft.hours if isinstance(hour.value, InTime)), None)
    if soon is not None:
        then = now + timedelta(minutes=soon.minutes)
        return Window(then.date(), then.date(), then.hour * 60 + then.minute, then.hour * 60 + then.minute)
    opens, closes = _minutes([hour for hour in draft.hours if not isinstance(hour.value, InTime)])
    every = next((day.value for day in draft.days if _is_every(day.value)), None)
    if isinstance(every, Weekday):
        return Window(None, None, opens, closes, every.day)
    first, last = _days(draft.days, now.date(), month_first=visit is None or visit.month_first)
    return Window(first, last, opens, closes)


def _days(days: list[Mention], today: date, *, month_first: bool) -> Span:
    """The days that all mentions allow; two of one kind, or a bound, make a range."""
    values = [replace(day, value=_written(day.value, month_first=month_first)) for day in days]
    if not values:
        return None, None
    if len(values) > 1 and all(day.bound is Bound.AT for day in values) and not _is_range(values):
        return _together([day.value for day in values], today)
    spans = [_bounded(day, _span(day.value, today)) for day in values]
    if _is_range(values):
        first = spans[0][0]
        return first, _span(values[1].value, first or today)[1]
    return spans[0]


def _is_range(days: list[Mention]) -> bool:
    return len(days) == 2 and (days[1].bound is Bound.UNTIL or type(days[0].value) is type(days[1].value))  # noqa: PLR2004


def _written(value: Value, *, month_first: bool) -> Value:
    if isinstance(value, Either):
        return value.first if isinstance(value.first, DayOfMonth) else value.second
    if isinstance(value, MonthDay) and value.other is not None and not month_first:
        return replace(value.other, other=None)
    return replace(value, other=None) if isinstance(value, MonthDay) else value


def _together(values: list[Value], today: date) -> Span:
    """ "Tuesday the 8th": the first day that is both. "Next week, Tuesday": the Tuesday of that week."""
    spans = [_span(value, today) for value in values if isinstance(value, Period | Relative)]
    first, last = spans[0] if spans else (today, today + timedelta(days=_A_YEAR))
    first, last = first or today, last or today + timedelta(days=_A_YEAR)
    exact = [value for value in values if not isinstance(value, Period | Relative)]
    ahead = (first + timedelta(days=n) for n in range((last - first).days + 1))
    day = next((day for day in ahead if all(is_day(value, day) for value in exact)), None)
    return (first, last) if not exact else (day, day) if day else _span(exact[0], today)


def _bounded(mention: Mention, span: Span) -> Span:
    first, last = span
    one = timedelta(days=1)
    match mention.bound:
        case Bound.AFTER:
            return (last + one if last else None), None
        case Bound.FROM:
            return first, None
        case Bound.BEFORE:
            return None, (first - one if first else None)
        case Bound.UNTIL | Bound.BY:
            return None, last
        case Bound.WEEK if first:
            return monday(first), monday(first) + timedelta(days=A_WEEK - 1)
    return span


def _span(value: Value, today: date) -> Span:
    match value:
        case Relative():
            day = today + timedelta(days=value.days)
            return day, day
        case Period():
            return days_of(value, today=today)
        case Weekday():
            day = _weekday(value, today)
            return day, day
        case MonthDay() | DayOfMonth():
            day_ = _next_date(value, today)
            return day_, day_
    return None, None


def _weekday(value: Weekday, today: date) -> date:
    """The next one of its name after today; "next Tuesday" and "Tuesday next week" are in the following week."""
    if value.which is Which.NEXT:
        return monday(today) + timedelta(days=A_WEEK + value.day)
    ahead = (value.day - today.weekday() - 1) % A_WEEK + 1
    if value.weeks and ahead == A_WEEK:
        return today + timedelta(days=A_WEEK * value.weeks)
    return today + timedelta(days=ahead + A_WEEK * value.weeks)


def _next_date(value: MonthDay | DayOfMonth, today: date) -> date | None:
    days = (today + timedelta(days=n) for n in range(_A_YEAR))
    year = value.year if isinstance(value, MonthDay) else None
    return next((day for day in days if is_day(value, day) and year in (None, day.year)), None)


def _minutes(hours: list[Mention]) -> Minutes:
    part = next((hour.value for hour in hours if isinstance(hour.value, Part)), None)
    clocks = [hour for hour in hours if isinstance(hour.value, Clock | Either)]
    if not clocks:
        return _of_part(part, hours[0].bound) if part and hours else (None, None)
    opens: int | None = None
    closes: int | None = None
    for hour in clocks:
        minute = _minute(hour.value, part, after=opens)
        if hour.bound in (Bound.AFTER, Bound.FROM):
            opens = minute
        elif hour.bound in (Bound.BEFORE, Bound.UNTIL, Bound.BY):
            closes = minute
        else:
            opens = closes = minute
    return opens, closes


def _of_part(part: Part, bound: Bound) -> Minutes:
    opens, closes = part.opens or None, part.closes if part.closes < DAY else None
    if bound is Bound.AFTER:
        return closes, None
    if bound is Bound.BEFORE:
        return None, opens
    if bound is Bound.FROM:
        return opens, None
    return (None, closes) if bound is Bound.UNTIL else (opens, closes)


def _minute(value: Value, part: Part | None, *, after: int | None) -> int:
    clock = value if isinstance(value, Clock) else value.first if isinstance(value, Either) else None
    readings = clock.readings if isinstance(clock, Clock) else (0,)
    fitting = [reading for reading in readings if part and part.fits[0] <= reading < part.fits[1]]
    later = [reading for reading in readings if after is not None and reading > after]
    return (fitting or later or list(readings))[0]
