"""Reasons that lie in deposits and money that moves."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from appointments.case_reasons.reason import BY_A_PERSON, HIGH, LOW, OUTCOMES, CaseReason, Change

_DEPOSIT_OVER: Final = OUTCOMES | {Change.MOVED, Change.PAID}
MONEY: Final = (
    CaseReason(code="deposit_unpaid", closes_on=_DEPOSIT_OVER),
    CaseReason(
        code="deposit_not_asked",
        calls=True,
        title=_("A deposit is wanted, and no text can ask this patient for it."),
        next_step=_("Call the patient. The payment link is on the deposit's page. Or go without a deposit."),
        closes_on=_DEPOSIT_OVER,
    ),
    CaseReason(code="deposit_link_failed", closes_on=_DEPOSIT_OVER),
    CaseReason(code="deposit_dispute_won", priority=LOW, closes_on=BY_A_PERSON),
    # Money that has moved is looked at, whatever becomes of the visit.
    *(
        CaseReason(code=code, priority=HIGH, closes_on=BY_A_PERSON)
        for code in (
            "deposit_link_on",
            "deposit_disputed",
            "deposit_dispute_asked",
            "deposit_dispute_lost",
            "deposit_refund_failed",
            "deposit_suspected",
            "deposit_payment_failed",
            "deposit_mismatch",
            "deposit_paid_late",
            "deposit_kept",
            "deposit_paid_twice",
        )
    ),
)
