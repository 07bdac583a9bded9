"""Replaying deliveries: a receipt that was not applied is processed anew from the body that was stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from aro import clock
from aro.queue import due
from aro.queue.replay import Does, Replayer, Verdict, again, refused, unchanged
from integrations.inbound import receipts
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from workflows.commands.bus import Caller, Done, command
from workflows.commands.operators import answer, close_letters, locked

LANES = (receipts.LANE, receipts.LOOKUP_LANE)
_WORDS: dict[str, str] = {
    Receipt.Outcome.FAILED: "It is processed again.",
    Receipt.Outcome.IGNORED: "It is read again. It changes something only if ARO understands more than it did then.",
    Receipt.Outcome.STALE: "It is read again. It changes nothing while something newer is known.",
    Receipt.Outcome.PENDING: "It is waiting to be processed, and is made due now.",
}


def judge(receipt: Receipt) -> Verdict:
    """What replaying it would do; reads only."""
    if receipt.outcome == Receipt.Outcome.APPLIED:
        return unchanged("It was applied already.")
    if receipt.source not in ADAPTERS:
        return refused(f"Nothing in this release reads deliveries from {receipt.source}. Update ARO, then try again.")
    return again(_WORDS[receipt.outcome])


def prepare(ref: UUID, now: datetime) -> datetime:
    """Sets it back to pending, in the caller's transaction; what was applied meanwhile stays applied."""
    open_ones = Receipt.objects.filter(pk=ref).exclude(outcome=Receipt.Outcome.APPLIED)
    open_ones.update(outcome=Receipt.Outcome.PENDING, detail="", processed_at=None)
    return now


def _judge_of(ref: UUID) -> Verdict:
    receipt = Receipt.objects.defer("body").filter(pk=ref).first()
    return judge(receipt) if receipt else unchanged("The delivery is no longer there.")


REPLAYER = Replayer(judge=_judge_of, prepare=prepare)


@command("receipt.replay")
def replay(payload: dict[str, Any], caller: Caller) -> Done:
    """Makes a delivery due again. What was applied stays as it is, so replaying twice does it once."""
    receipt = locked(Receipt, payload, "receipt_id")
    verdict = judge(receipt)
    said, now = answer(verdict), clock.now()
    if verdict.does == Does.AGAIN:
        due.put(receipts.LANE, receipt.pk, prepare(receipt.pk, now))
        close_letters(LANES, receipt.pk, now)
    return Done(resource_type="receipt", resource_id=str(receipt.pk), before={"outcome": receipt.outcome}, after=said)
