"""What of a payment was given back: told as the sum, or refund by refund, or both. In any order, and twice."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q, QuerySet

from appointments.inbound import PaymentReported
from appointments.models import Deposit, MoneyBack
from appointments.services.money import part_payments

B = MoneyBack.State


def note(deposit: Deposit, news: PaymentReported) -> bool:
    """Remembers one refund. False when it was known: it happened, or failed since."""
    return _row(deposit, news, B.REFUND)[1]


def note_failed(deposit: Deposit, news: PaymentReported) -> bool:
    """The same of one that did not arrive, which is its end."""
    row, new = _row(deposit, news, B.REFUND_FAILED)
    if not new and row.state == B.REFUND:
        row.state, row.amount, row.at, new = B.REFUND_FAILED, news.amount, news.occurred_at, True
        row.save(update_fields=["state", "amount", "at"])
    return new


def arrived(deposit: Deposit) -> Decimal:
    """What was given back of the deposit's own payment, and did not return. Each way of telling may know less than the
    other, never more."""
    return max(given(deposit, deposit.payment_intent), _told(deposit))


def given(deposit: Deposit, payment: str) -> Decimal:
    """The refunds of a payment that were told one by one."""
    known = _of(deposit, payment).filter(state=B.REFUND).values_list("amount", flat=True)
    return sum(known, Decimal(0))


def failed(deposit: Deposit) -> QuerySet[MoneyBack]:
    """The refunds of the deposit's own payment that did not arrive."""
    return _of(deposit, deposit.payment_intent).filter(state=B.REFUND_FAILED)


def _told(deposit: Deposit) -> Decimal:
    """The sum that was told; one that was told after a refund failed leaves that one out already."""
    returned = failed(deposit)
    if deposit.refunds_told_at is not None:
        returned = returned.filter(at__gte=deposit.refunds_told_at)
    return max(Decimal(0), deposit.refunds_told - sum((one.amount for one in returned), Decimal(0)))


def _of(deposit: Deposit, payment: str) -> QuerySet[MoneyBack]:
    parts = part_payments.of(deposit) if payment == deposit.payment_intent else []
    whose = Q(payment__in=["", payment, *parts]) if payment else Q()
    return deposit.money_back.filter(whose)


def _row(deposit: Deposit, news: PaymentReported, state: str) -> tuple[MoneyBack, bool]:
    values = {"state": state, "amount": news.amount, "at": news.occurred_at, "payment": news.payment_intent}
    return MoneyBack.objects.get_or_create(deposit=deposit, ref=news.ref, defaults=values)
