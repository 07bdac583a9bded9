"""What is known of reviews: that one was written. What it says is nobody's business here (16 CFR 465)."""

from __future__ import annotations

from datetime import datetime

from appointments.models import Appointment, Customer, Message
from appointments.services import journal
from aro.errors import ConflictError
from compliance.kinds import OFFER_AFTER_REVIEW, Kind
from compliance.models import Event

SUBMITTED = "review.submitted"


def is_known(visit: Appointment) -> bool:
    """Whether somebody said already that the patient wrote a review of this visit."""
    return Event.objects.filter(type=SUBMITTED, aggregate_type="appointment", aggregate_id=visit.id).exists()


def submitted(visit: Appointment, *, actor: str, actor_id: str = "") -> bool:
    """Somebody saw the review: the person is thanked once. False when it was known. Raises `ConflictError`."""
    if visit.status != Appointment.Status.COMPLETED:
        raise ConflictError("Only a visit that took place has a review. Complete the visit first.")
    if is_known(visit):
        return False
    visit.customer.review_status = Customer.ReviewStatus.SUBMITTED
    visit.customer.save(update_fields=["review_status", "updated_at"])
    journal.visit_event(SUBMITTED, visit, actor=actor, actor_id=actor_id)
    return True


def offer_from(visit: Appointment, now: datetime) -> datetime | None:
    """From when on an offer is welcome: a review request that had to wait comes some hours before it."""
    asked = visit.messages.filter(kind=Kind.REVIEW).order_by("-created_at").first()
    if asked is None:
        return None
    waits = asked.held_until if asked.status == Message.Status.HELD else None
    at = max(waits, now) if waits else asked.sent_at
    return at + OFFER_AFTER_REVIEW if at else None
