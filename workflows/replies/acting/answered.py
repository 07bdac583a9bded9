"""Which text of ours a reply stands under, where the carrier or a quote says it: it is about that text's visits.

Not where the words name another visit or person: then it is read against all that are to come.
"""

from __future__ import annotations

from datetime import datetime

from appointments.models import Appointment, Message
from appointments.services.visit import untold
from workflows.replies.acting import conversation, open_question
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import Classification, Label
from workflows.replies.people.holders import named_by
from workflows.replies.text import ours


def text_of(provider_id: str, address: str, tenant_id: str) -> Message | None:
    """The text to this phone that has the carrier's id."""
    sent = Message.objects.filter(tenant_id=tenant_id, address=address, direction=Message.Direction.OUT)
    return sent.filter(provider_id=provider_id).first() if provider_id else None


def narrowed(message: Message, context: Context, *, now: datetime) -> Context:
    """The same, about the visits of the text that this answers; `context` itself where that is not known."""
    text = stands_under(message, context)
    if text is None:
        return context
    all_of_them = conversation.widened(context, message, now=now)
    words, of_it = own_words(message, context), named_by(text)
    if open_question.is_of_another(words, of_it, all_of_them, now):
        return all_of_them
    return conversation.about_text(context, text, now=now)


def counts(found: Classification, context: Context) -> bool:
    """Whether it is read as being about that text. Under one about a visit that is over, a plain wish ("I must cancel
    my appointment") is about what is to come; a yes or a letter is about nothing that is to come."""
    if context.visits or (context.over is not None and context.over.status == Appointment.Status.CANCELLED):
        return True
    return not found.decided or found.label is Label.CONFIRM


def is_to_another_time(message: Message, visit: Appointment) -> bool:
    """Whether a yes is to another time than the visit has: the text that it answers named one, or the last text did."""
    if untold.knows_another_time(visit, at=message.created_at):
        return True
    text = message.answers
    named = text.named.filter(appointment=visit).first() if text else None
    told = named.visit_start if named else text.visit_start if text and text.appointment_id == visit.pk else None
    return told not in (None, visit.starts_at)


def stands_under(message: Message, context: Context) -> Message | None:
    """The text of ours that the carrier or a quote names."""
    if message.answers is None:
        return _quoted(message, context)
    known = (text for text in context.texts if text.pk == message.answers_id)
    return next(known, message.answers)


def _quoted(message: Message, context: Context) -> Message | None:
    """What was quoted whole, or cut short so that only texts about the same visits can be meant."""
    apart = ours.apart(message.body, context.sent)
    texts = [context.texts[at] for at in apart.quoted] if apart.text and apart.reaction is None else []
    about = {frozenset(visit.pk for visit in named_by(text)) for text in texts}
    return texts[0] if len(about) == 1 and about != {frozenset()} else None
