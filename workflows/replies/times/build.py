"""What each way of writing a day or an hour means; None for what is none, such as 13 pm or the 40th."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from workflows.replies.times import words as w
from workflows.replies.times.values import (
    Clock,
    DayOfMonth,
    Half,
    InTime,
    MonthDay,
    Number,
    Period,
    Relative,
    Unit,
    Value,
    Weekday,
    Which,
)

Found: TypeAlias = re.Match[str]
# A year outside of these is a birthday, not a visit.
_YEARS: Final = range(2024, 2050)


def _hour(word: str) -> int:
    return w.HOURS[word] if word in w.HOURS else int(word)


def _clock_of(hour: int, minute: int, half: Half | None) -> Clock | None:
    """None for what is no time of day, such as 13 pm, 0 am or 25:00."""
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    if hour > 12 or hour == 0:
        return Clock(hour % 24, minute) if half is None or (half is Half.PM and hour > 12) else None
    return Clock(hour, minute, half)


def _half(found: Found) -> Half | None:
    groups = found.groupdict()
    word = groups.get("half") or groups.get("part")
    return w.HALVES[word] if word else None


def clock(found: Found) -> Value | None:
    groups = found.groupdict()
    minute = groups.get("minute") or groups.get("minutes") or "0"
    return _with_twelve(_hour(found["hour"]), int(minute) if minute.isdigit() else w.MINUTES[minute], found)


def _with_twelve(hour: int, minute: int, found: Found) -> Clock | None:
    """ "12 at night" is midnight, "12 de la noche" too; of "martes 23 a mediodia" the 23 is no hour."""
    half, part = _half(found), found.groupdict().get("part")
    if part in ("noon", "mediodia") and hour not in (11, 12, 1, 2, 3):
        return None
    if hour == 12 and half is Half.PM and part in ("night", "noche"):
        half = Half.AM
    return _clock_of(hour, minute, half)


def run_together(found: Found) -> Value | None:
    """ "430" and "1030"; what ends in no round minute is a time only with its half of the day."""
    hour, minute, half = int(found["hour"]), int(found["minute"]), _half(found)
    if half is None and (minute % 5 or hour == 0 or hour > 23 or 2020 <= hour * 100 + minute <= 2049):
        return None
    return _clock_of(hour, minute, half)


def of_the_day(found: Found) -> Value | None:
    """ "Quince treinta", "las diecisiete": the hours of the afternoon in words."""
    word = found.groupdict().get("minutes")
    return _clock_of(w.AFTERNOON_HOURS[found["hour"]], w.MINUTES[word] if word else 0, None)


def moment(word: str) -> Clock:
    return Clock(12, 0, Half.PM) if w.MOMENTS[word] else Clock(0, 0)


def turned(found: Found) -> Value | None:
    turn, hour = found["turn"], _hour(found["hour"])
    if turn in ("half", "half past", "half after"):
        return _with_twelve(hour, 30, found)
    return _moved(hour, 15 if turn in ("quarter past", "quarter after") else -15, found)


def about_noon(found: Found) -> Value | None:
    minutes = {"half past": 30, "quarter past": 15, "quarter after": 15}.get(found["turn"], -15)
    return Clock(12, minutes, Half.PM) if minutes > 0 else Clock(11, 60 + minutes, Half.AM)


def away(found: Found) -> Value | None:
    word, away = found["away"], _minutes(found["away"])
    if word.isdigit() and found["hour"].isdigit() and found["side"] in ("to", "till") and away not in (5, 15, 20, 25):
        return None
    return _moved(_hour(found["hour"]), away if found["side"] in ("past", "after") else -away, found)


def spanish_away(found: Found) -> Value | None:
    away = _minutes(found["away"])
    if away % 5:
        return None
    return _moved(_hour(found["hour"]), -away if found["side"] == "menos" else away, found)


def _minutes(word: str) -> int:
    return int(word) if word.isdigit() else w.MINUTES[word]


def _moved(hour: int, minutes: int, found: Found) -> Clock | None:
    """So many minutes before or after a full hour; the half of the day belongs to the hour that was named."""
    base = _with_twelve(hour, 0, found)
    if base is None or abs(minutes) > 59:
        return None
    if minutes >= 0:
        return Clock(base.hour, minutes, base.half)
    if base.hour == 12:
        return Clock(11, 60 + minutes, _before_twelve(base.half, found))
    return Clock(base.hour - 1 or 12, 60 + minutes, base.half)


def _before_twelve(half: Half | None, found: Found) -> Half | None:
    """ "Quarter to 12 pm" is in the morning, and so is "in the morning"; "12 am" is midnight."""
    if half is None or found.groupdict().get("part"):
        return half
    return Half.AM if half is Half.PM else Half.PM


def _date(month: int, day: int, year: str | None) -> MonthDay | None:
    if not (1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)):
        return None
    full = int(year) + (2000 if len(year) == 2 else 0) if year else None
    return MonthDay(month, day, full) if full is None or full in _YEARS else None


def month_day(found: Found) -> Value | None:
    return _date(w.MONTHS[found["month"]], _ordinal(found["date"]), found["year"])


def day_month(found: Found) -> Value | None:
    groups = found.groupdict()
    if found["month"] in ("may", "march") and not groups.get("of") and not re.match(r"\d+(?:st|nd|rd|th)", found[0]):
        return None
    return _date(w.MONTHS[found["month"]], _ordinal(found["date"]), found["year"])


def _ordinal(word: str) -> int:
    return int(word) if word.isdigit() else w.ORDINALS[word]


def iso(found: Found) -> Value | None:
    return _date(int(found["month"]), int(found["date"]), found["year"])


def slashed(found: Found) -> Value | None:
    """Month first, as in the United States; `other` is the day first, and `fit` decides which of them counts."""
    one, two, year = int(found["one"]), int(found["two"]), found["year"]
    month_first, day_first = _date(one, two, year), _date(two, one, year)
    if month_first is None or day_first is None or one == two:
        return month_first or day_first
    return MonthDay(month_first.month, month_first.day, month_first.year, other=day_first)


def day_of_month(day: int) -> Value | None:
    return DayOfMonth(day) if 1 <= day <= 31 else None


_WHICH: Final[dict[str, Which]] = (
    dict.fromkeys(("last", "pasado"), Which.PAST)
    | dict.fromkeys(("every", "each", "todos los", "cada"), Which.EVERY)
    | dict.fromkeys(("this", "this coming", "coming", "this next", "este", "this week", "de esta semana"), Which.THIS)
)


def weekday(found: Found) -> Value | None:
    which = found.groupdict().get("which")
    if found.groupdict().get("plural") and which is None and not found["day"].endswith("s"):
        return Weekday(w.WEEKDAYS[found["day"]], Which.EVERY)
    if which is None:
        return Weekday(w.WEEKDAYS[found["day"]])
    if which in ("next week", "of next week") or "semana" in which:
        return next_week(found) if which != "de esta semana" else Weekday(w.WEEKDAYS[found["day"]], Which.THIS)
    return Weekday(w.WEEKDAYS[found["day"]], _WHICH.get(which, Which.NEXT))


def next_week(found: Found) -> Value:
    return Weekday(w.WEEKDAYS[found["day"]], Which.NEXT, weeks=1)


def in_time(found: Found) -> Value | None:
    word, unit = found["count"], found["unit"]
    count = int(word) if word.isdigit() else w.COUNTS[word]
    if unit.startswith("minut"):
        return InTime(count)
    if unit.startswith("ho"):
        return InTime(count * 60)
    if unit.startswith("d"):
        return Relative(count)
    return Period(Unit.MONTH if unit.startswith("m") else Unit.WEEK, count)


def period(found: Found) -> Value:
    which, word = found["which"], found["unit"]
    unit = Unit.WEEKEND if word in ("weekend", "fin de semana") else Unit.MONTH if word[0] == "m" else Unit.WEEK
    if which in ("this", "esta", "este"):
        return Period(unit)
    return Period(unit, {"last": -1, "after next": 2}.get(which, 1))


def number(word: str) -> Value | None:
    number = _hour(word)
    return Number(number) if 1 <= number <= 31 else None
