"""When what staff did to a visit is settled: not before it can no longer be taken back, and what the patient wrote
meanwhile has been read."""

from __future__ import annotations

from datetime import datetime, timedelta

from appointments.models import Appointment
from workflows.replies import postponed

# So long ago at most it was settled where a reply may still wait to be read; and so soon it is looked at again.
LATELY, SOON = timedelta(minutes=15), timedelta(seconds=5)


def until(visit: Appointment | None, now: datetime) -> datetime | None:
    """Until when texts about the visit wait; a moment that has passed, or None: they need not."""
    if visit is None or visit.settles_at is None or not now - LATELY < visit.settles_at <= now:
        return visit.settles_at if visit else None
    return now + SOON if postponed.waiting_at(visit.customer.phone, visit.tenant_id) else visit.settles_at
