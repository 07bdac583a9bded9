"""Messages from people that have come and are not stored as messages yet, or could not be: nobody has read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from appointments.inbound import ReplyReceived
from appointments.services import businesses
from aro.models import DeadLetter, Due
from aro.queue.due import HopelessError
from compliance import phones
from integrations.inbound import receipts
from integrations.models import Receipt
from integrations.providers import ADAPTERS

# A crowd of them is looked at from the newest on.
MOST = 500


def senders(tenant_id: str, since: datetime) -> dict[str, datetime]:
    """Who wrote them, by phone, with the newest one's time. One that makes no sense has no sender."""
    waiting = list(_waiting(tenant_id, since))
    region = phones.region_of(businesses.current(tenant_id).timezone) if waiting else ""
    found: dict[str, datetime] = {}
    for receipt in waiting:
        for news in _replies(receipt):
            sender = phones.normalise(news.sender, region) or news.sender
            found[sender] = max(receipt.received_at, found.get(sender, receipt.received_at))
    return found


def _waiting(tenant_id: str, since: datetime) -> Iterator[Receipt]:
    """Those still due, and those given up that nobody has put away: both are few, however many there ever were."""
    still_due = Due.objects.filter(lane=receipts.LANE).values("ref")
    given_up = DeadLetter.objects.filter(lane=receipts.LANE, archived_at=None).values("ref")
    yield from Receipt.objects.filter(
        Q(pk__in=still_due) | Q(pk__in=given_up),
        tenant_id=tenant_id,
        source__in=[name for name, adapter in ADAPTERS.items() if adapter.at_once],
        outcome__in=[Receipt.Outcome.PENDING, Receipt.Outcome.FAILED],
        received_at__gte=since,
    ).order_by("-received_at")[:MOST]


def _replies(receipt: Receipt) -> Iterator[ReplyReceived]:
    try:
        news = receipts.parse(ADAPTERS[receipt.source], receipts.stored(receipt))
    except HopelessError:
        return
    yield from (one for one in news if isinstance(one, ReplyReceived))
