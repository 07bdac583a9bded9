"""What a payment's news change besides the deposit itself: the visit, the person, the link, and a case for staff."""

from __future__ import annotations

from django.db.models import F

from appointments.case_reasons import Change
from appointments.case_reasons.words import because, happened, to_do
from appointments.models import Appointment, Customer, Deposit, Escalation
from appointments.services import escalations
from appointments.services.money import deposits
from aro import clock
from aro.queue import due

D = Deposit.Status


def takes_the_place(deposit: Deposit) -> bool:
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


def switch_off(deposit: Deposit) -> None:
    """Soon the link takes no payment any more."""
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


def paid_of(appointment: Appointment) -> Deposit | None:
    """The deposit of a visit for which the clinic has money, all of it or a part."""
    theirs = Deposit.objects.filter(appointment=appointment, paid_amount__gt=F("refunded_amount"))
    return theirs.exclude(status__in=(D.REFUNDED, D.DISPUTED, D.LOST)).order_by("-created_at").first()


def ask_what_becomes_of_it(appointment: Appointment) -> None:
    """The visit is off, and money was paid for it: a person decides, once."""
    deposit = paid_of(appointment)
    if deposit is not None:
        money = f"{deposit.paid_amount - deposit.refunded_amount} {deposit.currency}"
        title, step = happened("deposit_kept", money=money), to_do("deposit_kept")
        tell(deposit, "deposit_kept", reason="deposit_kept", title=title, next_step=step)


def whole_after_all(deposit: Deposit) -> None:
    """Several payments are the deposit together: what was said of each of them is settled."""
    parts = Escalation.objects.filter(
        tenant_id=deposit.tenant_id,
        reason="deposit_mismatch",
        key__endswith=f":{deposit.id}",
        status=Escalation.Status.OPEN,
    )
    for case in parts if deposit.status == D.PAID else ():
        escalations.resolve(case, by=escalations.SYSTEM, resolution=because(Change.PAID))


def paid_twice(deposit: Deposit, payment_intent: str) -> bool:
    """Opens a case; False when it is known."""
    return tell(
        deposit,
        f"deposit_twice:{payment_intent}",
        reason="deposit_paid_twice",
        title=happened("deposit_paid_twice"),
        next_step=to_do("deposit_paid_twice"),
    )


def tell(  # noqa: PLR0913 - each names a separate fact
    deposit: Deposit, key: str, *, reason: str, title: str, next_step: str, priority: int = escalations.HIGH
) -> bool:
    """Opens a case; False when there was one, open or settled: the provider is asked again for weeks."""
    key = f"{key}:{deposit.id}"
    if escalations.is_known(key, tenant_id=deposit.tenant_id):
        return False
    escalations.escalate(
        key=key,
        reason=reason,
        title=title,
        next_step=next_step,
        priority=priority,
        appointment=deposit.appointment,
        tenant_id=deposit.tenant_id,
    )
    return True


def tell_of(deposit: Deposit, reason: str, *, priority: int = escalations.HIGH) -> bool:
    """The same in the reason's own words, once for each deposit."""
    return tell(deposit, reason, reason=reason, title=happened(reason), next_step=to_do(reason), priority=priority)
