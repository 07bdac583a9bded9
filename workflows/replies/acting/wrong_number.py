"""Somebody else answers at this number: everything planned for it waits, and a person is asked for the right one."""

from __future__ import annotations

from appointments.case_reasons.words import happened, to_do
from appointments.models import Escalation, Message
from appointments.services import escalations, messages
from aro import clock
from compliance import guardrails, wrong_numbers
from compliance.models import WrongNumber
from compliance.reasons import Reason
from workflows.replies.acting.answering import Reply, person_at
from workflows.replies.labels import NO_ANSWER
from workflows.replies.meanings import new_number
from workflows.replies.people import former

REASON = "wrong_number"


def hold(reply: Reply) -> bool:
    """In the transaction that stores the message. No answer: whoever it is has nothing to do with us. Nor a case,
    where the number was corrected before they said so."""
    message = reply.message
    row = wrong_numbers.hold(message.address, tenant_id=message.tenant_id)
    until = clock.now() + guardrails.LOOK_AGAIN
    messages.hold_all(message.address, Reason.WRONG_NUMBER, until, tenant_id=message.tenant_id)
    if not former.has_nobody(reply):
        _tell(reply, row)
    return False


def is_held(reply: Reply) -> bool:
    """Whether it may be somebody else who writes: not where the patient has only told of a new number."""
    row = wrong_numbers.current(reply.message.address, tenant_id=reply.message.tenant_id)
    return row is not None and (_is_open(key_of(row), row) or not _is_open(new_number.key_of(row), row))


def _is_open(key: str, row: WrongNumber) -> bool:
    return Escalation.objects.filter(tenant_id=row.tenant_id, key=key, status=Escalation.Status.OPEN).exists()


def wrote_again(reply: Reply) -> bool:
    """Whoever writes from there meanwhile, for the patient or not: a person reads it, and nothing is confirmed."""
    row = wrong_numbers.current(reply.message.address, tenant_id=reply.message.tenant_id)
    if row is not None:
        case = _tell(reply, row)
        if reply.found.sort not in NO_ANSWER:
            escalations.reword(case, happened("wrong_number.wrote_again"), to_do("wrong_number.wrote_again"))
    return False


def key_of(row: WrongNumber) -> str:
    return f"{REASON}:{row.id}"


def _tell(reply: Reply, row: WrongNumber) -> Escalation:
    message: Message = reply.message
    return escalations.escalate(
        key=key_of(row),
        reason=REASON,
        appointment=reply.context.visit,
        customer=person_at(reply),
        message=message,
        tenant_id=message.tenant_id,
    )
