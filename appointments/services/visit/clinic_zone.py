"""What becomes of the visits that are booked when the clinic's time zone is corrected.

A visit is a moment, and its texts say it on the clocks that the clinic had when it was booked. Only a person knows
whether those clocks were wrong.
"""

from __future__ import annotations

from django.db.models import QuerySet

from appointments import states
from appointments.models import Appointment
from aro import clock


def told_on(zone: str, *, tenant_id: str) -> QuerySet[Appointment]:
    """The visits to come whose texts say the hour of this zone."""
    return Appointment.objects.filter(
        tenant_id=tenant_id, status__in=states.UPCOMING, starts_at__gt=clock.now(), timezone=zone
    )


def tell_on(zone: str, *, instead_of: str, tenant_id: str) -> int:
    """From now on the texts of these visits say the hour of another zone; when they take place does not change."""
    return told_on(instead_of, tenant_id=tenant_id).update(timezone=zone, updated_at=clock.now())
