"""Whether a reply is about the visit that is on now, and not about another one to come.

"R", "flat tire" or "the door is locked" at ten past ten is about the visit of ten o'clock, whatever was asked before it
about next week's. Not where the words name another visit, or where another question was asked since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from appointments import not_there
from appointments.models import Appointment, Message
from workflows.replies.acting import conversation, open_question, running
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import Classification, Label
from workflows.replies.meanings import attended
from workflows.replies.people.holders import named_by

# A letter or a word answers a question; more than that speaks for itself.
_BARE: Final = 2


def narrowed(message: Message, context: Context, *, now: datetime) -> Context:
    """The same, about the visits that are on; `context` itself where nothing is, or where only a sign came."""
    words = own_words(message, context)
    here = _on_now(words, message, context, now)
    if not here or not (words or message.media):
        return context
    wide = conversation.widened(context, message, now=now)
    known = _known(words, here, wide)
    if open_question.is_of_others(words, here, known, now):
        return wide
    if open_question.is_of_another_too(words, here, known, now) or _was_asked_since(words, here, context):
        return conversation.about_visits(context, known, now=now)
    return conversation.about_visits(context, here, now=now)


def counts(found: Classification, context: Context, *, now: datetime) -> bool:
    """Before the visit has begun, a yes still answers whatever was asked."""
    return found.label is not Label.CONFIRM or has_begun(context.visits, now)


def has_begun(visits: Iterable[Appointment], at: datetime) -> bool:
    """Whether one of these has: a yes comes too late for it, and nobody moves it by a link."""
    return any(visit.starts_at <= at for visit in visits)


def _on_now(words: str, message: Message, context: Context, now: datetime) -> list[Appointment]:
    """Who writes that they missed a visit, or who of them came, may mean one that is over."""
    here, missed = list(context.here), not_there.missed(words)
    if not missed and not attended.may_say(words):
        return here
    over = running.just_over(message.address, now=now, tenant_id=message.tenant_id)
    begun = list({visit.pk: visit for visit in (*over, *here) if visit.starts_at <= now}.values())
    is_meant = bool(begun) and (missed or attended.read(words, begun, now=now) is not None)
    return begun if is_meant else here


def _known(words: str, here: Sequence[Appointment], wide: Context) -> list[Appointment]:
    """Whom they may name. What somebody missed is no visit of theirs that is to come, whatever hour they name."""
    people = {visit.customer_id for visit in here} if not_there.missed(words) else set()
    others = [visit for visit in wide.visits if visit.customer_id not in people]
    return list({visit.pk: visit for visit in (*here, *others)}.values())


def _was_asked_since(words: str, here: Sequence[Appointment], context: Context) -> bool:
    """A bare letter may answer what was asked about another visit since this one was near."""
    last = context.last
    if last is None or len(words.split()) > _BARE:
        return False
    others = {visit.pk for visit in named_by(last)} - {visit.pk for visit in here}
    return bool(others) and (last.sent_at or last.created_at) > min(v.starts_at for v in here) - running.SOON
