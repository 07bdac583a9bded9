"""What a payment provider reports of a deposit. Every function may run twice and in any order.

Nothing is taken on trust: only the exact amount in the exact currency pays a deposit, and whatever does not fit goes
to a person. ARO never charges and never refunds.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from appointments import states
from appointments.case_reasons import Change
from appointments.case_reasons.words import happened, part, to_do
from appointments.inbound import Applied, PaymentReported
from appointments.models import Appointment, Deposit
from appointments.services import case_endings
from appointments.services.money import deposits, money_back, part_payments, second_payments
from appointments.services.money import payment_notes as notes
from appointments.services.money.money_back import KNOWN
from aro import clock
from aro.queue import locks
from compliance.models import Actor

D = Deposit.Status
PAYABLE = (*deposits.UNPAID, D.CLOSED, D.EXPIRED)
NOT_OURS = Applied(outcome="ignored", detail="not a deposit of ours")
# The money went back before we heard that it had come.
GIVEN_BACK = (D.REFUNDED, D.DISPUTED, D.LOST)
STILL_OF_USE = (*states.UPCOMING, Appointment.Status.IN_PROGRESS)


def report(news: PaymentReported, *, correlation_id: UUID) -> Applied:
    """Applies a payment provider's news, in the caller's transaction."""
    found = _find(news)
    if found is None:
        return NOT_OURS
    # The lock that moving and cancelling take, too: a payment comes either before or after.
    locks.hold("visit", str(found.appointment_id))
    rows = Deposit.objects.select_related("appointment__customer").select_for_update(of=("self",))
    deposit = rows.get(pk=found.pk)
    if second_payments.is_about_another(deposit, news):
        return second_payments.apply(deposit, news)
    return _APPLY[news.outcome](deposit, news)


def _find(news: PaymentReported) -> Deposit | None:
    """By our own id, else by the payment or the link, else the visit's newest."""
    known = Deposit.objects.order_by("-created_at")
    deposit_id, appointment_id = _uuid(news.deposit_id), _uuid(news.appointment_id)
    wanted: list[dict[str, object]] = [{"pk": deposit_id} if deposit_id else {}]
    if not deposit_id:
        wanted.append({"payment_intent": news.payment_intent} if news.payment_intent else {})
        wanted.append({"link_id": news.link_id} if news.link_id else {})
        wanted.append({"appointment_id": appointment_id} if appointment_id else {})
    found = next((found for one in wanted if one and (found := known.filter(**one).first())), None)
    return found or (second_payments.deposit_of(news.payment_intent) if news.payment_intent else None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _paid(deposit: Deposit, news: PaymentReported) -> Applied:
    if deposit.paid_at is not None:
        return _again(deposit, news)
    if news.currency.upper() != deposit.currency.upper():
        return _mismatch(deposit, news, "other_currency")
    if news.amount != deposit.amount and not _makes_it_whole(deposit, news):
        return _mismatch(deposit, news, "less" if news.amount < deposit.amount else "more")
    second_payments.make_way(deposit, news.payment_intent)
    deposit.paid_at, deposit.paid_amount = clock.now(), deposit.amount
    deposit.payment_intent = news.payment_intent or deposit.payment_intent
    deposit.link_id = deposit.link_id or news.link_id
    if deposit.status in PAYABLE and notes.takes_the_place(deposit):
        deposit.status = D.PAID
    deposit.save()
    notes.switch_off(deposit)
    notes.note_on_visit(deposit)
    if deposit.status in GIVEN_BACK:
        return Applied(outcome="applied", detail="paid, and given back or disputed since")
    deposits.record("deposit.paid", deposit, actor=Actor.WEBHOOK)
    case_endings.visit_changed(deposit.appointment, Change.PAID)
    if news.amount != deposit.amount:
        notes.whole_after_all(deposit)
    if deposit.status == D.PAID and deposit.appointment.status not in STILL_OF_USE:
        _paid_for_nothing(deposit)
    return Applied(outcome="applied", detail="paid")


def _makes_it_whole(deposit: Deposit, news: PaymentReported) -> bool:
    """The last of several parts, nothing of which was given back."""
    return not deposit.refunded_amount and part_payments.total_with(deposit, news) == deposit.amount


def _again(deposit: Deposit, news: PaymentReported) -> Applied:
    """Two events tell of one payment; a second payment is another matter: a checkout page was open twice."""
    if not news.payment_intent or deposit.payment_intent in ("", news.payment_intent):
        if not deposit.payment_intent and news.payment_intent:
            Deposit.objects.filter(pk=deposit.pk).update(payment_intent=news.payment_intent)
        return KNOWN
    if not second_payments.is_kept(deposit, news):
        return KNOWN
    if money_back.replaced(deposit):
        return Applied(outcome="applied", detail="paid again after a refund: this payment is kept")
    told = notes.paid_twice(deposit, news.payment_intent)
    return Applied(outcome="applied", detail="paid twice: a person looks at it") if told else KNOWN


def _processing(deposit: Deposit, news: PaymentReported) -> Applied:
    """Checked out with a method that takes days, e.g. a bank transfer: no reminder meanwhile."""
    if deposit.status not in deposits.OPEN:
        return KNOWN
    deposit.status, deposit.link_id = D.PROCESSING, deposit.link_id or news.link_id
    deposit.payment_intent = news.payment_intent or deposit.payment_intent
    deposit.save(update_fields=["status", "link_id", "payment_intent"])
    return Applied(outcome="applied", detail="checked out, not paid yet")


def _expired(deposit: Deposit, news: PaymentReported) -> Applied:
    """One checkout page ran out; the link itself still works, so nothing changes."""
    return Applied(outcome="ignored", detail="a checkout page expired; the link still works")


def _failed(deposit: Deposit, news: PaymentReported) -> Applied:
    """One attempt failed and the person may try again; unless a checked-out payment bounced, which used up the link."""
    if not news.final:
        return Applied(outcome="ignored", detail="an attempt to pay failed; the link still works")
    bounced = deposit.status == D.PAID and deposit.payment_intent in (news.payment_intent, "")
    if deposit.status not in deposits.UNPAID and not bounced:
        return KNOWN
    deposit.payment_intent = news.payment_intent or deposit.payment_intent
    deposit.paid_at, deposit.paid_amount = None, Decimal(0)
    deposit.save(update_fields=["payment_intent", "paid_at", "paid_amount"])
    deposits.close(deposit)
    notes.note_on_visit(deposit)
    deposits.record("deposit.failed", deposit, actor=Actor.WEBHOOK)
    notes.tell(
        deposit,
        "deposit_failed",
        reason="deposit_payment_failed",
        title=happened("deposit_payment_failed"),
        next_step=to_do("deposit_payment_failed"),
    )
    return Applied(outcome="applied", detail="the payment failed for good")


def _mismatch(deposit: Deposit, news: PaymentReported, how: str) -> Applied:
    """Never marked as paid. The link is used up, so nobody is reminded of it any more."""
    deposit.payment_intent = deposit.payment_intent or news.payment_intent
    paid = news.amount if how == "other_currency" else part_payments.total_with(deposit, news)
    _note_amount(deposit, paid, how)
    if deposit.status in deposits.UNPAID:
        deposits.close(deposit)
    told = notes.tell(
        deposit,
        f"deposit_mismatch:{news.payment_intent}",
        reason="deposit_mismatch",
        title=happened(
            "deposit_mismatch.amounts",
            how=part(f"paid.{how}"),
            paid=f"{paid} {news.currency.upper()}",
            asked=f"{deposit.amount} {deposit.currency}",
        ),
        next_step=to_do("deposit_mismatch"),
    )
    return Applied(outcome="applied", detail=f"paid {part(f'paid.{how}')}: a person looks at it") if told else KNOWN


def _note_amount(deposit: Deposit, paid: Decimal, how: str) -> None:
    """The money is there, and a person decides about it. What was given back of it may have been told before."""
    if how != "other_currency":
        deposit.paid_amount = paid
    deposit.save(update_fields=["payment_intent", "paid_amount"])
    if deposit.refunded_amount:
        money_back.settle(deposit)


def _paid_for_nothing(deposit: Deposit) -> None:
    cancelled = deposit.appointment.status == Appointment.Status.CANCELLED
    code = "deposit_paid_late.cancelled" if cancelled else "deposit_paid_late"
    notes.tell(
        deposit,
        "deposit_refund",
        reason="deposit_paid_late",
        title=happened(code),
        next_step=to_do(code),
    )


_APPLY = {
    "paid": _paid,
    "processing": _processing,
    "refunded": money_back.refunded,
    "refund_failed": money_back.refund_failed,
    "asked": money_back.asked,
    "disputed": money_back.disputed,
    "dispute_won": money_back.dispute_closed,
    "dispute_lost": money_back.dispute_closed,
    "suspected": money_back.suspected,
    "expired": _expired,
    "failed": _failed,
}
