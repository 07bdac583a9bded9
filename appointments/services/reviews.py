"""What is known of reviews: that one was written, or asked for. What it says is nobody's business here (16 CFR 465).

And of what follows: the offer of a next visit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from appointments import states
from appointments.models import Appointment, Customer, Message
from appointments.services import journal, messages
from aro.errors import ConflictError
from aro.models import Due
from compliance.kinds import OFFER_AFTER_REVIEW, OFFERS_A_VISIT, Kind
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


def offer_from(visit: Appointment, now: datetime) -> datetime | None:
    """From when on an offer is welcome: a review request that had to wait comes some hours before it."""
    asked = visit.messages.filter(kind=Kind.REVIEW).order_by("-created_at").first()
    if asked is None:
        return None
    waits = asked.held_until if asked.status == Message.Status.HELD else None
    at = max(waits, now) if waits else asked.sent_at
    return at + OFFER_AFTER_REVIEW if at else None


def last_request(message: Message, addresses: Collection[str]) -> datetime | None:
    """Of a review request: when this person, or whoever shares the phone or mailbox, was asked for another one."""
    if message.kind != Kind.REVIEW or message.customer is None:
        return None
    # What the patient's row knows may be this very message, which is tried again.
    tried = message.failed_attempts.exists()
    known = (_said_last(message, addresses), None if tried else message.customer.review_requested_at)
    return max((at for at in known if at is not None), default=None)


def last_offer(message: Message, addresses: Collection[str]) -> datetime | None:
    """The same of an offer of the next visit."""
    return _said_last(message, addresses) if message.kind == Kind.REBOOKING else None


def _said_last(message: Message, addresses: Collection[str]) -> datetime | None:
    whose = Q(address__in=addresses) | Q(customer=message.customer_id)
    said = Message.objects.filter(whose, tenant_id=message.tenant_id, kind=message.kind, status__in=messages.REACHED)
    return said.exclude(pk=message.pk).order_by("-sent_at").values_list("sent_at", flat=True).first()


def has_booked_again(visit: Appointment, kind: Kind, now: datetime) -> bool:
    """Whether the person has another visit ahead. Who missed one and had the next already is asked all the same."""
    if kind not in OFFERS_A_VISIT:
        return False
    ahead = Appointment.objects.filter(customer=visit.customer_id, status__in=states.UPCOMING, starts_at__gt=now)
    since = ahead.filter(created_at__gt=visit.starts_at) if kind == Kind.NO_SHOW_FOLLOWUP else ahead
    return since.exclude(pk=visit.pk).exists()
