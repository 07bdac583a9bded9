"""Sending one text. Decide under the locks, mark as being sent, call outside any transaction, record the outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from appointments.case_reasons.words import happened, to_do
from appointments.models import Business, Message
from appointments.services import businesses, escalations, messages
from appointments.services.money import asking
from appointments.services.person import family as services_family
from appointments.services.visit import untold
from aro import clock
from aro.queue import due, locks, rows
from aro.queue.due import Claim
from aro.queue.sqlite import shared_turn
from compliance import guardrails, policy
from compliance.kinds import Kind
from compliance.models import Channel
from compliance.reasons import Reason
from integrations.outbound import again, channels, context, family, outcome, unknown, wording
from integrations.outbound.channels import Route
from integrations.outbound.context import Situation
from integrations.outbound.resilience import gate, hourly
from integrations.outbound.waiting import bulk_share, left_out, older_database, pauses, waits
from integrations.providers import chosen
from integrations.providers.chosen import carrier_name
from integrations.providers.shared.base import (
    Effect,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
)
from workflows.models import Execution

St, Ex = Message.Status, Execution.Status
# Longer than the provider call may take, so that the owner is never mistaken for dead while it waits.
CALL_LEASE_SECONDS = 45
_TEXT = ("kind", "channel", "address", "body", "template", "segments", "opt_out_line")
_HANDED_OVER = (*_TEXT, "status", "sent_at", "reason", "held_until")


def run(claim: Claim, execution: Execution, now: datetime) -> None:
    """Carries out one text's execution, whatever state it was left in."""
    message = execution.message
    if message is None:
        raise LookupError("a send without a message")
    if execution.status in (Ex.SENDING, Ex.UNKNOWN):
        unknown.settle(claim, execution, message, now)
        return
    if unknown.is_key_forgotten(execution, message, now):
        unknown.give_up(claim, execution, message)
        return
    decided = _decide(claim, execution, message, now)
    if decided is not None:
        _call(claim, execution, message, *decided)


def _decide(
    claim: Claim, execution: Execution, message: Message, now: datetime
) -> tuple[Situation, gate.Admission] | None:
    """The transaction that marks the execution SENDING; None when nothing is to be sent now."""
    business = businesses.current(message.tenant_id)
    with transaction.atomic():
        route = _route(message, business, now)
        message.channel, message.address = route.channel, route.address
        situation = context.read(message, route, now=now)
        verdict = guardrails.judge(situation.context, now)
        match verdict:
            case guardrails.Skip(reason=reason):
                _skip(claim, execution, message, reason)
            case guardrails.Hold(until=until, reason=reason):
                if message.reason != reason:
                    # The row forgets it when the text goes out; the why ledger reads it here.
                    outcome.record("message.held", message, reason=str(reason), until=until.isoformat())
                _hold(claim, message, reason, until)
            case _ if route.problem == Reason.CHANNEL_STOPPED:
                _hold(claim, message, route.problem, now + channels.LOOK_AGAIN)
            case _ if route.problem:
                _skip(claim, execution, message, route.problem)
            case _:
                _tell_of_missing_template(message, route)
                situation = _with_the_family(message, route, situation, now)
                admission = _admitted(claim, execution, message, situation, now)
                return (situation, admission) if admission else None
    return None


def _route(message: Message, business: Business, now: datetime) -> Route:
    """Where it goes, read under the locks of that address and of the visit. Mostly it goes where it was meant to."""
    held = {message.address}
    locks.hold("phone", message.address)
    if message.appointment_id:
        locks.hold("visit", str(message.appointment_id))
    while (route := _chosen(message, business, now)).address not in held:
        held.add(route.address)
        locks.hold("phone", route.address)
    return route


def _chosen(message: Message, business: Business, now: datetime) -> Route:
    rows.refresh(message, "appointment", "customer")
    _share_person(message)
    reminders = wording.fit(message)
    return replace(channels.choose(message, business=business, now=now), reminders=reminders)


def _share_person(message: Message) -> None:
    """The visit's person is mostly the message's own: read once."""
    visit, person = message.appointment, message.customer
    if visit is not None and person is not None and visit.customer_id == person.id:
        visit.customer = person


def _with_the_family(message: Message, route: Route, situation: Situation, now: datetime) -> Situation:
    """The same text for all of the family who are due; the others' own messages then find that it has been said."""
    others = {} if route.template else family.joined(message, route.business, situation.context, situation.ahead, now)
    together = context.read(message, route, now=now, others=list(others)) if others else situation
    if not others or together.text.problems or message.appointment is None:
        return situation
    own = message.planned_for or message.created_at
    return replace(together, names={message.appointment: own, **others})


def _keep_names(execution: Execution, message: Message, situation: Situation) -> None:
    """Whom the text that goes out now names, and nobody of an earlier try: the others' own messages ask for it."""
    tried = execution.attempt or message.fallbacks
    if message.automatic and (situation.names or tried):
        services_family.name_in(message, situation.names)


def _tell_of_missing_template(message: Message, route: Route) -> None:
    """It goes out all the same, elsewhere; one case per kind says what to add."""
    if route.no_template_for:
        escalations.escalate(
            key=f"no_template:{message.kind}",
            reason="no_template",
            title=happened("no_template", kind=message.kind),
            next_step=to_do("no_template", carrier=chosen.carrier(Channel.WHATSAPP).label),
            priority=escalations.LOW,
            tenant_id=message.tenant_id,
        )


def _skip(claim: Claim, execution: Execution, message: Message, reason: Reason) -> None:
    messages.not_sent(message, reason)
    outcome.finish(claim, execution, Ex.FAILED, error_code=str(reason))
    outcome.record("message.skipped", message, reason=str(reason))
    untold.not_sent(message, reason)
    asking.not_asked(message, reason)
    words = left_out.case_for(message, reason)
    if words:
        title, next_step = words
        escalations.escalate(
            key=f"{reason}:{message.appointment_id or message.id}",
            reason=str(reason),
            title=title,
            next_step=next_step,
            appointment=message.appointment,
            customer=message.customer,
            tenant_id=message.tenant_id,
        )


def _hold(claim: Claim, message: Message, reason: Reason, until: datetime) -> None:
    messages.held(message, reason, until)
    due.again(claim, until)


def _admitted(
    claim: Claim, execution: Execution, message: Message, situation: Situation, now: datetime
) -> gate.Admission | None:
    admission = _admission(execution, message, now)
    if admission.wait_seconds and admission.reason:
        _hold(claim, message, admission.reason, now + timedelta(seconds=admission.wait_seconds))
        return None
    _keep_names(execution, message, situation)
    text = situation.text
    message.body, message.template, message.segments = text.body, text.template, text.segments
    message.opt_out_line, message.status, message.sent_at = text.opt_out_line, St.SENDING, now
    message.reason, message.held_until = "", None
    execution.status, execution.handed_over_at, execution.lookups = Ex.SENDING, now, 0
    execution.payload = {**execution.payload, "carrier": carrier_name(message.channel)}
    execution.attempt += 1
    with rows.together():
        due.renew(claim, CALL_LEASE_SECONDS)
        rows.save(message, *_HANDED_OVER)
        rows.save(execution, "status", "handed_over_at", "attempt", "lookups", "payload")
    return admission


def _admission(execution: Execution, message: Message, now: datetime) -> gate.Admission:
    """The cap over everything, then the provider's own gate. An emergency is not counted."""
    counted = message.kind != Kind.EMERGENCY_ANSWER and bool(settings.PROVIDER_RATE_LIMITS)
    so_far = hourly.so_far(now) if counted else None
    used_up = hourly.wait(so_far, policy.current().pumping.per_hour, now) if so_far else 0.0
    if used_up:
        escalations.escalate(key="hourly_cap", reason="hourly_cap", tenant_id=message.tenant_id)
        return gate.Admission(wait_seconds=used_up, reason=Reason.HOURLY_CAP)
    admission = gate.admit(carrier_name(message.channel), now=now, bulk=bulk_share.is_bulk(execution))
    if so_far and not admission.wait_seconds:
        hourly.count(so_far, now)
    return admission


def _call(
    claim: Claim, execution: Execution, message: Message, situation: Situation, admission: gate.Admission
) -> None:
    older_database.mark(execution)
    try:
        accepted = chosen.carrier(message.channel).send(situation.outgoing(execution.id))
    except ProviderFailure as failure:
        _failed(claim, execution, message, failure)
        return
    shared_turn.write(partial(outcome.adopt, claim, execution, message, accepted))
    # After the outcome: what the breaker cannot note must not leave a text behind whose fate nobody knows.
    if not admission.says_so_already(now := clock.now()):
        gate.succeeded(carrier_name(message.channel), now=now)


def _failed(claim: Claim, execution: Execution, message: Message, failure: ProviderFailure) -> None:
    now = clock.now()
    match failure:
        case RefusedError():
            _refused(claim, execution, message, failure)
        case RateLimitedError(retry_after=seconds):
            wait = gate.slow_down(carrier_name(message.channel), seconds=seconds, now=now)
            _later(claim, execution, message, Reason.RATE_LIMITED, wait)
        case OutcomeUnknownError():
            with transaction.atomic():
                unknown.mark(claim, execution, message, now)
            pauses.count_failure(message.channel, error="outcome unknown", now=now)
        case _:
            wait = waits.backoff(carrier_name(message.channel), execution.attempt)
            _later(claim, execution, message, Reason.PROVIDER_PAUSED, wait)
            pauses.count_failure(message.channel, error="unavailable", now=now)


def _later(claim: Claim, execution: Execution, message: Message, reason: Reason, seconds: float) -> None:
    """Surely not taken: back to the intent. It is judged anew then, and dropped only when it no longer helps."""
    with transaction.atomic():
        Execution.objects.filter(pk=execution.pk).update(status=Ex.INTENT)
        message.sent_at = None
        message.save(update_fields=["sent_at"])
        _hold(claim, message, reason, clock.now() + timedelta(seconds=seconds))


def _refused(claim: Claim, execution: Execution, message: Message, failure: RefusedError) -> None:
    channel, now = message.channel, clock.now()
    when = again.at(message, failure, attempt=execution.attempt, now=now)
    if when is not None:
        _later(claim, execution, message, Reason.PROVIDER_REFUSED, (when - now).total_seconds())
    else:
        _ended(claim, execution, message, failure)
    if failure.effect != Effect.PAUSE_PROVIDER:
        gate.succeeded(carrier_name(channel), now=clock.now())
    else:
        pauses.count_failure(channel, error=failure.code, now=clock.now(), at_once=True)


def _ended(claim: Claim, execution: Execution, message: Message, failure: RefusedError) -> None:
    with transaction.atomic():
        messages.advance(message, St.FAILED, error_code=failure.code)
        outcome.record("message.delivery_failed", message, code=failure.code)
        if outcome.goes_on(execution, message, failure):
            due.again(claim, clock.now())
        else:
            outcome.finish(claim, execution, Ex.FAILED, error_code=failure.code)
