"""Of which visits a reply says something, understood or not: about any other the person has not answered.

What a person of the clinic has to read counts as an answer, since a case is open for it. What no patient said of a
visit does not: a keyword, a machine's text, somebody else at the phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from appointments.case_reasons import DECEASED
from appointments.models import Appointment, ReplyClassification
from workflows.replies.acting import wrong_number
from workflows.replies.acting.answering import Reply
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import NO_ANSWER, WHOLE, Label, Source
from workflows.replies.meanings import changes
from workflows.replies.people import former, per_person
from workflows.replies.people.whose import named_in
from workflows.replies.stops import departed, one_of_family
from workflows.replies.stops.keywords import is_bare_cancel
from workflows.replies.text.normalize import plain

# By themselves they are about texts, or about an offer of ours, and not about a visit.
_OF_NO_VISIT: Final = frozenset({Label.STOP, Label.START, Label.HELP, Label.DECLINE, Label.WRONG_NUMBER})
# What the words beside a stop may say of the visit: a case is open for it.
_BESIDE_A_STOP: Final = frozenset({Label.CANCEL, Label.RESCHEDULE, Label.RUNNING_LATE, Label.QUESTION})


def by_visit(reply: Reply) -> dict[str, str]:
    """By visit, what it was taken for; empty when it is an answer about none."""
    said = own_words(reply.message, reply.context)
    if not _is_of_a_visit(reply, said) or not _is_the_patients(reply, said):
        return {}
    return {str(visit.pk): str(reply.found.label) for visit in _meant(reply, said)}


def understood_by_name(reply: Reply, said: dict[Label, Sequence[Appointment]]) -> None:
    """What was said of each by name, where the words as a whole are neither a yes nor a no."""
    about = {str(visit.pk): str(label) for label, visits in said.items() for visit in visits}
    whole = Label.CANCEL if str(Label.CANCEL) in about.values() else Label.CONFIRM
    ReplyClassification.objects.filter(message=reply.message).update(
        about=about, label=str(whole), confidence=max(reply.found.confidence, WHOLE), source=str(Source.RULES)
    )


def _is_of_a_visit(reply: Reply, said: str) -> bool:
    found = reply.found
    if found.sort in NO_ANSWER:
        return False
    if found.label is Label.STOP and _says_more_than_stop(reply, said):
        return True
    return found.label not in _OF_NO_VISIT or Label.EMERGENCY in found.also or _tells_of_a_death(reply, said)


def _says_more_than_stop(reply: Reply, said: str) -> bool:
    """What `act` opens a case for, beside carrying the stop out."""
    if is_bare_cancel(said) or reply.found.words in _BESIDE_A_STOP:
        return True
    wants_cancel = changes.wants_cancel(plain(said), visit_is_topic=True, new_time=False)
    return wants_cancel or one_of_family.read(said, reply.context.names) is not None


def _is_the_patients(reply: Reply, said: str) -> bool:
    """Who tells of a death or of danger is heard whoever it is."""
    if reply.found.label is Label.EMERGENCY or _tells_of_a_death(reply, said):
        return True
    somebody_else = Label.WRONG_NUMBER in reply.found.also or former.is_writing(reply)
    return not somebody_else and not wrong_number.is_held(reply)


def _tells_of_a_death(reply: Reply, said: str) -> bool:
    return departed.reason_in(said, reply.context.names) == DECEASED


def _meant(reply: Reply, said: str) -> Sequence[Appointment]:
    """All that it may be about; only theirs whom it names, when it speaks of nobody else."""
    visits = reply.context.visits
    people = named_in(said, visits, reply.message.created_at).people.values() if len(visits) > 1 else ()
    named = {visit.pk for one in people for visit in one}
    if not named or per_person.speaks_of_several(said):
        return visits
    return [visit for visit in visits if visit.pk in named]
