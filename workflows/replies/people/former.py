"""Who writes from a number that was corrected is not the patient: nothing of theirs changes, and nothing is answered.

What holds whoever writes (a stop, help, an emergency) is done as always, and names nobody. Where somebody else still
has the number, what they say counts; only a plain answer to the last question, about whoever has gone, does not.
"""

from __future__ import annotations

from appointments.case_reasons import FORMER_NUMBER
from appointments.case_reasons.words import happened
from appointments.services import escalations
from workflows.replies.acting.answering import Reply, person_at
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import NO_ANSWER, STATE_CHANGING
from workflows.replies.people.whose import named_in


def is_writing(reply: Reply) -> bool:
    """Whether what is said may be said of somebody who has another number now."""
    context, found = reply.context, reply.found
    if context.former is None:
        return False
    return not context.visits or (found.label in STATE_CHANGING and not _names_one_of_them(reply))


def has_nobody(reply: Reply) -> bool:
    """Whether no patient has the number any more."""
    return reply.context.former is not None and person_at(reply) is None


def tell(reply: Reply) -> bool:
    """A case, unless it is no more than thanks or a machine's."""
    if reply.found.sort in NO_ANSWER:
        return False
    if reply.context.visits:
        _ask_which(reply)
        return False
    escalations.escalate(
        key=f"{FORMER_NUMBER}:{reply.context.former.pk if reply.context.former else reply.message.pk}",
        reason=FORMER_NUMBER,
        customer=reply.context.former,
        message=reply.message,
        tenant_id=reply.message.tenant_id,
    )
    return False


def _ask_which(reply: Reply) -> None:
    escalations.escalate(
        key=f"which_visit:{reply.message.id}",
        reason="which_visit",
        title=happened("which_visit.former"),
        message=reply.message,
        visits=reply.context.visits,
        tenant_id=reply.message.tenant_id,
    )


def _names_one_of_them(reply: Reply) -> bool:
    words = own_words(reply.message, reply.context)
    return bool(named_in(words, reply.context.visits, reply.message.created_at).people)
