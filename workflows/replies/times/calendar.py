"""Which days a week, a month or a date can be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from workflows.replies.times.values import DayOfMonth, MonthDay, Period, Unit, Value, Weekday

A_WEEK: Final = 7


def is_day(value: Value, day: date) -> bool:
    """Whether a weekday, a date or a day of the month can be that day."""
    match value:
        case Weekday():
            return value.day == day.weekday()
        case MonthDay():
            either = ((value.month, value.day), (value.other.month, value.other.day)) if value.other else None
            return (day.month, day.day) in (either or ((value.month, value.day),))
        case DayOfMonth():
            return value.day == day.day
    return True


def covers(period: Period, day: date, *, today: date) -> bool:
    first, last = days_of(period, today=today)
    return first <= day <= last


def days_of(period: Period, *, today: date) -> tuple[date, date]:
    """First and last day. Weeks begin on Monday; what has passed of the present one is left out."""
    if period.unit is Unit.MONTH:
        return _month(period, today)
    start = monday(today) + timedelta(days=A_WEEK * period.ahead)
    if period.unit is Unit.WEEKEND:
        return start + timedelta(days=5), start + timedelta(days=6)
    return (today if period.ahead == 0 else start), start + timedelta(days=6)


def _month(period: Period, today: date) -> tuple[date, date]:
    months = today.year * 12 + today.month - 1 + period.ahead
    if period.month is not None:
        months = today.year * 12 + period.month - 1 + (12 if period.month < today.month else 0)
    first = date(months // 12, months % 12 + 1, 1)
    after = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return max(first, today) if period.month is None and period.ahead == 0 else first, after - timedelta(days=1)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
