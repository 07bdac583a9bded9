"""News of a payment that came before the payment itself: nobody could know whose it was. It is read again then.

A dispute or a refund may name nothing but its payment, and deliveries keep no order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from appointments.inbound import Inbound, PaymentReported
from appointments.services.money import payment_reports
from aro.queue import due
from integrations.models import Receipt

# As long as a provider tries to deliver what it could not.
WITHIN = timedelta(days=3)
MOST = 500


def read_again(source: str, news: Sequence[Inbound], *, lane: str, now: datetime) -> None:
    """Gives back to `lane` what this provider told of these payments before."""
    known = [one.payment_intent.encode() for one in news if isinstance(one, PaymentReported) and one.outcome == "paid"]
    for receipt in _early(source, now) if any(known) else ():
        if any(payment and payment in bytes(receipt.body) for payment in known):
            receipt.outcome, receipt.detail, receipt.processed_at = Receipt.Outcome.PENDING, "", None
            receipt.save(update_fields=["outcome", "detail", "processed_at"])
            due.put(lane, receipt.id, now)


def _early(source: str, now: datetime) -> list[Receipt]:
    found = Receipt.objects.filter(
        source=source,
        outcome=Receipt.Outcome.IGNORED,
        detail=payment_reports.NOT_OURS.detail,
        received_at__gte=now - WITHIN,
    )
    return list(found.order_by("-received_at")[:MOST])
