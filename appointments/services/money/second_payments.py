"""A deposit that was paid twice, because a checkout page was open twice: what becomes of the payment that is too many.

One payment is kept as the deposit's own, whichever of the two is given back. Nothing here is known from the deposit's
own fields: each further payment is a row, and what a bank says of it is a case.
"""

from __future__ import annotations

from decimal import Decimal

from appointments.case_reasons.words import because, happened, to_do
from appointments.inbound import Applied, PaymentReported
from appointments.models import Deposit, Escalation, MoneyBack
from appointments.services import escalations
from appointments.services.money import part_payments, refunds
from appointments.services.money import payment_notes as notes

B = MoneyBack.State
KNOWN = Applied(outcome="ignored", detail="known already")
ROWS = (B.SECOND, B.GONE)


def is_kept(deposit: Deposit, news: PaymentReported) -> bool:
    """Remembers a further payment. False when it was given back already."""
    return _row(deposit, news, B.SECOND)[0].state == B.SECOND


def deposit_of(payment_intent: str) -> Deposit | None:
    """The deposit that was paid by this payment, too."""
    row = MoneyBack.objects.select_related("deposit").filter(ref=payment_intent, state__in=ROWS).first()
    return row.deposit if row else None


def is_about_another(deposit: Deposit, news: PaymentReported) -> bool:
    """Whether the news of money that comes back is about another payment than the deposit's own."""
    is_other = news.payment_intent and deposit.payment_intent not in ("", news.payment_intent)
    whole = deposit.paid_at is not None and not part_payments.is_one(deposit, news.payment_intent)
    return bool(is_other) and whole and news.outcome in _APPLY


def apply(deposit: Deposit, news: PaymentReported) -> Applied:
    """What such news changes: never whether the deposit is paid."""
    return _APPLY[news.outcome](deposit, news)


def make_way(deposit: Deposit, payment_intent: str) -> None:
    """The deposit is paid by this payment: what came back before was another one's."""
    given = max(deposit.refunds_told, deposit.refunded_amount)
    if deposit.payment_intent in ("", payment_intent) or not given:
        return
    MoneyBack.objects.get_or_create(
        deposit=deposit, ref=deposit.payment_intent, defaults={"state": B.GONE, "amount": given}
    )
    deposit.refunds_told, deposit.refunds_told_at, deposit.refunded_amount = Decimal(0), None, Decimal(0)
    if deposit.status == Deposit.Status.REFUNDED:
        deposit.status = Deposit.Status.CLOSED


def take_over(deposit: Deposit) -> bool:
    """The deposit's own payment was given back: another that was kept takes its place. False when there is none."""
    row = deposit.money_back.filter(state=B.SECOND).first()
    if row is None:
        return False
    kept, row.ref, row.state = row.ref, deposit.payment_intent, B.GONE
    row.save(update_fields=["ref", "state"])
    deposit.payment_intent, deposit.refunds_told, deposit.refunds_told_at = kept, Decimal(0), None
    _settled(deposit, kept)
    return True


def _refunded(deposit: Deposit, news: PaymentReported) -> Applied:
    """Told as a sum, or refund by refund: it is gone when all of it is."""
    if news.ref and not refunds.note(deposit, news):
        return KNOWN
    if max(news.amount, refunds.given(deposit, news.payment_intent)) < deposit.paid_amount:
        return KNOWN
    row, new = _row(deposit, news, B.GONE)
    if not new and (row.state == B.GONE or news.occurred_at < row.at):
        return KNOWN
    _move(row, news, B.GONE)
    _settled(deposit, news.payment_intent)
    return Applied(outcome="applied", detail="the second payment was refunded")


def _refund_failed(deposit: Deposit, news: PaymentReported) -> Applied:
    refunds.note_failed(deposit, news)
    told = notes.tell(
        deposit,
        f"refund_failed:{news.ref}",
        reason="deposit_refund_failed",
        title=happened("deposit_refund_failed.second"),
        next_step=to_do("deposit_refund_failed"),
    )
    if told:
        _move(_row(deposit, news, B.SECOND)[0], news, B.SECOND)
    return Applied(outcome="applied", detail="a refund did not arrive") if told else KNOWN


def _asked(deposit: Deposit, news: PaymentReported) -> Applied:
    told = notes.tell(
        deposit,
        f"deposit_asked:{news.payment_intent}",
        reason="deposit_dispute_asked",
        title=happened("deposit_dispute_asked.second"),
        next_step=to_do("deposit_dispute_asked.second"),
    )
    return Applied(outcome="applied", detail="the bank asks about the second payment") if told else KNOWN


def _disputed(deposit: Deposit, news: PaymentReported) -> Applied:
    """Keyed by the payment: looking at the payment provider tells of a dispute without its id."""
    told = notes.tell(
        deposit,
        f"deposit_dispute:{news.payment_intent}",
        reason="deposit_disputed",
        title=happened("deposit_disputed.second"),
        next_step=to_do("deposit_disputed.second"),
    )
    return Applied(outcome="applied", detail="the second payment is disputed") if told else KNOWN


def _dispute_closed(deposit: Deposit, news: PaymentReported) -> Applied:
    is_lost = news.outcome == "dispute_lost"
    asked = [f"{what}:{news.payment_intent}:{deposit.id}" for what in ("deposit_dispute", "deposit_asked")]
    closed = _resolve(deposit, asked, because("bank_decided"))
    if is_lost:
        row, _ = _row(deposit, news, B.GONE)
        _move(row, news, B.GONE)
        _settled(deposit, news.payment_intent)
    return Applied(outcome="applied", detail="the second payment's dispute is over") if closed else KNOWN


def _row(deposit: Deposit, news: PaymentReported, state: str) -> tuple[MoneyBack, bool]:
    values = {"state": state, "amount": news.amount, "at": news.occurred_at}
    return MoneyBack.objects.get_or_create(deposit=deposit, ref=news.payment_intent, defaults=values)


def _move(row: MoneyBack, news: PaymentReported, state: str) -> None:
    row.state, row.at = state, news.occurred_at
    row.save(update_fields=["state", "at"])


def _settled(deposit: Deposit, payment_intent: str) -> None:
    """One of two payments was given back, as the case asked."""
    _resolve(deposit, [f"deposit_twice:{payment_intent}:{deposit.id}"], because("one_given_back"))


def _resolve(deposit: Deposit, keys: list[str], words: str) -> bool:
    found = Escalation.objects.filter(tenant_id=deposit.tenant_id, key__in=keys, status=Escalation.Status.OPEN)
    return bool(sum(escalations.resolve(case, by="aro", resolution=words) for case in found))


_APPLY = {
    "refunded": _refunded,
    "refund_failed": _refund_failed,
    "asked": _asked,
    "disputed": _disputed,
    "dispute_won": _dispute_closed,
    "dispute_lost": _dispute_closed,
}
