"""Money that comes back: refunds that arrive or not, disputes that are won or lost. In any order, and twice.

A deposit's state follows from all that is known of it, so news that comes late finds the same state as news in time.
What staff must know is a case with the next step: ARO refunds nothing and answers no bank.
"""

from __future__ import annotations

from appointments.case_reasons.words import because, happened, to_do
from appointments.inbound import Applied, PaymentReported
from appointments.models import Deposit, Escalation, MoneyBack
from appointments.services import escalations
from appointments.services.money import deposits, refunds, second_payments
from appointments.services.money import payment_notes as notes
from compliance.models import Actor

D, B = Deposit.Status, MoneyBack.State
KNOWN = Applied(outcome="ignored", detail="known already")
_DISPUTES = (B.ASKED, B.OPEN, B.WON, B.LOST)
_OVER = (B.WON, B.LOST)


def refunded(deposit: Deposit, news: PaymentReported) -> Applied:
    """`amount` is all that was given back so far, as the payment provider knew at the time of the news; with a `ref` it
    is that of this one refund."""
    before = deposit.refunded_amount
    if news.ref and not refunds.note(deposit, news):
        return KNOWN
    if not news.ref:
        if _is_outdated(deposit, news):
            return KNOWN
        deposit.refunds_told, deposit.refunds_told_at = news.amount, news.occurred_at
    deposit.payment_intent = deposit.payment_intent or news.payment_intent
    settle(deposit)
    if replaced(deposit):
        return Applied(outcome="applied", detail="refunded; the second payment is kept")
    if deposit.refunded_amount <= before:
        return KNOWN
    deposits.record("deposit.refunded", deposit, actor=Actor.WEBHOOK)
    return Applied(outcome="applied", detail="refunded" if deposit.status == D.REFUNDED else "refunded in part")


def replaced(deposit: Deposit) -> bool:
    """Whether a refunded deposit has another payment that was kept: it is paid by that one now."""
    if deposit.status != D.REFUNDED or not second_payments.take_over(deposit):
        return False
    settle(deposit)
    return True


def refund_failed(deposit: Deposit, news: PaymentReported) -> Applied:
    """Days later the bank sends a refund back, e.g. because the account is closed: the clinic has the money again."""
    if not refunds.note_failed(deposit, news):
        return KNOWN
    deposit.payment_intent = deposit.payment_intent or news.payment_intent
    settle(deposit)
    deposits.record("deposit.refund_failed", deposit, actor=Actor.WEBHOOK)
    notes.tell(
        deposit,
        f"refund_failed:{news.ref}",
        reason="deposit_refund_failed",
        title=happened("deposit_refund_failed"),
        next_step=to_do("deposit_refund_failed"),
    )
    return Applied(outcome="applied", detail="a refund did not arrive")


def asked(deposit: Deposit, news: PaymentReported) -> Applied:
    """The bank asks about the payment before it disputes it: no money has moved."""
    if _known_dispute(deposit, news) is not None:
        return KNOWN
    _note_dispute(deposit, news, B.ASKED)
    notes.tell(
        deposit,
        f"deposit_asked:{news.ref}",
        reason="deposit_dispute_asked",
        title=happened("deposit_dispute_asked"),
        next_step=to_do("deposit_dispute_asked"),
    )
    return Applied(outcome="applied", detail="the bank asks about the payment")


def disputed(deposit: Deposit, news: PaymentReported) -> Applied:
    """The bank takes the money back until the dispute is over."""
    known = _known_dispute(deposit, news)
    if known is not None and (known.state != B.ASKED or not news.ref):
        return KNOWN
    row = _note_dispute(deposit, news, B.OPEN)
    deposits.record("deposit.disputed", deposit, actor=Actor.WEBHOOK)
    notes.tell(
        deposit,
        f"deposit_dispute:{row.pk}",
        reason="deposit_disputed",
        title=happened("deposit_disputed"),
        next_step=to_do("deposit_disputed"),
    )
    return Applied(outcome="applied", detail="disputed")


def dispute_closed(deposit: Deposit, news: PaymentReported) -> Applied:
    """Won: the deposit is paid again. Lost: the money is gone. The newest word counts, should there be two."""
    known, state = _known_dispute(deposit, news), B.WON if news.outcome == "dispute_won" else B.LOST
    if known is not None and known.state in _OVER and (known.state == state or news.occurred_at <= known.at):
        return KNOWN
    only_asked = known is not None and known.state == B.ASKED
    row = _note_dispute(deposit, news, state)
    _close_cases(row)
    if state == B.WON and only_asked:
        return Applied(outcome="applied", detail="the bank asks no more")
    deposits.record("deposit.dispute_won" if state == B.WON else "deposit.dispute_lost", deposit, actor=Actor.WEBHOOK)
    _tell_end(deposit, news, state)
    return Applied(outcome="applied", detail="dispute won" if state == B.WON else "dispute lost")


def suspected(deposit: Deposit, news: PaymentReported) -> Applied:
    """An early fraud warning: a dispute follows most of them, with a fee."""
    told = notes.tell(
        deposit,
        f"deposit_suspected:{news.ref}",
        reason="deposit_suspected",
        title=happened("deposit_suspected"),
        next_step=to_do("deposit_suspected"),
    )
    return Applied(outcome="applied", detail="a person was told of a suspicion") if told else KNOWN


def settle(deposit: Deposit) -> None:
    """Brings the deposit, its link and its visit in line with what is known of its money."""
    before, deposit.refunded_amount = deposit.status, refunds.arrived(deposit)
    found = set(deposit.money_back.values_list("state", flat=True))
    wanted = deposit.paid_amount or deposit.amount
    if B.LOST in found or B.OPEN in found:
        deposit.status = D.LOST if B.LOST in found else D.DISPUTED
    elif deposit.refunded_amount >= wanted:
        deposit.status = D.REFUNDED
    elif deposit.status in (D.LOST, D.DISPUTED, D.REFUNDED):
        paid = deposit.paid_at is not None and notes.takes_the_place(deposit)
        deposit.status = D.PAID if paid else D.CLOSED
    deposit.save()
    # Once: switching off asks the provider, who tells the same again.
    if deposit.status in (D.LOST, D.DISPUTED, D.REFUNDED) and deposit.status != before:
        notes.switch_off(deposit)
    notes.note_on_visit(deposit)


def _is_outdated(deposit: Deposit, news: PaymentReported) -> bool:
    """The sum only ever rises, unless a refund failed in between."""
    told_at = deposit.refunds_told_at
    if told_at is not None and (news.occurred_at, news.amount) <= (told_at, deposit.refunds_told):
        return True
    returned = refunds.failed(deposit)
    if told_at is not None and news.amount == deposit.refunds_told and not returned.filter(at__gte=told_at).exists():
        return True  # each look at the provider tells the same sum with the time of asking
    failed = refunds.failed(deposit).filter(at__lte=news.occurred_at)
    return news.amount < deposit.refunds_told and not failed.exists()


def _known_dispute(deposit: Deposit, news: PaymentReported) -> MoneyBack | None:
    """The dispute that the news is about. News that names none is about any; one that was told of without its id is
    the first that has one."""
    known = deposit.money_back.filter(state__in=_DISPUTES).order_by("-at")
    return (known.filter(ref__in=["", news.ref]) if news.ref else known).first()


def _note_dispute(deposit: Deposit, news: PaymentReported, state: str) -> MoneyBack:
    row = _known_dispute(deposit, news) or MoneyBack(deposit=deposit)
    row.ref, row.state, row.amount, row.at = news.ref or row.ref, state, news.amount, news.occurred_at
    row.save()
    deposit.payment_intent = deposit.payment_intent or news.payment_intent
    settle(deposit)
    return row


def _close_cases(row: MoneyBack) -> None:
    """What asks staff to answer the bank; before disputes were rows, a case was about the deposit's only one."""
    deposit = row.deposit
    answers = (f"deposit_dispute:{row.pk}", f"deposit_asked:{row.ref}")
    keys = [f"deposit_dispute:{deposit.id}", *(f"{key}:{deposit.id}" for key in answers)]
    for case in Escalation.objects.filter(tenant_id=deposit.tenant_id, key__in=keys, status=Escalation.Status.OPEN):
        escalations.resolve(case, by="aro", resolution=because("bank_decided"))


def _tell_end(deposit: Deposit, news: PaymentReported, state: str) -> None:
    reason = f"deposit_{news.outcome}"
    notes.tell(
        deposit,
        f"{reason}:{news.ref}",
        reason=reason,
        title=happened(reason),
        next_step=to_do(reason),
        priority=escalations.LOW if state == B.WON else escalations.HIGH,
    )
