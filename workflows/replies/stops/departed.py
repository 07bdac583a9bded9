"""Whether a message tells of a death, or that the patient has gone for good: `config/replies/departed.toml`.

Beside an opt-out, or alone: a person has to know, or the visit stays booked and a cheerful text reaches the family.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from appointments.case_reasons import DECEASED, GONE
from appointments.case_reasons.words import happened, to_do
from appointments.models import Appointment
from appointments.services import escalations
from workflows.replies.acting.answering import Reply, answer, person_at
from workflows.replies.labels import NO_ANSWER, Label, Sort
from workflows.replies.meanings import changes, wishes
from workflows.replies.people import per_person
from workflows.replies.stops import one_of_family
from workflows.replies.stops.leaving import book, has_left, heard, is_of_all, may_have_left
from workflows.replies.text.normalize import plain
from workflows.replies.words.phrasebook import Heard

# What else it may have been taken for, when it tells of a death: a day makes it look like a yes or a move.
_MAY_TELL_OF_DEATH: Final = frozenset(
    {Label.STOP, Label.CANCEL, Label.OTHER, Label.WRONG_NUMBER, Label.CONFIRM, Label.RESCHEDULE, Label.QUESTION}
)
# What it may have been taken for, when it tells that they have gone: what they say of the visit would be news of it.
_MAY_TELL_OF_LEAVING: Final = frozenset({Label.CANCEL, Label.OTHER, Label.QUESTION, Label.RESCHEDULE})


def reason_in(text: str, names: frozenset[str] = frozenset()) -> str:
    """The reason of the case that this text asks for; empty for most. `names`: whom our texts to this phone greet.

    Beside a stop. Alone, `leaving.has_left` asks for more.
    """
    words = heard(text, names)
    if book("died").says(words):
        return "" if _is_of_another(words) else DECEASED
    return GONE if may_have_left(text) else ""


def _is_of_another(words: list[Heard]) -> bool:
    """Who mourns one of the family and speaks of an own visit: no patient has died."""
    return book("kin_died").says(words) and book("mourns").says(words)


def tell(reply: Reply, text: str) -> bool:
    """Opens the case; True when the message tells of a death. `text` without what we wrote ourselves."""
    reason, label = reason_in(text, reply.context.names), reply.found.label
    if reason == DECEASED and label in _MAY_TELL_OF_DEATH:
        _open(reply, reason, _first(reply))
        return True
    if reason == GONE and label is Label.STOP and one_of_family.read(text, reply.context.names) is None:
        _open_for_each(reply, text)
    return False


def tell_of_leaving(reply: Reply, text: str) -> bool:
    """Opens the case of who has gone without asking for silence: nothing is cancelled, and no reminder goes out before
    a person has looked. True when it was one."""
    found = reply.found
    if found.label not in _MAY_TELL_OF_LEAVING or found.sort is not Sort.WORDS or not has_left(text):
        return False
    if found.label is Label.RESCHEDULE and _wishes_otherwise(plain(text)):
        return False
    _open_for_each(reply, text)
    answer(reply, "handed_over")
    return True


def _wishes_otherwise(words: str) -> bool:
    """More than a day that they name: "we moved to Texas on Monday" wishes for none."""
    return changes.wants_visit_moved(words) or wishes.wants_move(words) or wishes.wishes_time(words)


def _open_for_each(reply: Reply, text: str) -> None:
    """One case for each visit that is given up; one for all of them where nobody can tell whose."""
    visits = _given_up(reply, text)
    for visit in visits:
        _open(reply, GONE, visit)
    if not visits:
        _open(reply, GONE, None)


def _given_up(reply: Reply, text: str) -> Sequence[Appointment]:
    visits = reply.context.visits
    one = per_person.only_one(text, visits, now=reply.message.created_at, by_hour=False)
    if one is not None:
        return [visit for visit in visits if visit.customer_id == one.customer_id]
    of_one = len({visit.customer_id for visit in visits}) == 1
    return visits if of_one or is_of_all(text) else ()


def wrote_again(reply: Reply) -> bool:
    """Whether a death was told from this phone and nobody has settled it: what comes now is part of that case."""
    message = reply.message
    case = escalations.open_at(message.address, DECEASED, tenant_id=message.tenant_id)
    if case is None:
        return False
    escalations.escalate(key=case.key, reason=DECEASED, message=message, tenant_id=message.tenant_id)
    if reply.found.sort not in NO_ANSWER:
        escalations.reword(case, happened("deceased.wrote_again"), to_do("deceased.wrote_again"))
    return True


def _first(reply: Reply) -> Appointment | None:
    return reply.context.visit or (reply.context.visits[0] if reply.context.visits else None)


def _open(reply: Reply, reason: str, visit: Appointment | None) -> None:
    escalations.escalate(
        key=f"{reason}:{visit.id if visit else reply.message.id}",
        reason=reason,
        appointment=visit or reply.context.over,
        customer=visit.customer if visit else person_at(reply) or reply.context.former,
        message=reply.message,
        visits=() if visit else reply.context.visits,
        tenant_id=reply.message.tenant_id,
    )
