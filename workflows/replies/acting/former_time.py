"""A yes that names the time which the visit had before it was moved: "yes, see you friday at 11", told Monday since.

It wishes for nothing, and they come at the wrong time unless somebody tells them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from appointments.models import Message
from compliance import kinds
from compliance.models import Channel
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import Classification, Label, OpenQuestion, Sort
from workflows.replies.meanings import coming
from workflows.replies.text.normalize import plain
from workflows.replies.times.fit import VisitFacts
from workflows.replies.times.parse import parse
from workflows.replies.understand import understand

# What "friday at 11" is taken for where the visit is on Monday.
_OF_ANOTHER_TIME = frozenset({Label.RESCHEDULE, Label.OTHER})


def read(message: Message, found: Classification, context: Context) -> Classification:
    """`found`, or the yes that the words are to a time which our texts had told of this one visit."""
    words = own_words(message, context)
    if found.label not in _OF_ANOTHER_TIME or found.sort is not Sort.WORDS or not parse(plain(words)).mentions:
        return found
    for text, facts in _told(message, context):
        again = _as_answer_to(text, facts, words, context)
        if again.label is Label.CONFIRM and coming.names_the_time(words, [facts], wholly=False):
            return replace(again, to_former_time=True, also=found.also)
    return found


def starts(message: Message, context: Context) -> tuple[datetime, ...]:
    """The other times that our texts have told of this one visit, on its own clock, and that are still to come."""
    return tuple(facts.start for _, facts in _told(message, context))


def _told(message: Message, context: Context) -> Iterator[tuple[Message, VisitFacts]]:
    """Each other time that they were told, with the text that did, the newest first."""
    visit, now = context.visit, message.created_at
    if visit is None or context.question is not OpenQuestion.CONFIRM:
        return
    known = {visit.starts_at}
    for text in context.texts:
        start = _start_told(text, context)
        if start is not None and start > now and start not in known:
            known.add(start)
            facts = VisitFacts.of(starts_at=start, now=now, zone=visit.timezone)
            yield text, replace(facts, named=frozenset({facts.start.weekday()}))


def _start_told(text: Message, context: Context) -> datetime | None:
    if text.kind not in kinds.TELLS_THE_TIME or context.visit is None:
        return None
    named = {one.appointment_id: one.visit_start for one in text.named.all()}
    own = text.visit_start if text.appointment_id == context.visit.pk else None
    return named.get(context.visit.pk, own)


def _as_answer_to(text: Message, facts: VisitFacts, words: str, context: Context) -> Classification:
    body = "" if text.channel == Channel.EMAIL else text.body
    return understand(
        words,
        question=OpenQuestion.CONFIRM,
        context=body,
        visit=facts,
        sent=context.sent,
        asked=context,
        names=context.names,
    )
