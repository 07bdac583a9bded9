"""Who writes from a number that was corrected is not the patient: nothing of theirs changes, and nothing is answered.

What holds whoever writes (a stop, help, an emergency) is done as always, and names nobody. Where somebody else still
has the number, what they say counts; only a plain answer to the last question, about whoever has gone, does not.
"""

from __future__ import annotations

from appointments.case_reasons import FORMER_NUMBER
from appointments.services import escalations
from appointments.texts.values import first_name
from workflows.replies.answering import Reply, person_at
from workflows.replies.heard import own_words
from workflows.replies.labels import NO_ANSWER, STATE_CHANGING
from workflows.replies.whose import named_in


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
        title=_begun(f"{named(reply)} wrote, and not the one they have now.")[:200],
        customer=reply.context.former,
        message=reply.message,
        tenant_id=reply.message.tenant_id,
    )
    return False


def named(reply: Reply) -> str:
    """ "The former number of Ana"."""
    who = reply.context.former
    return f"the former number of {(first_name(who.name) if who else '') or 'a patient'}"


def _ask_which(reply: Reply) -> None:
    escalations.escalate(
        key=f"which_visit:{reply.message.id}",
        reason="which_visit",
        title=_begun(f"{named(reply)} answered what was asked of them: perhaps for somebody else on that phone.")[:200],
        message=reply.message,
        visits=reply.context.visits,
        tenant_id=reply.message.tenant_id,
    )


def _begun(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _names_one_of_them(reply: Reply) -> bool:
    words = own_words(reply.message, reply.context)
    return bool(named_in(words, reply.context.visits, reply.message.created_at).people)
