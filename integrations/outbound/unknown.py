"""Unknown outcomes: the call left us and no usable answer came back, or the caller died.

Never a blind repeat. A report with our execution's id adopts the text at once. Else it depends on what the carrier can:

- look-up: its list is read twice, 30 s and 120 s after the hand-over, or when its pause is over. A text found there is
  adopted; only one in neither reading is sent again, once.
- idempotency: it is handed over once more under the same key, which the carrier takes once.
- reports: the report is waited for, ten minutes.

Then a person. What the carrier reports after that is still believed (`known_late`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from appointments import failures
from appointments.inbound import DeliveryReported
from appointments.models import FailedAttempt, Message
from appointments.services import deliveries, messages
from aro import clock
from aro.desk.sentences import quoted
from aro.queue import due
from aro.queue.due import Claim
from compliance.reasons import Reason
from integrations.outbound import channels, outcome
from integrations.outbound.resilience import gate
from integrations.outbound.waiting import bulk_share, pauses
from integrations.outbound.waiting.looks import LOOK_AFTER
from integrations.providers import chosen
from integrations.providers.shared.base import Accepted, ProviderFailure, RateLimitedError, RefusedError
from integrations.providers.shared.carrier import Carrier
from workflows.models import Execution

# The carrier's clock and ours may differ by this much.
CLOCK_MARGIN = timedelta(seconds=60)
MOST_HAND_OVERS = 2
# A carrier's report comes within seconds, and is repeated for minutes while we do not answer.
REPORT_WITHIN = timedelta(minutes=10)
CODE = failures.OUTCOME_UNKNOWN
RETRY_LOOKUP = timedelta(seconds=30)
St, Ex = Message.Status, Execution.Status


def mark(claim: Claim, execution: Execution, message: Message, now: datetime) -> None:
    """Notes that nobody knows, whose message it was, and when to look. In the caller's transaction."""
    carrier = chosen.carrier(message.channel)
    Execution.objects.filter(pk=execution.pk).update(
        status=Ex.UNKNOWN, payload={"carrier": carrier.name, **execution.payload}
    )
    messages.advance(message, St.UNKNOWN)
    Message.objects.filter(pk=message.pk).update(reason=Reason.OUTCOME_UNKNOWN)
    due.again(claim, max(now, _handed_over(execution) + _first_look(carrier)))


def _first_look(carrier: Carrier) -> timedelta:
    only_reports = carrier.reports and not carrier.looks_up and not carrier.same_key_once_for
    return REPORT_WITHIN if only_reports else LOOK_AFTER[0]


def _handed_over(execution: Execution) -> datetime:
    return execution.handed_over_at or execution.created_at


def settle(claim: Claim, execution: Execution, message: Message, now: datetime) -> None:
    """Finds out whether the carrier has the text, as far as it can tell, and goes on from what it says."""
    carrier = chosen.carrier(message.channel)
    if execution.status == Ex.UNKNOWN and carrier.looks_up and _is_its_own(execution, carrier):
        _look(claim, execution, message, now)
        return
    with transaction.atomic():
        if execution.status == Ex.SENDING:
            mark(claim, execution, message, now)
        elif _is_its_own(execution, carrier):
            _without_a_look(claim, execution, message, carrier, now)
        else:
            _to_a_person(claim, execution, message)


def _is_its_own(execution: Execution, carrier: Carrier) -> bool:
    """A carrier that has been chosen since knows nothing of what another one was given."""
    return bool(execution.payload.get("carrier", carrier.name) == carrier.name)


def _without_a_look(claim: Claim, execution: Execution, message: Message, carrier: Carrier, now: datetime) -> None:
    since = now - _handed_over(execution)
    if since < carrier.same_key_once_for and execution.attempt < MOST_HAND_OVERS:
        _note_the_key(execution, message, _handed_over(execution) + carrier.same_key_once_for)
        _send_again(claim, execution, message)
    elif carrier.reports and since < REPORT_WITHIN:
        due.again(claim, _handed_over(execution) + REPORT_WITHIN)
    else:
        _to_a_person(claim, execution, message)


def _note_the_key(execution: Execution, message: Message, until: datetime) -> None:
    """A pause of the carrier, or quiet hours, may keep it waiting until the key is forgotten."""
    repeat = {"try": message.fallbacks, "until": until.isoformat()}
    Execution.objects.filter(pk=execution.pk).update(payload={**execution.payload, "repeat": repeat})


def is_key_forgotten(execution: Execution, message: Message, now: datetime) -> bool:
    """Whether it may not be handed over again any more, because the carrier would take it for a new one."""
    repeat = execution.payload.get("repeat")
    return bool(repeat) and repeat["try"] == message.fallbacks and now >= datetime.fromisoformat(repeat["until"])


def give_up(claim: Claim, execution: Execution, message: Message) -> None:
    """A person takes over."""
    with transaction.atomic():
        _to_a_person(claim, execution, message)


def _look(claim: Claim, execution: Execution, message: Message, now: datetime) -> None:
    """Like every call it asks at the gate first: a carrier that is paused is left alone."""
    carrier = chosen.carrier_name(message.channel)
    wait = gate.admit(carrier, now=now, bulk=bulk_share.is_bulk(execution)).wait_seconds
    if wait:
        due.again(claim, now + timedelta(seconds=wait))
        return
    try:
        found = _find(execution, message)
    except ProviderFailure as failure:
        due.again(claim, clock.now() + RETRY_LOOKUP)
        _note(message, failure)
        return
    with transaction.atomic():
        _go_on(claim, execution, message, found)
    gate.succeeded(carrier, now=clock.now())


def _note(message: Message, failure: ProviderFailure) -> None:
    """Who cannot even be asked is away: with little to send, the look-ups alone would fail unseen."""
    carrier, now = chosen.carrier_name(message.channel), clock.now()
    match failure:
        case RateLimitedError(retry_after=seconds):
            gate.slow_down(carrier, seconds=seconds, now=now)
        case RefusedError():
            gate.succeeded(carrier, now=now)
        case _:
            pauses.count_failure(message.channel, error="look-up failed", now=now)


def _find(execution: Execution, message: Message) -> Accepted | None:
    at = _handed_over(execution)
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
    """The carrier never had it, or takes it once by its key. It is judged anew."""
    Execution.objects.filter(pk=execution.pk).update(status=Ex.INTENT)
    Message.objects.filter(pk=message.pk).update(status=St.PLANNED, reason="", sent_at=None)
    due.again(claim, clock.now())


def _to_a_person(claim: Claim, execution: Execution, message: Message) -> None:
    due.finish(claim)
    Execution.objects.filter(pk=execution.pk).update(status=Ex.FAILED, error_code=CODE)
    messages.advance(message, St.FAILED, error_code=CODE)
    deliveries.tell_staff_of_doubt(message)


def is_with_a_person(execution: Execution, message: Message) -> bool:
    """Whether staff have been told that nobody knows, and nothing is known since."""
    return execution.status == Ex.FAILED and execution.error_code == CODE == message.error_code


def known_late(execution: Execution, message: Message, news: DeliveryReported) -> None:
    """The carrier says after all what became of it: the case is settled, or says what failed. Nothing is sent again by
    itself, because somebody may have called meanwhile. In the caller's transaction."""
    if news.status not in deliveries.NOT_ARRIVED:
        deliveries.settle_doubt(message)
        return
    refusal = chosen.carrier_that_says(news, message.channel).refusal(news.error_code)
    outcome.apply_effect(message, refusal)
    deliveries.say_what_failed(
        message,
        refusal.code_to_look_up,
        why=quoted(refusal.staff_message, within=True),
        next_step=quoted(refusal.next_step),
    )
