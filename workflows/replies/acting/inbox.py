"""A reply's way in, in the transaction that stores the delivery: an opt-out holds before the carrier gets its 200."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from appointments.inbound import Applied, ReplyReceived
from appointments.models import Appointment, Message, ReplyClassification
from appointments.services import businesses, messages
from appointments.services.person import senders
from aro import clock
from aro.queue import locks
from compliance import events
from compliance.models import Actor
from workflows.replies.acting import (
    act,
    answered,
    conversation,
    former_time,
    message_meaning,
    now_on,
    open_question,
    postponed,
    speech,
    spoken_of,
    yes_to_what,
)
from workflows.replies.acting.answering import Reply
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.model_step import ask_model
from workflows.replies.labels import NO_ANSWER, Classification, Label, Sort
from workflows.replies.people import family
from workflows.replies.times.windows import Window
from workflows.replies.times.wish import wished


def receive(news: ReplyReceived, *, correlation_id: UUID) -> Applied:
    """Stores the message once, reads it, and acts. May run twice: the second time it is known."""
    business = businesses.current()
    sender = senders.address_of(news, business)
    locks.hold("phone", sender)
    now = clock.now()
    context = conversation.around(sender, now=now, tenant_id=business.tenant_id)
    message = messages.record_inbound(
        provider_id=news.provider_id,
        sender=sender,
        text=news.text,
        channel=news.channel,
        customer=context.customer,
        at=now,
        tenant_id=business.tenant_id,
        media=news.media,
        answers=answered.text_of(news.answers, sender, business.tenant_id),
    )
    if message is None:
        return Applied(outcome="ignored", detail="known already")
    _link(message, context)
    found, context = _read(news, message, context, now)
    if postponed.keep(news, message, found, now=now, correlation_id=correlation_id):
        return Applied(outcome="applied", detail="read when what staff did can no longer be taken back")
    return _go_on(news, message, found, context, correlation_id=correlation_id)


def read_late(message: Message, *, carrier_says: str, provider_answered: bool, correlation_id: UUID) -> None:
    """A message whose reading was put off (see `postponed`). May run twice."""
    context = conversation.around(message.address, now=clock.now(), tenant_id=message.tenant_id)
    news = ReplyReceived(
        channel=message.channel,
        sender=message.address,
        text=message.body,
        provider_id=message.provider_id,
        occurred_at=message.created_at,
        provider_answered=provider_answered,
        carrier_says=carrier_says,  # type: ignore[arg-type]
        media=tuple(message.media),
    )
    _link(message, context)
    found, context = _read(news, message, context, message.created_at)
    _go_on(news, message, found, context, correlation_id=correlation_id)


def _go_on(
    news: ReplyReceived, message: Message, found: Classification, context: Context, *, correlation_id: UUID
) -> Applied:
    if speech.is_theirs(message, found):
        speech.listen(message, message_meaning.own_words(message, context))
    if found.label is Label.OTHER and found.sort is Sort.WORDS and ask_model(message, now=clock.now()):
        return Applied(outcome="applied", detail="asked the model")
    decide(message, found, context, provider_answered=news.provider_answered, correlation_id=correlation_id)
    return Applied(outcome="applied", detail=str(found.label))


def _read(news: ReplyReceived, message: Message, context: Context, now: datetime) -> tuple[Classification, Context]:
    """As an answer to the text it stands under; else to our last question, where it is one; else of the visit that is
    on; else against every visit that it may be about."""
    under = answered.narrowed(message, context, now=now)
    if under is not context:
        found = message_meaning.read(news, message, under, now=now)
        if answered.counts(found, under):
            _link(message, under)
            return found, under
    one = open_question.last(message, context, now=now)
    if one is not context:
        found = message_meaning.read(news, message, one, now=now)
        if open_question.answers(found, message, one, now=now):
            _link(message, one)
            return found, one
    here = now_on.narrowed(message, context, now=now)
    if here is not context:
        found = message_meaning.read(news, message, here, now=now)
        if now_on.counts(found, here, now=now):
            _link(message, here)
            return found, here
    return message_meaning.read(news, message, context, now=now), context


def decide(
    message: Message,
    found: Classification,
    context: Context,
    *,
    correlation_id: UUID,
    provider_answered: bool = False,
) -> None:
    """Keeps the classification and acts on it: by itself where it may, else by a case for a person."""
    if found.sort is Sort.LIKE:
        context = context.about_the_last_question()
    elif (one := family.of_one(message, found, context)) is not context:
        context = one
        _link(message, one)
    found = yes_to_what.read(message, former_time.read(message, found, context), context)
    wish = _wish(message, found, context)
    reply = Reply(message=message, found=found, context=context, provider_answered=provider_answered, wish=wish)
    kept, new = ReplyClassification.objects.get_or_create(
        message=message,
        defaults={
            "tenant_id": message.tenant_id,
            "label": str(found.label),
            "confidence": found.confidence,
            "source": found.source,
            "wish": [window.stored for window in wish],
            "about": spoken_of.by_visit(reply),
        },
    )
    if not new:
        return
    kept.acted = act.on_reply(reply)
    kept.save(update_fields=["acted"])
    if found.sort in NO_ANSWER:
        return
    if context.visit is not None:
        # What was said is no change of the visit: staff may still take back what they did to it.
        context.visit.last_reply_label = str(found.label)
        Appointment.objects.filter(pk=context.visit.pk).update(last_reply_label=str(found.label))
    _record(message, found, context, correlation_id)


def _wish(message: Message, found: Classification, context: Context) -> tuple[Window, ...]:
    """What staff need to offer a time: the days and hours asked for, on the calendar of the visit's place."""
    if found.label is not Label.RESCHEDULE:
        return ()
    facts = context.facts(message.created_at)
    zone = ZoneInfo(businesses.current(message.tenant_id).timezone)
    return wished(
        message_meaning.own_words(message, context),
        now=facts.now if facts else message.created_at.astimezone(zone),
        visit=facts,
        former=former_time.starts(message, context),
    )


def _link(message: Message, context: Context) -> None:
    if context.visit is not None:
        message.appointment = context.visit
        message.save(update_fields=["appointment"])


def _record(message: Message, found: Classification, context: Context, correlation_id: UUID) -> None:
    visit = context.visit
    events.record(
        type="response.classified",
        aggregate_type="appointment" if visit else "message",
        aggregate_id=visit.id if visit else message.id,
        payload={"message_id": str(message.id), "label": str(found.label), "confidence": found.confidence},
        actor=Actor.USER,
        correlation_id=correlation_id,
        tenant_id=message.tenant_id,
    )
