"""The lane `payments`: brings a deposit and the payment provider into agreement, from time to time.

It asks for links that are not wanted any more to be switched off, finds payments that no webhook told of, and gives a
deposit whose workflow never began a workflow. Each deposit has one row here while anything about it may still change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from appointments import states
from appointments.inbound import PaymentReported
from appointments.models import Deposit
from appointments.services import businesses
from appointments.services.money import deposits, payment_reports
from aro import clock
from aro.queue import due
from aro.queue.due import Claim
from aro.queue.lanes import Lane
from integrations.outbound import payment_links as executions
from integrations.outbound.resilience import gate
from integrations.providers import chosen
from integrations.providers.shared.base import ProviderFailure, RateLimitedError, RefusedError
from workflows.definitions.deposit import DEPOSIT_REQUEST
from workflows.engine import effects, runs
from workflows.engine.facts import Facts
from workflows.models import Execution, WorkflowInstance

D = Deposit.Status
SOON, LATER, DAILY = timedelta(hours=1), timedelta(hours=6), timedelta(days=1)
# An open link is looked at often while its text is new.
NEW_FOR = timedelta(days=2)
# A checkout page that was open when its link was switched off lives for a day.
AFTER_CLOSING = timedelta(hours=25)
# Money can be given back or disputed long after; most of it is within this time.
AFTER_PAYING = timedelta(days=60)
AFTER_A_FAILURE = timedelta(minutes=1)


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """Looks at one deposit."""
    for claim in claims:
        deposit = Deposit.objects.select_related("appointment__customer").filter(pk=claim.ref).first()
        if deposit is None:
            due.finish(claim)
        elif deposit.status == D.REQUESTED:
            _see_to_its_start(claim, deposit, now)
        else:
            _compare(claim, deposit, now)


def request_switch_off(deposit: Deposit, now: datetime) -> None:
    """Intends, once, that the link of a deposit which wants no payment is switched off."""
    execution, new = Execution.objects.get_or_create(
        tenant_id=deposit.tenant_id,
        key=f"link_off:{deposit.id}",
        defaults={
            "command_type": executions.SWITCH_OFF,
            "appointment": deposit.appointment,
            "payload": {"deposit_id": str(deposit.id)},
            "correlation_id": deposit.id,
        },
    )
    if new:
        due.put(effects.EXECUTIONS, execution.id, now)


def ask(deposit: Deposit, *, now: datetime) -> list[PaymentReported]:
    """What the provider knows of a deposit's link. Raises `ProviderFailure`, which the gate has been told of."""
    try:
        found = chosen.payments().payments_by(deposit.link_id)
    except RateLimitedError as error:
        gate.slow_down(chosen.payments().name, seconds=error.retry_after, now=now)
        raise
    except RefusedError:
        gate.succeeded(chosen.payments().name, now=now)
        raise
    except ProviderFailure as error:
        executions.count_failure(error=str(error), now=now)
        raise
    gate.succeeded(chosen.payments().name, now=clock.now())
    return found


def _see_to_its_start(claim: Claim, deposit: Deposit, now: datetime) -> None:
    """Asked for, and no link yet. The event that starts its run may still wait to be dispatched: there is one run."""
    visit = deposit.appointment
    with transaction.atomic():
        if visit.status not in states.UPCOMING:
            due.finish(claim)
            return
        due.again(claim, now + SOON)
        ours = WorkflowInstance.objects.filter(appointment=visit, definition=DEPOSIT_REQUEST.name)
        if ours.filter(status__in=WorkflowInstance.LIVE).exists():
            return
        runs.start(
            DEPOSIT_REQUEST,
            occurrence=str(deposit.id),
            facts=Facts(business=businesses.current(visit.tenant_id), appointment=visit, customer=visit.customer),
            wake_at=now,
            now=now,
            correlation_id=deposit.id,
            tenant_id=deposit.tenant_id,
        )


def _compare(claim: Claim, deposit: Deposit, now: datetime) -> None:
    if not deposit.link_id:
        due.finish(claim)
        return
    if deposit.status not in deposits.UNPAID:
        with transaction.atomic():
            request_switch_off(deposit, now)
    wait = gate.admit(chosen.payments().name, now=now).wait_seconds
    if wait:
        due.again(claim, now + timedelta(seconds=wait))
        return
    try:
        found = ask(deposit, now=now)
    except RefusedError:
        _settle(claim, deposit, now)
        return
    except ProviderFailure:
        due.again(claim, now + AFTER_A_FAILURE)
        return
    with transaction.atomic():
        # First: what is found may make the deposit due again, which would take the row from us.
        _settle(claim, deposit, now)
        for news in found:
            payment_reports.report(news, correlation_id=deposit.id)


def _settle(claim: Claim, deposit: Deposit, now: datetime) -> None:
    at = next_look(deposit, now)
    due.finish(claim) if at is None else due.again(claim, at)


def next_look(deposit: Deposit, now: datetime) -> datetime | None:
    """When the provider is asked again, or None when nothing more is to be expected."""
    if deposit.status in (D.OPEN, D.PROCESSING):
        pause = SOON if now - deposit.created_at < NEW_FOR else LATER
        return now + pause if now < deposit.appointment.starts_at + DAILY else None
    if deposit.status in (D.CLOSED, D.EXPIRED):
        end = (deposit.closed_at or now) + AFTER_CLOSING
        return min(now + LATER, end) if now < end else None
    if deposit.status == D.PAID:
        return now + DAILY if now < (deposit.paid_at or now) + AFTER_PAYING else None
    return None


LANE = Lane(name=deposits.LANE, handle=handle, batch=4, threads=2, max_attempts=8, lease_seconds=60)
