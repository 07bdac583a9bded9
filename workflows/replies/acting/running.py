"""The visits of a phone that begin now or have begun: until they are surely over, they are what is written about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from appointments import states
from appointments.models import Appointment
from appointments.services.visit import doubts, visits

# So long before a visit people write that they are late or stand at the door.
SOON: Final = timedelta(hours=1)
# No visit takes longer.
LONGEST: Final = timedelta(days=1)
_S = Appointment.Status
_GOING_ON: Final = (*states.LIVE, _S.IN_PROGRESS)
# What may have become of a visit that somebody writes they missed.
_MISSED: Final = (*_GOING_ON, _S.COMPLETED, _S.NO_SHOW)


def visits_at(address: str, *, now: datetime, tenant_id: str) -> list[Appointment]:
    """From an hour before the start until ARO would take a visit for over by itself."""
    near = _on(address, tenant_id, _GOING_ON, since=now - LONGEST, until=now + SOON)
    return [visit for visit in near if visits.ends_at(visit) + visits.COMPLETION_DELAY > now]


def just_over(address: str, *, now: datetime, tenant_id: str) -> list[Appointment]:
    """Those of the last day on which this phone had any, when it was not long ago, whatever was said of them since."""
    begun = _on(address, tenant_id, _MISSED, since=now - doubts.REGRET, until=now)
    days = [visit.starts_at.astimezone(ZoneInfo(visit.timezone)).date() for visit in begun]
    return [visit for visit, day in zip(begun, days, strict=True) if day == days[-1]]


def _on(address: str, tenant_id: str, status: tuple[_S, ...], *, since: datetime, until: datetime) -> list[Appointment]:
    if not address:
        return []
    found = Appointment.objects.filter(tenant_id=tenant_id, customer__phone=address, status__in=status)
    begun = found.filter(starts_at__gt=since, starts_at__lte=until)
    return list(begun.select_related("customer").order_by("starts_at", "id"))
