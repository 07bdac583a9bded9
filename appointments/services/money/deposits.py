"""Deposits: ask by payment link, once per visit and time. ARO never charges anybody and never refunds by itself.

What a payment provider reports is in `payment_reports`. A row in the lane `payments` brings provider and deposit into
agreement: it switches off links that are not wanted any more, and looks for payments nobody told of.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from appointments import currencies, states
from appointments.models import Appointment, Business, Deposit
from appointments.services import journal
from aro import clock
from aro.queue import due, locks, rows
from compliance.models import Actor

D = Deposit.Status
OPEN = (D.REQUESTED, D.OPEN)
UNPAID = (*OPEN, D.PROCESSING)
LIVE = (*UNPAID, D.PAID)
# The lane that compares a deposit with the payment provider.
LANE = "payments"
# A deposit whose workflow has not begun by then is given one.
BEGUN_AFTER = timedelta(seconds=30)
FIRST_LOOK_AFTER = timedelta(minutes=15)


def ask(appointment: Appointment, business: Business, *, actor: str = Actor.SYSTEM) -> Deposit | None:
    """Asks for a deposit once per visit; None when there is nothing to ask for."""
    if currencies.rounded(business.deposit_amount, business.currency) <= 0 or appointment.status not in states.UPCOMING:
        return None
    deposit = Deposit(
        tenant_id=appointment.tenant_id,
        appointment=appointment,
        amount=currencies.rounded(business.deposit_amount, business.currency),
        currency=business.currency,
    )
    try:
        rows.insert_all(Deposit, [deposit], on_conflict="ON CONFLICT DO NOTHING")
    except rows.TakenError:
        return Deposit.objects.get(appointment=appointment, status__in=LIVE)
    appointment.deposit_required, appointment.deposit_amount = True, deposit.amount
    rows.save(appointment, "deposit_required", "deposit_amount", "updated_at")
    due.put(LANE, deposit.id, clock.now() + BEGUN_AFTER)
    record("deposit.requested", deposit, actor=actor)
    return deposit


def current(appointment: Appointment) -> Deposit | None:
    """The newest deposit asked for this visit."""
    return rows.first(Deposit, newest="created_at", appointment_id=appointment.pk)


def link_made(deposit: Deposit, *, link_id: str, url: str) -> None:
    """The payment link exists. May run twice; a link for a deposit that was closed meanwhile is switched off again."""
    locks.hold("visit", str(deposit.appointment_id))
    link, now = {"link_id": link_id, "url": url}, clock.now()
    if rows.change(deposit, {"status": D.OPEN, **link}, only_if=f"status = '{D.REQUESTED}'"):
        due.put(LANE, deposit.id, now + FIRST_LOOK_AFTER)
        rows.follow([deposit], "appointment")
        record("deposit.link_created", deposit)
    elif rows.change(deposit, link, only_if="link_id = ''"):
        due.put(LANE, deposit.id, now)


def close_unpaid(appointment: Appointment, *, status: str = D.CLOSED) -> None:
    """No payment is wanted any more: the visit was cancelled, or (EXPIRED) it is over."""
    for deposit in Deposit.objects.select_related("appointment").filter(appointment=appointment, status__in=UNPAID):
        close(deposit, status=status)


def close(deposit: Deposit, *, status: str = D.CLOSED) -> None:
    """Ends one deposit unpaid; its link is switched off by the lane."""
    deposit.status, deposit.closed_at = status, clock.now()
    deposit.save(update_fields=["status", "closed_at"])
    if deposit.link_id:
        due.put(LANE, deposit.id, clock.now())
    else:
        due.drop(LANE, deposit.id)
    record("deposit.expired" if status == D.EXPIRED else "deposit.closed", deposit)


def visit_moved(appointment: Appointment, business: Business) -> None:
    """The text with the old link names the old time: that link ends, and a new one is asked for.

    A deposit that is paid, or whose payment is under way, goes with the visit.
    """
    if close_asked(appointment):
        ask(appointment, business)


def close_asked(appointment: Appointment) -> bool:
    """Ends what was asked for and nobody has begun to pay; whether there was anything."""
    outdated = Deposit.objects.select_related("appointment").filter(appointment=appointment, status__in=OPEN)
    for deposit in (found := list(outdated)):
        close(deposit)
    return bool(found)


def record(event_type: str, deposit: Deposit, *, actor: str = Actor.SYSTEM) -> None:
    """Writes an event about a deposit of a visit."""
    if not Deposit.appointment.is_cached(deposit):
        rows.follow([deposit], "appointment")
    journal.visit_event(
        event_type,
        deposit.appointment,
        payload={"deposit_id": str(deposit.id), "amount": str(Decimal(deposit.amount)), "currency": deposit.currency},
        actor=actor,
    )
