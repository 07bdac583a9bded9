"""Walks Acuity's list of appointments: it has no cursor and no times, only days and a most.

The standing ones come first, then the cancelled ones, because one question answers for one of both.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from appointments.inbound import Inbound
from integrations.providers.acuity import api
from integrations.providers.shared import fields
from integrations.providers.shared.base import MalformedError, Window

DAYS = 7
DAY = timedelta(days=1)
_CURSOR = re.compile(r"(standing|canceled) (\d{4}-\d{2}-\d{2}) ([17])", re.ASCII)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Step:
    """The days asked for: `days` from `first`, in the account's zone, whichever that is."""

    first: date
    days: int = DAYS
    canceled: bool = False

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    def __str__(self) -> str:
        return f"{'canceled' if self.canceled else 'standing'} {self.first.isoformat()} {self.days}"


def rows(window: Window, cursor: str) -> tuple[list[dict[str, Any]], str]:
    """A page of the window's appointments, and the next cursor. Raises `ProviderFailure`."""
    step = _step(cursor) or _Step(_first_day(window))
    found = api.appointments(first=step.first, last=step.last, canceled=step.canceled)
    if len(found) in api.CUT_OFF and step.days > 1:
        return [], str(replace(step, days=1))  # there may be more than were told: ask day by day
    if len(found) in api.CUT_OFF:
        logger.warning("Acuity's list of one day may be longer than it can tell", extra={"rows": len(found)})
    return [row for row in found if _within(row, window)], _next(step, window)


def read(listed: Sequence[dict[str, Any]], told: Callable[[dict[str, Any]], Inbound]) -> tuple[list[Inbound], int]:
    """The news of each row, and how many rows made no sense."""
    news: list[Inbound] = []
    for row in listed:
        try:
            news.append(told(row))
        except MalformedError:
            logger.warning("an appointment of Acuity's list makes no sense and is left out")
    return news, len(listed) - len(news)


def _step(cursor: str) -> _Step | None:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        return None
    try:
        return _Step(date.fromisoformat(found.group(2)), int(found.group(3)), found.group(1) == "canceled")
    except ValueError:
        return None


def _next(step: _Step, window: Window) -> str:
    after = _Step(step.last + DAY, canceled=step.canceled)
    if after.first <= window.starts_until.date() + DAY:
        return str(after)
    return "" if step.canceled else str(_Step(_first_day(window), canceled=True))


def _first_day(window: Window) -> date:
    """A day early: the account's zone may be behind UTC."""
    return window.starts_from.date() - DAY


def _within(row: dict[str, Any], window: Window) -> bool:
    """Also what has no time: that is counted as unreadable, not overlooked."""
    starts_at = fields.moment(row, "datetime")
    return starts_at is None or window.starts_from <= starts_at < window.starts_until
