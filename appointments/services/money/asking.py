"""Whether the patient has read that a deposit is asked for: who cannot be texted is asked by a person."""

from __future__ import annotations

from typing import Final

from appointments.case_reasons.words import because
from appointments.models import Escalation, Message
from appointments.services import escalations
from appointments.services.money import deposits
from appointments.services.money import payment_notes as notes
from compliance.kinds import ASKS_FOR_A_DEPOSIT
from compliance.reasons import NOT_BY_TEXT, Reason

NOT_ASKED: Final = "deposit_not_asked"


def not_asked(message: Message, reason: Reason) -> None:
    """A text that asks for a deposit is left out, and none can follow by itself: a case, once for each deposit."""
    if message.kind not in ASKS_FOR_A_DEPOSIT or reason not in NOT_BY_TEXT or message.appointment is None:
        return
    deposit = deposits.current(message.appointment)
    if deposit is not None and deposit.status in deposits.OPEN:
        notes.tell_of(deposit, NOT_ASKED, priority=escalations.MEDIUM)


def asked(message: Message) -> None:
    """One has gone out after all."""
    if message.kind not in ASKS_FOR_A_DEPOSIT:
        return
    waiting = Escalation.objects.filter(
        appointment=message.appointment_id, reason=NOT_ASKED, status=Escalation.Status.OPEN
    )
    for case in waiting:
        escalations.resolve(case, by=escalations.SYSTEM, resolution=because("text_told"))
