"""When somebody would like to come, as typed windows that staff can work with; never the words they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Window:
    """Days `first` to `last` and minutes after midnight `opens` to `closes`, both included; None: no bound that way.

    `weekday` (Monday is 0): any such day ("Tuesdays"). `opens` equal to `closes`: just that time.
    """

    first: date | None = None
    last: date | None = None
    opens: int | None = None
    closes: int | None = None
    weekday: int | None = None

    @property
    def words(self) -> str:
        """ "Tuesday, Dec 8, after 15:00"."""
        return ", ".join(part for part in (self._day_words(), self._time_words()) if part)

    @property
    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "opens": _clock(self.opens),
            "closes": _clock(self.closes),
            "weekday": self.weekday,
            "words": self.words,
        }

    def _day_words(self) -> str:
        if self.weekday is not None:
            return f"{_DAYS[self.weekday]}s"
        if self.first and self.first == self.last:
            return _day(self.first)
        if self.first and self.last:
            return f"{_day(self.first)} to {_day(self.last)}"
        if self.first:
            return f"from {_day(self.first)} on"
        return f"until {_day(self.last)}" if self.last else ""

    def _time_words(self) -> str:
        if self.opens is not None and self.opens == self.closes:
            return f"at {_clock(self.opens)}"
        if self.opens is not None and self.closes is not None:
            return f"{_clock(self.opens)} to {_clock(self.closes)}"
        if self.opens is not None:
            return f"after {_clock(self.opens)}"
        return f"before {_clock(self.closes)}" if self.closes is not None else ""


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}"


def _clock(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"
