"""A provider is away: staff are told once. It is back: what waited for it is due now, and the notice closes itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from appointments.case_reasons.words import because, happened, to_do
from appointments.models import Escalation, Message
from appointments.services import escalations
from aro import clock
from aro.models import Due
from aro.queue import hints
from compliance.models import Channel
from compliance.reasons import Reason
from integrations.outbound.resilience import gate
from integrations.outbound.waiting import looks
from integrations.providers.chosen import carrier_name
from workflows.commands.replays import EXECUTIONS
from workflows.models import Execution

WAITING = (Reason.PROVIDER_PAUSED, Reason.RATE_LIMITED)
# SQLite takes so many values in a list, and a transaction stays short.
AT_ONCE = 500


def count_failure(channel: str, *, error: str, now: datetime, at_once: bool = False) -> None:
    """A call did not reach the provider of this channel, or got no proper answer: `error` and `at_once` as for
    `gate.failed`. Whoever's failure opens the breaker tells staff in the same transaction: nobody after it does."""
    with transaction.atomic():
        if gate.failed(carrier_name(channel), error=error, now=now, at_once=at_once):
            _tell(channel)


def _tell(channel: str) -> None:
    """One case for staff."""
    escalations.escalate(
        key=f"provider_paused:{carrier_name(channel)}",
        reason="provider_paused",
        title=happened("provider_paused.email" if channel == Channel.EMAIL else "provider_paused"),
        next_step=to_do("provider_paused"),
        priority=escalations.HIGH,
    )


def over(provider: str) -> None:
    """In the caller's transaction. Running it again changes nothing."""
    for case in Escalation.objects.filter(key=f"provider_paused:{provider}", status=Escalation.Status.OPEN):
        escalations.resolve(case, by="aro", resolution=because("provider_back"))
    try_now(provider)


def try_now(provider: str) -> None:
    """Whatever waits for the provider is due at once, in the caller's transaction."""
    _now(_waiting(provider))


def sending_is_on_again() -> int:
    """Whatever the kill switch held is due at once, in the caller's transaction; returns how many texts wait."""
    held = Execution.objects.filter(status=Execution.Status.INTENT, message__status=Message.Status.HELD)
    waiting = held.filter(message__reason=Reason.KILL_SWITCH).order_by("created_at").values_list("pk", flat=True)
    _now(found := list(waiting))
    return len(found)


def _now(waiting: list[UUID]) -> None:
    for start in range(0, len(waiting), AT_ONCE):
        _wake(waiting[start : start + AT_ONCE])
    if waiting:
        hints.on_commit(EXECUTIONS)


def _waiting(provider: str) -> list[UUID]:
    """What was refused at the gate: intents, and look-ups whose time had come. Those on their way keep their own
    times."""
    channels = [channel for channel in Channel if carrier_name(channel) == provider]
    held = Q(status=Execution.Status.INTENT, message__status=Message.Status.HELD, message__reason__in=WAITING)
    found = Execution.objects.filter(held | looks.waiting(clock.now()), message__channel__in=channels)
    return list(found.order_by("created_at").values_list("pk", flat=True)) if channels else []


def _wake(refs: list[UUID]) -> None:
    now = clock.now()
    Due.objects.filter(lane=EXECUTIONS, ref__in=refs, lease=None, due_at__gt=now).update(due_at=now)
