"""When the clinic is open: a week of hours in its own zone, less its closed days. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from aro.desk.sentences import on, register, say
from compliance.quiet import Hours, next_allowed

MIDNIGHT: Final = "24:00"
# Whoever is closed for longer than this has no next opening that anybody would wait for.
DAYS_AHEAD: Final = 60
_WEEKDAYS: Final = (
    _("Mondays"),
    _("Tuesdays"),
    _("Wednesdays"),
    _("Thursdays"),
    _("Fridays"),
    _("Saturdays"),
    _("Sundays"),
)
register(
    "closed",
    {
        "day": _("{day} is a closed day ({name})"),
        "weekday": _("{time} on {day}: you are closed on {weekdays}"),
        "hours": _("{time} on {day}: you are open from {opens} to {closes} then"),
        **{str(number): words for number, words in enumerate(_WEEKDAYS)},
    },
)


@dataclass(frozen=True, kw_only=True)
class Day:
    """Open from `opens` up to, not including, `closes`, wall-clock time; `closes` None means until midnight."""

    opens: time
    closes: time | None

    def holds(self, at: time) -> bool:
        return self.opens <= at and (self.closes is None or at < self.closes)

    @property
    def closes_at(self) -> str:
        return f"{self.closes:%H:%M}" if self.closes else MIDNIGHT


@dataclass(frozen=True, kw_only=True)
class Opening:
    """`week`: hours by weekday, Monday is 0; a day without an entry is closed. `closed`: days off and their names."""

    zone: str
    week: Mapping[int, Day] = field(default_factory=dict)
    closed: Mapping[date, str] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        """Whether the clinic has hours at all: without any, no moment is outside of them."""
        return bool(self.week)

    def why_closed(self, moment: datetime) -> str:
        """Why nobody is there at `moment` (aware), in plain words; empty when somebody is."""
        local = moment.astimezone(ZoneInfo(self.zone))
        if (name := self.closed.get(local.date())) is not None:
            return say("closed.day", day=on(local.date()), name=name)
        if not self.is_set:
            return ""
        hours, when = self.week.get(local.weekday()), {"time": f"{local:%H:%M}", "day": on(local.date())}
        if hours is None:
            return say("closed.weekday", **when, weekdays=say(f"closed.{local.weekday()}"))
        if hours.holds(local.time()):
            return ""
        return say("closed.hours", **when, opens=f"{hours.opens:%H:%M}", closes=hours.closes_at)

    def is_day_off(self, moment: datetime) -> bool:
        """Whether nobody is there on the whole day of `moment` (aware)."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return local.date() in self.closed or (self.is_set and local.weekday() not in self.week)

    def next_open(self, moment: datetime) -> datetime | None:
        """`moment` itself when somebody is there, else the next opening, UTC; None when there is none for long."""
        if not self.why_closed(moment):
            return moment.astimezone(UTC)
        place = ZoneInfo(self.zone)
        today = moment.astimezone(place).date()
        for day in (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)):
            at = self._opens_on(day, place)
            if at is not None and at > moment:
                return at
        return None

    def _opens_on(self, day: date, place: ZoneInfo) -> datetime | None:
        hours = self.week.get(day.weekday(), None if self.is_set else Day(opens=time(0), closes=None))
        if hours is None or day in self.closed:
            return None
        return datetime.combine(day, hours.opens, tzinfo=place).astimezone(UTC)


def both_allow(opening: Opening, zone: str, hours: Hours, at: datetime) -> datetime | None:
    """The earliest moment from `at` on that the clinic's and the recipient's hours allow, if they ever meet; UTC.

    Raises `NeverAllowedError` when the recipient's hours leave no moment at all.
    """
    for _ahead in range(DAYS_AHEAD):
        open_at = opening.next_open(at)
        if open_at is None:
            return None
        at = next_allowed(open_at, zone, hours)
        if at == open_at:
            return at
    return None


def week_of(stored: Mapping[str, Any]) -> dict[int, Day]:
    """The hours as the business keeps them. A day that cannot be read is a closed one, as the form shows it."""
    found = {day: _day(stored.get(str(day))) for day in range(7)}
    return {day: hours for day, hours in found.items() if hours is not None}


def _day(stored: Any) -> Day | None:
    if not isinstance(stored, dict) or stored.get("closed"):
        return None
    try:
        opens = time.fromisoformat(stored["open"])
        closes = None if stored["close"] == MIDNIGHT else time.fromisoformat(stored["close"])
    except (KeyError, TypeError, ValueError):
        return None
    return Day(opens=opens, closes=closes) if closes is None or opens < closes else None
