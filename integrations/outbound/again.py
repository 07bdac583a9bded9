"""The same text once more on the same channel, where the carrier's code says that this may help: carried out here.

Some codes are worth one more try (the phone was off), some as long as the text still helps (a queue was full). Only
then does another channel take over, or a person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from appointments.models import Message
from appointments.services import messages
from aro.queue import due
from integrations.outbound import context
from integrations.outbound.waiting import waits
from integrations.providers.chosen import carrier_name
from integrations.providers.shared.base import Effect, RefusedError
from workflows.models import Execution

# Long enough for a phone to be switched on again.
ONCE_AFTER = timedelta(minutes=15)
# After the quick retries of the provider's policy.
LATER = timedelta(minutes=30)
# PAUSE_PROVIDER: the text is in order, the account is not; it goes out when somebody has seen to it.
WHILE_IT_HELPS = frozenset({Effect.RETRY_LATER, Effect.PAUSE_PROVIDER})


def at(message: Message, failure: RefusedError, *, attempt: int, now: datetime) -> datetime | None:
    """When it is tried again after so many hand-overs; None: not any more."""
    wait = _wait(carrier_name(message.channel), failure, attempt)
    return now + wait if wait is not None and context.still_helps(message, now + wait) else None


def plan(execution: Execution | None, message: Message, failure: RefusedError, now: datetime) -> bool:
    """After a carrier's report: plans the text anew on its channel. False when it is not tried again."""
    when = at(message, failure, attempt=execution.attempt, now=now) if execution is not None else None
    if execution is None or when is None or not _is_retried(failure):
        return False
    messages.try_again(message, code=failure.code, until=when)
    Execution.objects.filter(pk=execution.pk).update(
        status=Execution.Status.INTENT, lookups=0, provider_id="", error_code="", finished_at=None
    )
    due.put("executions", execution.id, when)
    return True


def _is_retried(failure: RefusedError) -> bool:
    return failure.effect == Effect.RETRY_ONCE or failure.effect in WHILE_IT_HELPS


def _wait(provider: str, failure: RefusedError, attempt: int) -> timedelta | None:
    if failure.effect == Effect.RETRY_ONCE:
        return ONCE_AFTER if attempt <= 1 else None
    if failure.permanent:
        return None
    if waits.is_retry_left(provider, attempt):
        return timedelta(seconds=waits.backoff(provider, attempt))
    return LATER if failure.effect in WHILE_IT_HELPS else None
