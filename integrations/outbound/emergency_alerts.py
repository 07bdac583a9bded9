"""Telling the clinic of an emergency: one text or e-mail, at most once each; the next one follows by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from appointments.models import Escalation
from appointments.services import businesses
from aro import clock
from aro.queue import due
from aro.queue.due import Claim
from compliance import kill_switch
from integrations.outbound import outcome
from integrations.outbound.resilience import gate
from integrations.outbound.waiting import pauses, waits
from integrations.providers import chosen
from integrations.providers.chosen import carrier_name
from integrations.providers.shared.base import (
    Accepted,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
)
from integrations.providers.shared.outgoing import Outgoing
from workflows import emergency_alerts
from workflows.models import Execution

Ex = Execution.Status
# Longer than the provider call may take.
CALL_LEASE_SECONDS = 45


def run(claim: Claim, execution: Execution, now: datetime) -> None:
    """Carries out one. What a worker left half done may have arrived: it is not repeated, the next one comes soon."""
    if execution.status in (Ex.SENDING, Ex.UNKNOWN):
        _end(claim, execution, Ex.FAILED, "outcome_unknown")
        return
    to = _decide(claim, execution, now)
    if to:
        _call(claim, execution, to)


def _decide(claim: Claim, execution: Execution, now: datetime) -> str:
    """Where it goes now; empty when it does not. Marks it as being sent in the same transaction."""
    way = execution.payload["way"]
    with transaction.atomic():
        case = _case(execution)
        to = emergency_alerts.address(businesses.current(execution.tenant_id), way)
        if case is None or not emergency_alerts.is_wanted(case):
            outcome.finish(claim, execution, Ex.DONE, error_code="not_needed")
            return ""
        if not to or emergency_alerts.is_patients_own(case, to):
            outcome.finish(claim, execution, Ex.FAILED, error_code="no_address")
            return ""
        if emergency_alerts.is_too_late(execution, now):
            emergency_alerts.give_up(case)
            outcome.finish(claim, execution, Ex.FAILED, error_code="too_late")
            return ""
        wait = _wait(execution, way, now)
        if wait:
            due.again(claim, now + timedelta(seconds=wait))
            return ""
        due.renew(claim, CALL_LEASE_SECONDS)
        execution.status, execution.handed_over_at = Ex.SENDING, now
        execution.attempt += 1
        execution.save(update_fields=["status", "handed_over_at", "attempt"])
    return to


def _wait(execution: Execution, way: str, now: datetime) -> float:
    if kill_switch.current(tenant_id=execution.tenant_id) is not None:
        return emergency_alerts.EVERY.total_seconds()
    return gate.admit(carrier_name(way), now=now).wait_seconds


def _call(claim: Claim, execution: Execution, to: str) -> None:
    case, business = Escalation.objects.get(pk=execution.payload["case"]), businesses.current(execution.tenant_id)
    way = execution.payload["way"]
    letter = Outgoing(
        to=to,
        channel=way,
        body=emergency_alerts.text(case),
        execution_id=execution.id,
        key=str(execution.id),
        validity_seconds=int(emergency_alerts.EVERY.total_seconds()),
        subject=emergency_alerts.SUBJECT,
        sender_name=business.name,
    )
    try:
        accepted = chosen.carrier(way).send(letter)
    except ProviderFailure as failure:
        _failed(claim, execution, failure)
        return
    _end(claim, execution, Ex.DONE, accepted=accepted)
    gate.succeeded(carrier_name(way), now=clock.now())


def _failed(claim: Claim, execution: Execution, failure: ProviderFailure) -> None:
    way, now = execution.payload["way"], clock.now()
    provider = carrier_name(way)
    match failure:
        case RefusedError(code=code):
            _end(claim, execution, Ex.FAILED, code)
            gate.succeeded(provider, now=now)
        case OutcomeUnknownError():
            _end(claim, execution, Ex.FAILED, "outcome_unknown")
            pauses.count_failure(way, error="outcome unknown", now=now)
        case RateLimitedError(retry_after=seconds):
            _later(claim, execution, gate.slow_down(provider, seconds=seconds, now=now))
        case _:
            pauses.count_failure(way, error="unavailable", now=now)
            _later(claim, execution, waits.backoff(provider, execution.attempt))


def _later(claim: Claim, execution: Execution, seconds: float) -> None:
    with transaction.atomic():
        execution.status = Ex.INTENT
        execution.save(update_fields=["status"])
        due.again(claim, clock.now() + timedelta(seconds=seconds))


def _end(claim: Claim, execution: Execution, status: str, code: str = "", *, accepted: Accepted | None = None) -> None:
    """Ends this one and plans the next, in one transaction: neither is ever without the other."""
    with transaction.atomic():
        case = _case(execution)
        outcome.finish(claim, execution, status, provider_id=accepted.provider_id if accepted else "", error_code=code)
        if case is not None:
            emergency_alerts.go_on(case, execution, now=clock.now())


def _case(execution: Execution) -> Escalation | None:
    found = Escalation.objects.select_for_update(of=("self",)).select_related("message", "customer")
    return found.filter(pk=execution.payload["case"]).first()
