"""Replies that are not read at once: by a model where the rules could not (it may add an opt-out, never block one), or
when it is certain what they are about."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from appointments.models import Message
from appointments.services import businesses
from aro import clock
from aro.queue import due, locks
from aro.queue.due import Claim
from workflows.models import Execution
from workflows.replies import loading
from workflows.replies.acting import answered, conversation, inbox, now_on, postponed
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.believed import believed
from workflows.replies.labels import Classification
from workflows.replies.model import ReplyModel


def run(claim: Claim, execution: Execution, now: datetime) -> None:
    """Asks once. Whatever goes wrong at the model's side comes back as OTHER, which goes to a person."""
    message = execution.message
    if message is None:
        raise LookupError("nothing to read")
    found = _ask(message, _asked(message, _around(message, now), now))
    with transaction.atomic():
        locks.hold("phone", message.address)
        due.finish(claim)
        Execution.objects.filter(pk=execution.pk).update(
            status=Execution.Status.DONE, finished_at=clock.now(), result={"label": str(found.label)}
        )
        around = _around(message, clock.now())
        context = _meant(message, found, around, clock.now())
        inbox.decide(message, found, context, correlation_id=execution.correlation_id)


def _asked(message: Message, around: Context, now: datetime) -> Context:
    """The text that it stands under, else the visit that is on, else all that it may be about."""
    under = answered.narrowed(message, around, now=now)
    return under if under is not around else now_on.narrowed(message, around, now=now)


def _meant(message: Message, found: Classification, around: Context, now: datetime) -> Context:
    under = answered.narrowed(message, around, now=now)
    if under is not around and answered.counts(found, under):
        return under
    here = now_on.narrowed(message, around, now=now)
    return here if now_on.counts(found, here, now=now) else around


def _around(message: Message, now: datetime) -> Context:
    return conversation.around(message.address, now=now, tenant_id=message.tenant_id)


def read_late(claim: Claim, execution: Execution, now: datetime) -> None:
    """Reads a message that came while what staff had done could still be taken back; later still if it can again."""
    message = Message.objects.select_related("customer").get(pk=execution.payload["message"])
    loading.load()
    with transaction.atomic():
        locks.hold("phone", message.address)
        later = postponed.until(message, now)
        if later is not None:
            due.again(claim, later)
            return
        due.finish(claim)
        Execution.objects.filter(pk=execution.pk).update(status=Execution.Status.DONE, finished_at=clock.now())
        inbox.read_late(
            message,
            carrier_says=execution.payload["carrier"],
            provider_answered=execution.payload["answered"],
            correlation_id=execution.correlation_id,
        )


def _ask(message: Message, context: Context) -> Classification:
    names = [businesses.current(message.tenant_id).name, *([message.customer.name] if message.customer else [])]
    model = ReplyModel(base_url=settings.LLM_BASE_URL, api_key=settings.LLM_API_KEY, model=settings.LLM_MODEL)
    text = own_words(message, context)
    said = model.classify(text=text, question=context.question, names=names)
    facts = context.facts(message.created_at)
    return believed(said, text=text, question=context.question, context=context.said, visit=facts)
