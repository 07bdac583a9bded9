"""What is known of reviews: that one was written, or asked for. What it says is nobody's business here (16 CFR 465)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from appointments.models import Appointment, Customer, Message
from appointments.services import journal, messages
from aro.errors import ConflictError
from aro.models import Due
from compliance.kinds import Kind
from compliance.models import Event

SUBMITTED = "review.submitted"


def is_known(visit: Appointment) -> bool:
    """Whether somebody said already that the patient wrote a review of this visit."""
    return bool(_said([visit.id]))


def is_written(visit: Appointment, since: datetime) -> bool:
    """Whether the patient wrote one of this visit, or of another one since then: nobody asks them for it."""
    theirs = visit.customer.appointments.exclude(pk=visit.pk).order_by("-starts_at").values_list("pk", flat=True)
    return is_known(visit) or any(event.occurred_at >= since for event in _said(theirs[:50]))


def _said(visits: Iterable[UUID]) -> list[Event]:
    """Of these visits. What staff took back within its minute was never said: its event is neither told nor due."""
    events = Event.objects.filter(type=SUBMITTED, aggregate_type="appointment", aggregate_id__in=list(visits))
    found = list(events.select_related("position"))
    due = set(Due.objects.filter(lane="events", ref__in=[one.id for one in found]).values_list("ref", flat=True))
    return [one for one in found if hasattr(one, "position") or one.id in due]


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


def last_request(message: Message, addresses: Collection[str]) -> datetime | None:
    """Of a review request: when this person, or whoever shares the phone or mailbox, was asked for another one."""
    if message.kind != Kind.REVIEW or message.customer is None:
        return None
    # What the patient's row knows may be this very message, which is tried again.
    tried = message.failed_attempts.exists()
    known = (messages.last_of_its_kind(message, addresses), None if tried else message.customer.review_requested_at)
    return max((at for at in known if at is not None), default=None)
