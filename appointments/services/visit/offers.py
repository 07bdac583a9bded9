"""When the offer of a next visit is welcome: not on the heels of a review request, not again, not to who has booked.

Each is a rule of a person and a phone, not of one visit: a family's visits end on one day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from appointments import states
from appointments.models import Appointment, Message
from appointments.services import messages
from compliance.kinds import OFFER_AFTER_REVIEW, OFFERS_A_VISIT, Kind


def welcome_from(message: Message, addresses: Collection[str], now: datetime) -> datetime | None:
    """Of an offer or a review request: from when on it is welcome, some hours after the other one to this person, or to
    whoever shares the phone or mailbox. An offer also keeps behind a request that is still to come."""
    if message.kind == Kind.REBOOKING:
        others = [max(at, now) for at in messages.still_to_come(Kind.REVIEW, message, addresses)]
        others += _reached(Kind.REVIEW, message, addresses)
    else:
        others = _reached(Kind.REBOOKING, message, addresses) if message.kind == Kind.REVIEW else []
    return max(others) + OFFER_AFTER_REVIEW if others else None


def _reached(kind: Kind, message: Message, addresses: Collection[str]) -> list[datetime]:
    last = messages.last_of(kind, message, addresses)
    return [last] if last else []


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
