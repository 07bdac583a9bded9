"""What a stored delivery does, once: parse it, apply each piece of news, note the outcome on the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import groupby
from uuid import UUID

from appointments.inbound import DeliveryReported, Inbound, ReplyReceived
from appointments.services import businesses, deliveries
from appointments.services.money import payment_reports
from aro.queue import due, rows
from aro.queue.due import Claim, HopelessError
from aro.queue.lanes import Handler
from integrations.inbound import early_news, routing
from integrations.models import Receipt
from integrations.outbound import callbacks
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Adapter, MalformedError, NeedsLookupError, Stored
from workflows.replies import loading

LANE = "receipts"
# Receipts whose provider must be asked first. That is I/O, so they have a lane of their own, outside any transaction.
LOOKUP_LANE = "lookups"
# What the receipt says of what became of it.
_NOTED = ("outcome", "detail", "processed_at")
# The order matters when one delivery carries several pieces of news: what did most is what the receipt says.
_WEIGHT = {"applied": 2, "stale": 1, "ignored": 0}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a delivery says, read outside any transaction: its news (None: its provider must be asked first), or why it
    cannot be read."""

    news: Sequence[Inbound] | None = None
    error: Exception | None = None


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """The lane `receipts`, in the caller's transaction. Raises `HopelessError` for what no retry can help."""
    ahead(claims)(claims, now)


def ahead(claims: Sequence[Claim]) -> Handler:
    """Reads what the claims are about before the transaction that applies it."""
    receipts = {receipt.id: receipt for receipt in rows.fetch(Receipt, [claim.ref for claim in claims])}
    pending = [one for one in receipts.values() if one.outcome == Receipt.Outcome.PENDING]
    question = cache(_question)  # of this batch only: whose copy is old is never in doubt
    return partial(_apply_all, receipts, {one.id: read(one, question) for one in pending})


def _question(tenant_id: str) -> str:
    return businesses.current(tenant_id).phone_question


def _apply_all(
    receipts: Mapping[UUID, Receipt], readings: Mapping[UUID, Reading], claims: Sequence[Claim], now: datetime
) -> None:
    # First: whoever lost a claim meanwhile applies nothing that the other one applies, too.
    due.finish_many(claims)
    told = [(receipts[claim.ref], readings[claim.ref]) for claim in claims if claim.ref in readings]
    for of_texts, some in groupby(told, key=lambda one: _tells_of_a_text(one[1])):
        if of_texts:
            _apply_reports(list(some), now)
            continue
        for receipt, reading in some:
            process(receipt, reading, now=now)


def _tells_of_a_text(reading: Reading) -> bool:
    """Whether all that it says is how far a text has come. What a failure means, each has to itself."""
    match reading.news:
        case [DeliveryReported(status=status)]:
            return status not in deliveries.NOT_ARRIVED
    return False


def _apply_reports(told: Sequence[tuple[Receipt, Reading]], now: datetime) -> None:
    """`process` for reports that follow one another."""
    done = callbacks.progressed([one for _, reading in told for one in reading.news or ()])  # type: ignore[misc]
    noted = [(one.outcome, one.detail[:200], now, receipt.id) for one, (receipt, _) in zip(done, told, strict=True)]
    rows.update(Receipt, _NOTED, noted, where=("id",))


def read(receipt: Receipt, question: Callable[[str], str] = _question) -> Reading:
    """Reads a delivery. Raises nothing: its error is for the transaction that would have applied it."""
    try:
        news = parse(ADAPTERS[receipt.source], stored(receipt, question))
        if any(isinstance(one, ReplyReceived) for one in news):
            loading.load()  # soon after a start: here nobody else waits, as they would for the transaction
        return Reading(news=news)
    except NeedsLookupError:
        return Reading()
    except Exception as error:  # noqa: BLE001 - whatever a body does to its reader is recorded with the body
        return Reading(error=error)


def process(receipt: Receipt, reading: Reading, *, now: datetime) -> None:
    """Applies what was read in the caller's transaction, or passes it on when its provider must be asked first.

    Raises the reading's error.
    """
    if reading.error is not None:
        raise reading.error
    if reading.news is None:
        due.put(LOOKUP_LANE, receipt.id, now)
        return
    apply(receipt, reading.news, now=now)


def on_dead(claim: Claim, error: Exception) -> None:
    """The dead letter has the reason; the receipt says that there is one."""
    code = getattr(error, "code", None) or type(error).__name__
    Receipt.objects.filter(pk=claim.ref).update(outcome=Receipt.Outcome.FAILED, detail=str(code)[:200])


def stored(receipt: Receipt, question: Callable[[str], str] = _question) -> Stored:
    """What the adapter may read of the receipt."""
    return Stored(
        body=bytes(receipt.body),
        path_ref=receipt.path_ref,
        received_at=receipt.received_at,
        phone_question=question(receipt.tenant_id),
    )


def parse(adapter: Adapter, what: Stored) -> list[Inbound]:
    """The news in it. Raises `HopelessError` when the body makes no sense: it will make none tomorrow."""
    try:
        return adapter.parse(what)
    except MalformedError as error:
        raise HopelessError("malformed", f"A signed delivery from {adapter.name} makes no sense: {error}.") from None


def apply(receipt: Receipt, news: Sequence[Inbound], *, now: datetime) -> None:
    """Applies all news and notes on the receipt what became of it. The receipt's id is the correlation id."""
    done = [routing.apply(one, correlation_id=receipt.id) for one in news]
    if payment_reports.NOT_OURS not in done:
        early_news.read_again(receipt.source, news, lane=LANE, now=now)
    main = max(done, key=lambda one: _WEIGHT[one.outcome])
    receipt.outcome, receipt.detail, receipt.processed_at = main.outcome, main.detail[:200], now
    rows.save(receipt, *_NOTED)
