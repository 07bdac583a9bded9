"""The cap over everything: so many messages in an hour, whoever they go to. Beyond it something is wrong, or somebody
is making ARO text for money."""

from __future__ import annotations

from datetime import datetime, timedelta

from integrations.models import HourlyCount

HOUR = timedelta(hours=1)
ALL = "all"


def wait(cap: int, now: datetime) -> float:
    """Seconds until the next hour when this one is used up, else 0. Nobody else counts until the transaction ends."""
    row = _locked(now)
    full = row.hour == _hour(now) and row.count >= cap
    return (row.hour + HOUR - now).total_seconds() if full else 0.0


def count(now: datetime) -> None:
    """One more has gone out."""
    row, hour = _locked(now), _hour(now)
    row.hour, row.count = hour, (row.count if row.hour == hour else 0) + 1
    row.save(update_fields=["hour", "count"])


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _locked(now: datetime) -> HourlyCount:
    rows = HourlyCount.objects.select_for_update()
    found = rows.filter(name=ALL).first()
    if found is None:
        HourlyCount.objects.bulk_create([HourlyCount(name=ALL, hour=_hour(now))], ignore_conflicts=True)
        found = rows.get(name=ALL)
    return found
