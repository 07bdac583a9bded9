"""Payments of another amount than the deposit: each is remembered by itself, and together they may be the deposit."""

from __future__ import annotations

from decimal import Decimal

from appointments import currencies
from appointments.inbound import PaymentReported
from appointments.models import Deposit, MoneyBack

B = MoneyBack.State


def total_with(deposit: Deposit, news: PaymentReported) -> Decimal:
    """All that was paid by now, this payment among it; one that is told twice counts once."""
    if not news.payment_intent:
        return news.amount
    values = {"state": B.PART, "amount": news.amount, "at": news.occurred_at}
    MoneyBack.objects.get_or_create(deposit=deposit, ref=news.payment_intent, defaults=values)
    return _sum(deposit)


def is_one(deposit: Deposit, payment: str) -> bool:
    """Whether this payment is a part of what was paid."""
    return payment in of(deposit)


def of(deposit: Deposit) -> list[str]:
    """The payments that together are what was paid; none where one payment alone was the deposit."""
    parts = deposit.money_back.filter(state=B.PART)
    return list(parts.values_list("ref", flat=True)) if _sum(deposit) == deposit.paid_amount else []


def _sum(deposit: Deposit) -> Decimal:
    found = deposit.money_back.filter(state=B.PART).values_list("amount", flat=True)
    return currencies.rounded(sum(found, Decimal(0)), deposit.currency)
