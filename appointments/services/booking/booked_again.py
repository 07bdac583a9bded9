"""A visit that was cancelled at the booking system is booked there again, under the same id: it stands again.

News as old as the cancellation is the first booking, told late or once more. A visit that was only ever heard of as
cancelled is waiting for just that. What staff cancelled here is not revived by whatever the booking system still has.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from appointments import states
from appointments.inbound import Applied, Booking
from appointments.models import Appointment
from appointments.services import businesses, escalations
from appointments.services.booking import booking_rows as rows
from appointments.services.booking import booking_zones
from appointments.services.booking.booking_names import Name
from appointments.services.visit import opening_hours, standing_again
from aro import clock
from compliance.models import Actor

STILL_BOOKED: Final = "still_booked"
TOLD_LATE = Applied(outcome="stale", detail="its booking, told late")
STANDS = Applied(outcome="applied", detail="booked again")


def booked(visit: Appointment, name: Name, booking: Booking, occurred_at: datetime, correlation_id: UUID) -> Applied:
    """Of a cancelled visit. `occurred_at` is not before the newest news of it."""
    if rows.is_shadow(visit) or not _is_newer(visit, occurred_at) or booking.starts_at <= clock.now():
        return TOLD_LATE
    if _who_cancelled(visit) != Actor.WEBHOOK:
        return _tell(visit, occurred_at)
    stand_again(visit, name, booking, occurred_at, correlation_id)
    return STANDS


def stand_again(visit: Appointment, name: Name, booking: Booking, occurred_at: datetime, correlation_id: UUID) -> None:
    """Booked at this time from now on, and confirmed by text like a new booking: what was said of it is over."""
    business = businesses.current(visit.tenant_id)
    rows.correct_person(visit, booking)
    visit.source_version_at = occurred_at
    rows.take_name(visit, name, booking)
    booking_zones.set_anew(visit, booking)
    visit.booked_at, visit.time_set_at = occurred_at, min(occurred_at, clock.now())
    standing_again.book_again(visit, actor=Actor.WEBHOOK, correlation_id=correlation_id)
    rows.welcome(visit, business)
    opening_hours.tell_if_closed(visit, business)


def _is_newer(visit: Appointment, occurred_at: datetime) -> bool:
    """Than the cancellation. Of the same moment what came later counts as newer, unless it is as old as the booking."""
    cancelled_at = visit.source_version_at
    if cancelled_at is None or occurred_at > cancelled_at:
        return True
    return occurred_at == cancelled_at and occurred_at > visit.booked_at and _who_cancelled(visit) == Actor.WEBHOOK


def _who_cancelled(visit: Appointment) -> str:
    last = visit.history.filter(after=states.S.CANCELLED).order_by("-at", "-id").first()
    return last.actor if last else ""


def _tell(visit: Appointment, occurred_at: datetime) -> Applied:
    """Once: the booking system may repeat it as long as nobody cancels there as well."""
    visit.source_version_at, visit.source_status = occurred_at, states.S.BOOKED
    visit.save(update_fields=["source_version_at", "source_status", "updated_at"])
    key = f"{STILL_BOOKED}:{visit.id}"
    if not escalations.is_known(key, tenant_id=visit.tenant_id):
        escalations.escalate(key=key, reason=STILL_BOOKED, appointment=visit, tenant_id=visit.tenant_id)
    return Applied(outcome="applied", detail="cancelled here, and booked at the booking system")
