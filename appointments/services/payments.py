"""What a payment provider reports of a deposit. Every function may run twice and in any order.

Nothing is taken on trust: only the exact amount in the exact currency pays a deposit, and whatever does not fit goes
to a person. ARO never charges and never refunds.
"""

from __future__ import annotations

from uuid import UUID

from appointments import states
from appointments.case_reasons import Change
from appointments.inbound import Applied, PaymentReported
from appointments.models import Appointment, Customer, Deposit
from appointments.services import deposits, escalations
from aro import clock, due, locks
from compliance.models import Actor

D = Deposit.Status
PAYABLE = (*deposits.UNPAID, D.CLOSED, D.EXPIRED)
STILL_OF_USE = (*states.UPCOMING, Appointment.Status.IN_PROGRESS)
KNOWN = Applied(outcome="ignored", detail="known already")


def report(news: PaymentReported, *, correlation_id: UUID) -> Applied:
    """Applies a payment provider's news, in the caller's transaction."""
    found = _find(news)
    if found is None:
        return Applied(outcome="ignored", detail="not a deposit of ours")
    # The lock that moving and cancelling take, too: a payment comes either before or after.
    locks.hold("visit", str(found.appointment_id))
    rows = Deposit.objects.select_related("appointment__customer").select_for_update(of=("self",))
    return _APPLY[news.outcome](rows.get(pk=found.pk), news)


def _find(news: PaymentReported) -> Deposit | None:
    """By our own id, else by the payment or the link, else the visit's newest."""
    known = Deposit.objects.order_by("-created_at")
    deposit_id, appointment_id = _uuid(news.deposit_id), _uuid(news.appointment_id)
    wanted: list[dict[str, object]] = [{"pk": deposit_id} if deposit_id else {}]
    if not deposit_id:
        wanted.append({"payment_intent": news.payment_intent} if news.payment_intent else {})
        wanted.append({"link_id": news.link_id} if news.link_id else {})
        wanted.append({"appointment_id": appointment_id} if appointment_id else {})
    return next((found for one in wanted if one and (found := known.filter(**one).first())), None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _paid(deposit: Deposit, news: PaymentReported) -> Applied:
    if deposit.paid_at is not None:
        return _again(deposit, news)
    if news.currency.upper() != deposit.currency.upper():
        return _mismatch(deposit, news, "in another currency")
    if news.amount != deposit.amount:
        return _mismatch(deposit, news, "with less than the deposit" if news.amount < deposit.amount else "with more")
    deposit.paid_at, deposit.paid_amount = clock.now(), news.amount
    deposit.payment_intent = news.payment_intent or deposit.payment_intent
    deposit.link_id = deposit.link_id or news.link_id
    if deposit.status in PAYABLE and _takes_the_place(deposit):
        deposit.status = D.PAID
    deposit.save()
    _switch_off(deposit)
    note_on_visit(deposit)
    deposits.record("deposit.paid", deposit, actor=Actor.WEBHOOK)
    escalations.visit_changed(deposit.appointment, Change.PAID)
    if deposit.status == D.PAID and deposit.appointment.status not in STILL_OF_USE:
        _paid_for_nothing(deposit)
    return Applied(outcome="applied", detail="paid")


def _again(deposit: Deposit, news: PaymentReported) -> Applied:
    """Two events tell of one payment; a second payment is another matter: a checkout page was open twice."""
    if not news.payment_intent or deposit.payment_intent in ("", news.payment_intent):
        if not deposit.payment_intent and news.payment_intent:
            Deposit.objects.filter(pk=deposit.pk).update(payment_intent=news.payment_intent)
        return KNOWN
    told = paid_twice(deposit, news.payment_intent)
    return Applied(outcome="applied", detail="paid twice: a person looks at it") if told else KNOWN


def _takes_the_place(deposit: Deposit) -> bool:
    """Whether this payment is the visit's deposit. One that is asked for besides, e.g. after a move, is closed."""
    others = Deposit.objects.select_related("appointment").filter(
        appointment=deposit.appointment, status__in=deposits.LIVE
    )
    for other in others.exclude(pk=deposit.pk):
        if other.status == D.PAID:
            paid_twice(deposit, deposit.payment_intent)
            return False
        deposits.close(other)
    return True


def _switch_off(deposit: Deposit) -> None:
    if deposit.link_id:
        due.put(deposits.LANE, deposit.id, clock.now())


def note_on_visit(deposit: Deposit) -> None:
    """Brings the visit and its person in line with the visit's deposits."""
    appointment, customer = deposit.appointment, deposit.appointment.customer
    paid = Deposit.objects.filter(appointment=appointment, status=D.PAID).first()
    appointment.deposit_paid = paid is not None
    if paid is not None:
        appointment.payment_id = paid.payment_intent or paid.link_id
        customer.payment_status = Customer.PaymentStatus.CURRENT
    appointment.save(update_fields=["deposit_paid", "payment_id", "updated_at"])
    customer.deposits_paid = Deposit.objects.filter(appointment__customer=customer, status=D.PAID).count()
    customer.save(update_fields=["deposits_paid", "payment_status", "updated_at"])


def _processing(deposit: Deposit, news: PaymentReported) -> Applied:
    """Checked out with a method that takes days, e.g. a bank transfer: no reminder meanwhile."""
    if deposit.status not in deposits.OPEN:
        return KNOWN
    deposit.status, deposit.link_id = D.PROCESSING, deposit.link_id or news.link_id
    deposit.payment_intent = news.payment_intent or deposit.payment_intent
    deposit.save(update_fields=["status", "link_id", "payment_intent"])
    return Applied(outcome="applied", detail="checked out, not paid yet")


def _refunded(deposit: Deposit, news: PaymentReported) -> Applied:
    """`amount` is all that was given back so far: a part, or everything."""
    if news.amount <= deposit.refunded_amount:
        return KNOWN
    deposit.refunded_amount = news.amount
    deposit.payment_intent = deposit.payment_intent or news.payment_intent
    full = deposit.refunded_amount >= (deposit.paid_amount or deposit.amount)
    if full and deposit.status != D.DISPUTED:
        deposit.status = D.REFUNDED
    deposit.save()
    _switch_off(deposit)
    note_on_visit(deposit)
    deposits.record("deposit.refunded", deposit, actor=Actor.WEBHOOK)
    return Applied(outcome="applied", detail="refunded" if full else "refunded in part")


def _disputed(deposit: Deposit, news: PaymentReported) -> Applied:
    if deposit.status == D.DISPUTED:
        return KNOWN
    deposit.status, deposit.payment_intent = D.DISPUTED, deposit.payment_intent or news.payment_intent
    deposit.save(update_fields=["status", "payment_intent"])
    _switch_off(deposit)
    note_on_visit(deposit)
    deposits.record("deposit.disputed", deposit, actor=Actor.WEBHOOK)
    _tell(
        deposit,
        "deposit_dispute",
        reason="deposit_disputed",
        title="A deposit payment is disputed at the bank.",
        next_step="Answer the dispute at the payment provider before its deadline.",
    )
    return Applied(outcome="applied", detail="disputed")


def _expired(deposit: Deposit, news: PaymentReported) -> Applied:
    """One checkout page ran out; the link itself still works, so nothing changes."""
    return Applied(outcome="ignored", detail="a checkout page expired; the link still works")


def _failed(deposit: Deposit, news: PaymentReported) -> Applied:
    """One attempt failed and the person may try again; unless a checked-out payment bounced, which used up the link."""
    if not news.final:
        return Applied(outcome="ignored", detail="an attempt to pay failed; the link still works")
    if deposit.status not in deposits.UNPAID:
        return KNOWN
    deposit.payment_intent = news.payment_intent or deposit.payment_intent
    deposit.save(update_fields=["payment_intent"])
    deposits.close(deposit)
    deposits.record("deposit.failed", deposit, actor=Actor.WEBHOOK)
    _tell(
        deposit,
        "deposit_failed",
        reason="deposit_payment_failed",
        title="The bank did not carry out a deposit payment.",
        next_step="Tell the patient, then ask for the deposit again or collect it at the visit.",
    )
    return Applied(outcome="applied", detail="the payment failed for good")


def _mismatch(deposit: Deposit, news: PaymentReported, how: str) -> Applied:
    """Never marked as paid. The link is used up, so nobody is reminded of it any more."""
    deposit.payment_intent = deposit.payment_intent or news.payment_intent
    deposit.save(update_fields=["payment_intent"])
    if deposit.status in deposits.UNPAID:
        deposits.close(deposit)
    told = _tell(
        deposit,
        f"deposit_mismatch:{news.payment_intent}",
        reason="deposit_mismatch",
        title=f"A deposit was paid {how}.",
        next_step="Compare the payment at the payment provider with the visit, then accept or refund it there.",
    )
    return Applied(outcome="applied", detail=f"paid {how}: a person looks at it") if told else KNOWN


def _paid_for_nothing(deposit: Deposit) -> None:
    cancelled = deposit.appointment.status == Appointment.Status.CANCELLED
    _tell(
        deposit,
        "deposit_refund",
        reason="deposit_paid_late",
        title="A deposit was paid for a cancelled visit." if cancelled else "A deposit was paid after its visit.",
        next_step="Refund it at the payment provider, or rebook the patient and keep it."
        if cancelled
        else "Look at the visit; refund the payment at the payment provider if it is not wanted.",
    )


def paid_twice(deposit: Deposit, payment_intent: str) -> bool:
    """Opens a case; False when it is known."""
    return _tell(
        deposit,
        f"deposit_twice:{payment_intent}",
        reason="deposit_paid_twice",
        title="A deposit was paid twice.",
        next_step="Look at both payments at the payment provider and refund one of them there.",
    )


def _tell(deposit: Deposit, key: str, *, reason: str, title: str, next_step: str) -> bool:
    """Opens a case; False when there was one, open or settled: the provider is asked again for weeks."""
    key = f"{key}:{deposit.id}"
    if escalations.is_known(key, tenant_id=deposit.tenant_id):
        return False
    escalations.escalate(
        key=key,
        reason=reason,
        title=title,
        next_step=next_step,
        priority=escalations.HIGH,
        appointment=deposit.appointment,
        tenant_id=deposit.tenant_id,
    )
    return True


_APPLY = {
    "paid": _paid,
    "processing": _processing,
    "refunded": _refunded,
    "disputed": _disputed,
    "expired": _expired,
    "failed": _failed,
}
