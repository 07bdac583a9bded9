"""When a visit takes place that repeats (RFC 5545 3.8.5). It keeps its clock time when the clocks change."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final

from dateutil.rrule import rruleset, rrulestr

from integrations.imports.ics import values
from integrations.imports.rows import YEARS, Repeats, RowError, checked_year

_TELLS: Final = ("RRULE", "RDATE", "EXDATE", "EXRULE")
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})
_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SINGLE = "Export each visit as an event of its own."


@dataclass(frozen=True)
class Rule(Repeats):
    """`first`, `more` and `without` are clock times in `zone`, without a zone of their own."""

    first: datetime
    zone: tzinfo
    rules: tuple[str, ...]
    more: tuple[datetime, ...]
    without: frozenset[datetime]
    without_days: frozenset[date]

    def until(self, end: datetime) -> Iterator[datetime]:
        last, seen = _at(end, self.zone) + timedelta(days=1), set()
        for wall in self._times():
            if wall > last:
                return
            # A time that the clocks skip is meant by the offset before (RFC 5545 3.3.5); of one that comes twice, the
            # first.
            moment = wall.replace(tzinfo=self.zone).astimezone(UTC)
            if moment <= end and moment not in seen and not self._is_left_out(wall):
                seen.add(moment)
                yield moment

    def excludes(self, moment: datetime) -> bool:
        return self._is_left_out(_at(moment, self.zone))

    def _is_left_out(self, wall: datetime) -> bool:
        return wall in self.without or wall.date() in self.without_days

    def _times(self) -> Iterator[datetime]:
        times = rruleset()
        times.rdate(self.first)
        for more in self.more:
            times.rdate(more)
        for rule in self.rules:
            times.rrule(rrulestr(rule, dtstart=self.first))
        return iter(times)


def read(event: Any, zone: str) -> Rule | None:
    """None for an event that takes place once. Raises `RowError`."""
    if not any(name in event for name in _TELLS):
        return None
    values.refuse_broken(event, *_TELLS)
    if "EXRULE" in event:
        raise RowError("EXRULE", "A rule for what is left out is not read.", _SINGLE)
    start = values.clock_time(event, "DTSTART")
    there = start.tzinfo or values.zone_named(zone)
    first = start.replace(tzinfo=None)
    without, more = list(_dates(event, "EXDATE", there)), list(_dates(event, "RDATE", there))
    return Rule(
        first=first,
        zone=there,
        rules=tuple(_rule(one, first, there) for one in values.every(event, "RRULE")),
        more=tuple(one if isinstance(one, datetime) else datetime.combine(one, first.time()) for one in more),
        without=frozenset(one for one in without if isinstance(one, datetime)),
        without_days=frozenset(one for one in without if not isinstance(one, datetime)),
    )


def _at(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _dates(event: Any, name: str, zone: tzinfo) -> Iterator[date]:
    """Clock times, or whole days."""
    for one in (each.dt for group in values.every(event, name) for each in group.dts):
        if isinstance(one, date):
            checked_year(one, field=name)
            yield _at(one, zone) if isinstance(one, datetime) and one.tzinfo else one
        else:
            raise RowError(name, "It gives a length of its own.", _SINGLE)


def _rule(found: Mapping[str, Any], first: datetime, zone: tzinfo) -> str:
    """The rule at the clocks of `zone`. Raises `RowError`."""
    parts = {name.upper(): value for name, value in found.items()}
    _refuse_what_is_no_visit(parts)
    if "UNTIL" in parts:
        parts["UNTIL"] = [_last(parts["UNTIL"][0], zone)]
    text = ";".join(f"{name}={','.join(map(_written, value))}" for name, value in parts.items())
    _refuse_another_first(text, parts, first)
    return text


def _written(value: Any) -> str:
    return f"{value:%Y%m%dT%H%M%S}" if isinstance(value, datetime) else str(value).upper()


def _refuse_what_is_no_visit(parts: Mapping[str, Any]) -> None:
    if not _FREQUENCIES.issuperset(map(str, parts.get("FREQ", ("",)))) or set(parts) - _PARTS:
        raise RowError("RRULE", "Visits that repeat in this way are not read.", _SINGLE)
    if any(not 1 <= int(one) <= 1000 for one in parts.get("INTERVAL", ())) or {"COUNT", "UNTIL"} <= set(parts):
        raise RowError("RRULE", "This rule contradicts itself.", values.AGAIN)


def _last(until: date, zone: tzinfo) -> datetime:
    """A day is meant to its end."""
    until = _within_reach(until)
    if not isinstance(until, datetime):
        return datetime.combine(until, datetime.max.time()).replace(microsecond=0)
    return _at(until, zone) if until.tzinfo else until


def _within_reach(until: date) -> date:
    """The first and the last days of the calendar stand for "never"; they cannot be brought to another zone."""
    year = min(max(until.year, YEARS.start - 1), YEARS.stop)
    return until if year == until.year else until.replace(year=year, day=1)


def _refuse_another_first(text: str, parts: Mapping[str, Any], first: datetime) -> None:
    """The first visit must be one of its rule's: else nobody knows which days are meant (a rule written for another
    zone), and a rule for days that never come would be followed to the end of the calendar."""
    try:
        fits = _fits(parts, first) and next(iter(rrulestr(text, dtstart=first)), None) == first
    except (ArithmeticError, ValueError, TypeError) as error:
        raise RowError("RRULE", "It cannot be read.", values.AGAIN) from error
    if not fits:
        raise RowError("RRULE", "Its first visit (DTSTART) is not on a day that its rule names.", values.AGAIN)


def _fits(parts: Mapping[str, Any], first: datetime) -> bool:
    left = first.day - calendar.monthrange(first.year, first.month)[1] - 1
    return (
        first.month in {int(one) for one in parts.get("BYMONTH", [first.month])}
        and bool({first.day, left} & {int(one) for one in parts.get("BYMONTHDAY", [first.day])})
        and _DAYS[first.weekday()] in {str(one)[-2:].upper() for one in parts.get("BYDAY", [_DAYS[first.weekday()]])}
    )
