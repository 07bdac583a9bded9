"""Payment links: having one made for a deposit, and having it switched off when no payment is wanted any more.

The key of the making is the deposit's, so a repeat after an unknown outcome gives the same link. Switching off twice is
harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from appointments import states
from appointments.case_reasons.words import happened, to_do
from appointments.models import Deposit
from appointments.services import escalations
from appointments.services.money import deposits
from aro import clock
from aro.desk.sentences import quoted
from aro.queue import due, rows
from aro.queue.due import Claim
from integrations.outbound import outcome
from integrations.outbound.resilience import gate
from integrations.outbound.waiting import waits
from integrations.providers import chosen
from integrations.providers.shared.base import Link, ProviderFailure, RateLimitedError, RefusedError, UnavailableError
from workflows.models import Execution

Ex = Execution.Status
MAKE_LINK = "integration.payments.deposit_link"
SWITCH_OFF = "integration.payments.deactivate_link"
# It may have been done: somebody died while waiting for the answer, or no answer came.
IN_DOUBT = (Ex.SENDING, Ex.UNKNOWN)
# How often a refusal that staff can mend is tried again.
MENDED_WITHIN = timedelta(minutes=5)
# For how long a link is tried to be switched off before a person is asked to.
SWITCHED_OFF_WITHIN = timedelta(days=1)
LONGEST_PAUSE_SECONDS = 600.0
# Longer than the calls may take, so that the owner is never mistaken for dead while it waits.
CALL_LEASE_SECONDS = 35
# The provider's clock and ours may differ by this much.
CLOCK_MARGIN = timedelta(minutes=5)

GiveUp = Callable[[Claim, Execution, str, str], None]


def make_link(claim: Claim, execution: Execution, now: datetime) -> None:
    """Makes the link unless the visit or the deposit no longer wants one."""
    deposit = _in_doubt(execution) or _wanted(execution)
    if deposit is None:
        with transaction.atomic():
            outcome.finish(claim, execution, Ex.FAILED, error_code="not_wanted")
    elif admission := _admitted(claim, now):
        _make(claim, execution, deposit, admission, now)


def switch_off(claim: Claim, execution: Execution, now: datetime) -> None:
    """Switches the link of a deposit off; a checkout page that is open already may still be paid."""
    deposit = _of(execution)
    if deposit is None or not deposit.link_id:
        with transaction.atomic():
            outcome.finish(claim, execution, Ex.DONE)
    elif _admitted(claim, now):
        _switch_off(claim, execution, deposit, now)


def _in_doubt(execution: Execution) -> Deposit | None:
    """The deposit whose link may exist without our knowing it. It must be learned even if nobody wants it any more:
    only then can it be switched off."""
    deposit = _of(execution) if execution.status in IN_DOUBT else None
    return deposit if deposit and not deposit.link_id else None


def _of(execution: Execution) -> Deposit | None:
    known = execution.payload.get("deposit_id")
    return Deposit.objects.select_related("appointment").filter(pk=known).first() if known else None


def _wanted(execution: Execution) -> Deposit | None:
    """The visit's deposit, if it was asked for before this was intended: a newer one has an execution of its own."""
    visit = execution.appointment
    if visit is None or visit.status not in states.UPCOMING:
        return None
    deposit = deposits.current(visit)
    wants = deposit and deposit.status == Deposit.Status.REQUESTED and deposit.created_at <= execution.created_at
    return deposit if wants else None


def _admitted(claim: Claim, now: datetime) -> gate.Admission | None:
    admission = gate.admit(chosen.payments().name, now=now)
    if not admission.wait_seconds:
        return admission
    with transaction.atomic():
        due.again(claim, now + timedelta(seconds=admission.wait_seconds))
    return None


def _make(claim: Claim, execution: Execution, deposit: Deposit, admission: gate.Admission, now: datetime) -> None:
    in_doubt = execution.status in IN_DOUBT
    _hand_over(claim, execution, now, payload={"deposit_id": str(deposit.id)})
    try:
        link = _have_made(claim, deposit, execution.handed_over_at or now, now)
    except ProviderFailure as failure:
        before = Ex.UNKNOWN if in_doubt else Ex.INTENT
        _failed(claim, execution, failure, before=before, give_up=_no_link)
        return
    with transaction.atomic():
        outcome.finish(claim, execution, Ex.DONE, provider_id=link.id)
        deposits.link_made(deposit, link_id=link.id, url=link.url)
    if not admission.says_so_already(answered_at := clock.now()):
        gate.succeeded(chosen.payments().name, now=answered_at)


def _hand_over(claim: Claim, execution: Execution, now: datetime, *, payload: dict[str, str]) -> None:
    """Noted before the call, so that whoever finds it knows that the call may have been made, and since when."""
    execution.status, execution.attempt, execution.payload = Ex.SENDING, execution.attempt + 1, payload
    execution.handed_over_at = execution.handed_over_at or now
    with transaction.atomic(), rows.together():
        due.renew(claim, CALL_LEASE_SECONDS)
        rows.save(execution, "status", "attempt", "payload", "handed_over_at")


def _have_made(claim: Claim, deposit: Deposit, first_tried_at: datetime, now: datetime) -> Link:
    """The same key at first; later the link is looked for before it is asked for under another.

    Who lost the execution to another worker while looking makes no link: the other one's may have another key.
    """
    turn = (now - first_tried_at) // chosen.payments().key_used_for
    known = _find(claim, deposit, first_tried_at - CLOCK_MARGIN) if turn else None
    return known or chosen.payments().create_link(
        deposit_id=deposit.id,
        appointment_id=deposit.appointment_id,
        amount=deposit.amount,
        currency=deposit.currency,
        idempotency_key=f"deposit-{deposit.id}-{turn}",
    )


def _find(claim: Claim, deposit: Deposit, since: datetime) -> Link | None:
    # A look-up may be many calls.
    due.renew(claim, chosen.payments().longest_look_up_seconds + CALL_LEASE_SECONDS)
    found = chosen.payments().find_link(deposit_id=deposit.id, made_since=since)
    due.renew(claim, CALL_LEASE_SECONDS)
    return found


def _switch_off(claim: Claim, execution: Execution, deposit: Deposit, now: datetime) -> None:
    _hand_over(claim, execution, now, payload=execution.payload)
    try:
        chosen.payments().deactivate(deposit.link_id)
    except ProviderFailure as failure:
        _failed(claim, execution, failure, before=Ex.UNKNOWN, give_up=_still_on)
        return
    with transaction.atomic():
        outcome.finish(claim, execution, Ex.DONE, provider_id=deposit.link_id)
    gate.succeeded(chosen.payments().name, now=clock.now())


def _failed(claim: Claim, execution: Execution, failure: ProviderFailure, *, before: str, give_up: GiveUp) -> None:
    """`before`: where the execution stands if this attempt surely did nothing."""
    now = clock.now()
    wait = _pause(execution, failure, now)
    surely_not = isinstance(failure, RefusedError | RateLimitedError | UnavailableError)
    with transaction.atomic():
        if _is_hopeless(execution, failure, now):
            code = failure.code if isinstance(failure, RefusedError) else "outcome_unknown"
            step = quoted(failure.next_step) if isinstance(failure, RefusedError) else ""
            give_up(claim, execution, code, step)
            return
        Execution.objects.filter(pk=execution.pk).update(status=before if surely_not else Ex.UNKNOWN)
        due.again(claim, now + timedelta(seconds=wait))


def _is_hopeless(execution: Execution, failure: ProviderFailure, now: datetime) -> bool:
    if isinstance(failure, RefusedError) and failure.permanent:
        return True
    is_off = execution.command_type == SWITCH_OFF
    return is_off and now - execution.created_at > SWITCHED_OFF_WITHIN


def _pause(execution: Execution, failure: ProviderFailure, now: datetime) -> float:
    """Tells the gate, and staff where only they can help. Seconds until the next attempt."""
    if isinstance(failure, RateLimitedError):
        return gate.slow_down(chosen.payments().name, seconds=failure.retry_after, now=now)
    usual = waits.backoff(chosen.payments().name, execution.attempt)
    if isinstance(failure, RefusedError):
        gate.succeeded(chosen.payments().name, now=now)
        if failure.permanent or waits.is_retry_left(chosen.payments().name, execution.attempt):
            return usual
        _tell_of_refusal(failure)
        return MENDED_WITHIN.total_seconds()
    count_failure(error=str(failure), now=now)
    return usual if execution.command_type != SWITCH_OFF else min(2.0**execution.attempt, LONGEST_PAUSE_SECONDS)


def _tell_of_refusal(failure: RefusedError) -> None:
    escalations.escalate(
        key=f"payment_refused:{failure.code}",
        reason="provider_refused",
        title=quoted(failure.staff_message),
        next_step=quoted(failure.next_step),
        priority=escalations.HIGH,
    )


def count_failure(*, error: str, now: datetime) -> None:
    """As `pauses.count_failure`, of the payment provider."""
    with transaction.atomic():
        if gate.failed(chosen.payments().name, error=error, now=now):
            _tell_of_pause()


def _tell_of_pause() -> None:
    """One case for staff while the payment provider is paused."""
    escalations.escalate(
        key=f"provider_paused:{chosen.payments().name}",
        reason="provider_paused",
        title=happened("provider_paused.payments"),
        next_step=to_do("provider_paused"),
        priority=escalations.HIGH,
    )


def _no_link(claim: Claim, execution: Execution, code: str, next_step: str) -> None:
    outcome.finish(claim, execution, Ex.FAILED, error_code=code)
    escalations.escalate(
        key=f"deposit_link_failed:{execution.appointment_id}",
        reason="deposit_link_failed",
        title=happened("deposit_link_failed"),
        next_step=next_step or to_do("deposit_link_failed"),
        appointment=execution.appointment,
    )


def _still_on(claim: Claim, execution: Execution, code: str, _next_step: str) -> None:
    """A link that the provider does not know takes no payment either."""
    if code == chosen.payments().unknown_link:
        outcome.finish(claim, execution, Ex.DONE, error_code=code)
        return
    outcome.finish(claim, execution, Ex.FAILED, error_code=code)
    escalations.escalate(
        key=f"deposit_link_on:{execution.payload.get('deposit_id')}",
        reason="deposit_link_on",
        title=happened("deposit_link_on"),
        next_step=to_do("deposit_link_on"),
        appointment=execution.appointment,
    )
