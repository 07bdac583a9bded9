"""Unknown outcomes: the call left us and no usable answer came back, or the caller died.

Never a blind repeat. A status callback adopts the text at once. Else the provider's list is read twice, 30 s and 120 s
after the hand-over; a text found there is adopted; only one in neither reading is sent again, once. Then a person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from appointments.models import FailedAttempt, Message
from appointments.services import deliveries, messages
from aro import clock
from aro.queue import due
from aro.queue.due import Claim
from compliance.reasons import Reason
from integrations.outbound import channels, outcome
from integrations.outbound.waiting import pauses
from integrations.providers import chosen
from integrations.providers.shared.base import Accepted, ProviderFailure, RateLimitedError, RefusedError
from workflows.models import Execution

LOOK_AFTER = (timedelta(seconds=30), timedelta(seconds=120))
# The carrier's clock and ours may differ by this much.
CLOCK_MARGIN = timedelta(seconds=60)
MOST_HAND_OVERS = 2
RETRY_LOOKUP = timedelta(seconds=30)
St, Ex = Message.Status, Execution.Status


def mark(claim: Claim, execution: Execution, message: Message, now: datetime) -> None:
    """Notes that nobody knows, and when to look. In the caller's transaction."""
    Execution.objects.filter(pk=execution.pk).update(status=Ex.UNKNOWN)
    messages.advance(message, St.UNKNOWN)
    Message.objects.filter(pk=message.pk).update(reason=Reason.OUTCOME_UNKNOWN)
    due.again(claim, max(now, (execution.handed_over_at or now) + LOOK_AFTER[0]))


def settle(claim: Claim, execution: Execution, message: Message, now: datetime) -> None:
    """Looks whether the provider has the text, and goes on from what it says."""
    if execution.status == Ex.SENDING:
        with transaction.atomic():
            mark(claim, execution, message, now)
        return
    if not chosen.carrier(message.channel).finds:
        with transaction.atomic():
            _to_a_person(claim, execution, message)
        return
    try:
        found = _find(execution, message)
    except ProviderFailure as failure:
        with transaction.atomic():
            due.again(claim, clock.now() + RETRY_LOOKUP)
        _count(message, failure)
        return
    with transaction.atomic():
        _go_on(claim, execution, message, found)


def _count(message: Message, failure: ProviderFailure) -> None:
    """Who cannot even be asked is away: with little to send, the look-ups alone would fail unseen."""
    if not isinstance(failure, RateLimitedError | RefusedError):
        pauses.count_failure(message.channel, error="look-up failed", now=clock.now())


def _find(execution: Execution, message: Message) -> Accepted | None:
    at = execution.handed_over_at or execution.created_at
    templated = channels.is_templated(message.template)
    return chosen.carrier(message.channel).find(
        to=message.address,
        body=None if templated else message.body,
        channel=message.channel,
        at=at,
        since=at - CLOCK_MARGIN,
        known=_known(message, at - CLOCK_MARGIN),
        rivals=_rivals(execution, message, at - CLOCK_MARGIN) if templated else [],
    )


def _known(message: Message, since: datetime) -> set[str]:
    """What the carrier lists since then and belongs to other texts, or to attempts that were given up. A text may have
    been planned long before it went out, and one that failed has forgotten when it did."""
    others = Message.objects.filter(tenant_id=message.tenant_id, address=message.address).exclude(provider_id="")
    fresh = others.filter(Q(sent_at__gte=since) | Q(sent_at=None, created_at__gte=since))
    gone = FailedAttempt.objects.filter(message__address=message.address, at__gte=since).exclude(provider_id="")
    mine = message.failed_attempts.values_list("provider_id", flat=True) if message.fallbacks else ()
    return {*fresh.values_list("provider_id", flat=True), *gone.values_list("provider_id", flat=True), *mine}


def _rivals(execution: Execution, message: Message, since: datetime) -> list[datetime]:
    """When other texts to this phone were handed over that nobody knows the fate of either. What the carrier has worded
    cannot be told apart by its words, so it belongs to the one that was handed over nearest to it."""
    others = Execution.objects.filter(message__address=message.address, message__channel=message.channel)
    doubtful = others.filter(status__in=(Ex.SENDING, Ex.UNKNOWN), handed_over_at__gte=since).exclude(pk=execution.pk)
    return [at for at in doubtful.values_list("handed_over_at", flat=True) if at]


def _go_on(claim: Claim, execution: Execution, message: Message, found: Accepted | None) -> None:
    if found is not None:
        outcome.adopt(claim, execution, message, found)
        return
    seen = execution.lookups + 1
    Execution.objects.filter(pk=execution.pk).update(lookups=seen)
    if seen < len(LOOK_AFTER):
        due.again(claim, max(clock.now(), (execution.handed_over_at or clock.now()) + LOOK_AFTER[seen]))
    elif execution.attempt < MOST_HAND_OVERS:
        _send_again(claim, execution, message)
    else:
        _to_a_person(claim, execution, message)


def _send_again(claim: Claim, execution: Execution, message: Message) -> None:
    """In neither reading: the provider never had it."""
    Execution.objects.filter(pk=execution.pk).update(status=Ex.INTENT)
    Message.objects.filter(pk=message.pk).update(status=St.PLANNED, reason="", sent_at=None)
    due.again(claim, clock.now())


def _to_a_person(claim: Claim, execution: Execution, message: Message) -> None:
    due.finish(claim)
    Execution.objects.filter(pk=execution.pk).update(status=Ex.FAILED, error_code="outcome_unknown")
    messages.advance(message, St.FAILED, error_code="outcome_unknown")
    deliveries.tell_staff(message, "outcome_unknown", why="the provider never said whether it took the text")
