"""The lane `executions`: carries out what was intended, once. Only what the allow-list names is ever run.

The transaction that marks an execution SENDING reads everything again under its locks; the call is made outside any
transaction; its outcome and its event are one more transaction. A worker that dies in between leaves SENDING behind,
and whoever finds that asks the provider before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from appointments.case_reasons.words import happened, to_do
from appointments.services import escalations
from aro.queue import due, rows
from aro.queue.due import Claim, HopelessError
from aro.queue.lanes import Lane
from integrations.outbound import emergency_alerts, messaging, nlp, outcome, payment_links
from integrations.outbound.waiting import bulk_share
from workflows.commands import replays
from workflows.emergency_alerts import ALERT
from workflows.models import Execution
from workflows.replies.acting.postponed import READ

Runner = Callable[[Claim, Execution, datetime], None]
# The permission manifest: deny by default.
PERMITTED: dict[str, Runner] = {
    "integration.messaging.send": messaging.run,
    payment_links.MAKE_LINK: payment_links.make_link,
    payment_links.SWITCH_OFF: payment_links.switch_off,
    "integration.nlp.classify_reply": nlp.run,
    READ: nlp.read_late,
    ALERT: emergency_alerts.run,
}
FINISHED = (Execution.Status.DONE, Execution.Status.FAILED)
THREADS = 16
BULK_THREADS = 6
_bulk = bulk_share.Places(BULK_THREADS)


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """Carries out one claimed execution."""
    for claim in claims:
        execution = _read(claim.ref)
        if execution is None or execution.status in FINISHED:
            due.finish(claim)
            continue
        if execution.command_type not in PERMITTED:
            raise HopelessError("not_permitted", f"{execution.command_type} is not on the list of permitted commands.")
        _run(claim, execution, now)


def _read(ref: UUID) -> Execution | None:
    """With its message, whose visit and person are read under their locks; else with its visit."""
    execution = rows.first(Execution, id=ref)
    if execution is None:
        return None
    rows.follow([execution], "message" if execution.message_id else "appointment")
    return execution


def _run(claim: Claim, execution: Execution, now: datetime) -> None:
    runner = PERMITTED[execution.command_type]
    if not bulk_share.is_bulk(execution):
        runner(claim, execution, now)
        return
    with _bulk.one() as wait:
        if not wait:
            runner(claim, execution, now)
            return
    with transaction.atomic():
        due.again(claim, now + timedelta(seconds=wait))


def on_dead(claim: Claim, error: Exception) -> None:
    """Our own fault kept it from being carried out: a person takes over."""
    execution = Execution.objects.select_related("message", "appointment").filter(pk=claim.ref).first()
    if execution is None:
        return
    Execution.objects.filter(pk=execution.pk).update(status=Execution.Status.FAILED, error_code=type(error).__name__)
    if execution.message is not None:
        outcome.give_up(execution.message, "internal")
    escalations.escalate(
        key=f"execution_failed:{execution.id}",
        reason="send_failed",
        title=happened("send_failed"),
        next_step=to_do("send_failed"),
        appointment=execution.appointment,
    )


LANE = Lane(
    name=replays.EXECUTIONS,
    handle=handle,
    batch=THREADS,
    threads=THREADS,
    max_attempts=8,
    lease_seconds=30,
    on_dead=on_dead,
    replayer=replays.EXECUTION_REPLAYER,
)
