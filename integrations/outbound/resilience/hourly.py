"""The cap over everything: so many messages in an hour, whoever they go to. Beyond it something is wrong, or somebody
is making ARO text for money."""

from __future__ import annotations

from datetime import datetime, timedelta

from aro.queue import rows
from integrations.models import HourlyCount

HOUR = timedelta(hours=1)
ALL = "all"


def so_far(now: datetime) -> HourlyCount:
    """How many have gone out. Nobody else counts until the transaction ends."""
    found = rows.first(HourlyCount, hold=True, name=ALL)
    if found is None:
        HourlyCount.objects.bulk_create([HourlyCount(name=ALL, hour=_hour(now))], ignore_conflicts=True)
        found = HourlyCount.objects.select_for_update().get(name=ALL)
    return found


def wait(known: HourlyCount, cap: int, now: datetime) -> float:
    """Seconds until the next hour when this one is used up, else 0."""
    full = known.hour == _hour(now) and known.count >= cap
    return (known.hour + HOUR - now).total_seconds() if full else 0.0


def count(known: HourlyCount, now: datetime) -> None:
    """One more has gone out."""
    hour = _hour(now)
    number = known.count if known.hour == hour else 0
    rows.update(HourlyCount, ("hour", "count"), [(hour, number + 1, ALL)], where=("name",))


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
