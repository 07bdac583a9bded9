"""What a stored delivery does, once: parse it, apply each piece of news, note the outcome on the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from appointments.inbound import Inbound
from appointments.services import businesses
from aro import due, rows
from aro.due import Claim, HopelessError
from integrations import dispatch
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from integrations.providers.base import Adapter, MalformedError, NeedsLookupError, Stored

LANE = "receipts"
# Receipts whose provider must be asked first. That is I/O, so they have a lane of their own, outside any transaction.
LOOKUP_LANE = "lookups"
# The order matters when one delivery carries several pieces of news: what did most is what the receipt says.
_WEIGHT = {"applied": 2, "stale": 1, "ignored": 0}


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """The lane `receipts`, in the caller's transaction. Raises `HopelessError` for what no retry can help."""
    receipts = {receipt.id: receipt for receipt in rows.fetch(Receipt, [claim.ref for claim in claims])}
    for claim in claims:
        receipt = receipts.get(claim.ref)
        if receipt is not None and receipt.outcome == Receipt.Outcome.PENDING:
            process(receipt, now=now)
    due.finish_many(claims)


def process(receipt: Receipt, *, now: datetime) -> None:
    """Applies the receipt in the caller's transaction, or passes it on when its provider must be asked first."""
    try:
        news = parse(ADAPTERS[receipt.source], stored(receipt))
    except NeedsLookupError:
        due.put(LOOKUP_LANE, receipt.id, now)
        return
    apply(receipt, news, now=now)


def on_dead(claim: Claim, error: Exception) -> None:
    """The dead letter has the reason; the receipt says that there is one."""
    code = getattr(error, "code", None) or type(error).__name__
    Receipt.objects.filter(pk=claim.ref).update(outcome=Receipt.Outcome.FAILED, detail=str(code)[:200])


def stored(receipt: Receipt) -> Stored:
    """What the adapter may read of the receipt."""
    return Stored(
        body=bytes(receipt.body),
        path_ref=receipt.path_ref,
        received_at=receipt.received_at,
        phone_question=businesses.current(receipt.tenant_id).phone_question,
    )


def parse(adapter: Adapter, what: Stored) -> list[Inbound]:
    """The news in it. Raises `HopelessError` when the body makes no sense: it will make none tomorrow."""
    try:
        return adapter.parse(what)
    except MalformedError as error:
        raise HopelessError("malformed", f"A signed delivery from {adapter.name} makes no sense: {error}.") from None


def apply(receipt: Receipt, news: Sequence[Inbound], *, now: datetime) -> None:
    """Applies all news and notes on the receipt what became of it. The receipt's id is the correlation id."""
    done = [dispatch.apply(one, correlation_id=receipt.id) for one in news]
    main = max(done, key=lambda one: _WEIGHT[one.outcome])
    receipt.outcome, receipt.detail, receipt.processed_at = main.outcome, main.detail[:200], now
    rows.save(receipt, "outcome", "detail", "processed_at")
