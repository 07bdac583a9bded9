"""When the offer of a next visit is welcome: not on the heels of a review request, not again, not to who has booked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from appointments import states
from appointments.models import Appointment, Message
from appointments.services import messages
from compliance.kinds import OFFER_AFTER_REVIEW, OFFERS_A_VISIT, Kind


def offer_from(visit: Appointment, now: datetime) -> datetime | None:
    """From when on an offer is welcome: a review request that had to wait comes some hours before it."""
    asked = visit.messages.filter(kind=Kind.REVIEW).order_by("-created_at").first()
    if asked is None:
        return None
    waits = asked.held_until if asked.status == Message.Status.HELD else None
    at = max(waits, now) if waits else asked.sent_at
    return at + OFFER_AFTER_REVIEW if at else None


def last_offer(message: Message, addresses: Collection[str]) -> datetime | None:
    """Of such an offer: when this person, or whoever shares the phone or mailbox, had another one."""
    return messages.last_of_its_kind(message, addresses) if message.kind == Kind.REBOOKING else None


def has_booked_again(visit: Appointment, kind: Kind, now: datetime) -> bool:
    """Whether the person has another visit ahead. Who missed one and had the next already is asked all the same."""
    if kind not in OFFERS_A_VISIT:
        return False
    ahead = Appointment.objects.filter(customer=visit.customer_id, status__in=states.UPCOMING, starts_at__gt=now)
    since = ahead.filter(created_at__gt=visit.starts_at) if kind == Kind.NO_SHOW_FOLLOWUP else ahead
    return since.exclude(pk=visit.pk).exists()
