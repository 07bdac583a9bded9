"""What an agreeing word agrees with: the visit, or something else that was said.

"Ok" under "our team will get back to you" or a payment link agrees with that. So does one that comes while a person has
yet to read that they cannot come, or what they asked: it neither confirms the visit nor closes that case. A C, the
visit's own day and hour, words that they come, or a quote of our question make it a yes to the visit all the same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from appointments.models import Message
from appointments.services.visit import doubts
from compliance import kinds
from workflows.replies.acting import answered, conversation
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import WHOLE, Classification, Label, Sort, Source
from workflows.replies.meanings import coming, courtesy
from workflows.replies.times.fit import VisitFacts

_REASON = "agrees with something else than the visit"


def read(message: Message, found: Classification, context: Context) -> Classification:
    """`found`, unless it is a yes to something else: a question beside it stays one, a mere nod needs nobody, and the
    rest is for a person."""
    if found.label is not Label.CONFIRM or found.to_former_time or not context.visits:
        return found
    waiting = [visit for visit in context.visits if doubts.outlasts_an_ok(visit)]
    if not waiting and not _stands_under_something_else(message, found, context):
        return found
    if _is_about_the_visit(message, context, waits=bool(waiting)):
        return found
    if found.asks:
        return replace(found, label=Label.QUESTION, asks=False, sort=Sort.WORDS)
    other = replace(found, label=Label.OTHER, confidence=0.0, sort=Sort.WORDS, reason=_REASON)
    read_anyway = len(waiting) == len(context.visits) and _says_no_more(found, message)
    needs_nobody = read_anyway or courtesy.is_all(message, own_words(message, context), other, context)
    return replace(other, sort=Sort.COURTESY) if needs_nobody else other


def _stands_under_something_else(message: Message, found: Classification, context: Context) -> bool:
    """Whether the text above it told no time of a visit. A like names the question that it is a yes to."""
    above = answered.stands_under(message, context) or _last_before(message, context)
    return found.sort is not Sort.LIKE and above is not None and above.kind not in kinds.TELLS_THE_TIME


def _last_before(message: Message, context: Context) -> Message | None:
    """The last text that had gone out when they wrote."""
    earlier = [text for text in context.texts if _went_out(text) <= message.created_at]
    return max(earlier, key=_went_out, default=None)


def _went_out(text: Message) -> datetime:
    return text.sent_at or text.created_at


def _is_about_the_visit(message: Message, context: Context, *, waits: bool) -> bool:
    if _quotes_the_question(message, context):
        return True
    words, now = own_words(message, context), message.created_at
    facts = [VisitFacts.of(starts_at=one.starts_at, now=now, zone=one.timezone) for one in context.visits]
    return coming.says_so(words, context=context.said) or coming.names_the_time(words, facts, wholly=waits)


def _quotes_the_question(message: Message, context: Context) -> bool:
    text = answered.stands_under(message, context)
    if text is None or text.kind not in conversation.QUESTIONS:
        return False
    return all(conversation.is_open(visit, text) for visit in context.visits)


def _says_no_more(found: Classification, message: Message) -> bool:
    """Every word of it agrees, and no picture came along: whoever reads the open case misses nothing."""
    return found.source == Source.RULES and found.confidence == WHOLE and not message.media
