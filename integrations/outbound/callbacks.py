"""A carrier's news of a text that was handed over. It may come before the call has returned, out of order, or twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from appointments.inbound import Applied, DeliveryReported
from appointments.models import Message
from appointments.services import deliveries, messages
from aro import clock
from aro.queue import due, rows
from aro.queue.remembered import remembered
from compliance import events
from compliance.models import Channel
from integrations.outbound import again, delivered_late, family, outcome, unknown
from integrations.providers import chosen
from integrations.providers.shared.base import Accepted
from workflows.models import Execution

Ex = Execution.Status
UNSETTLED = (Ex.SENDING, Ex.UNKNOWN)


def progressed(reports: Sequence[DeliveryReported]) -> list[Applied]:
    """Applies reports, none of a failure, that came one after the other. What is in no doubt is read for all of them at
    once, and locked in one order."""
    if len(reports) == 1:
        return [delivered(reports[0])]
    plain = _in_no_doubt(reports)
    with events.together():
        return [
            _moved_on(plain[one.execution_id], one) if one.execution_id in plain else delivered(one) for one in reports
        ]


def _in_no_doubt(reports: Sequence[DeliveryReported]) -> dict[str, Message]:
    """The texts that were handed over once, with a known end, by their execution's id. The visits of those that have
    arrived come along."""
    texts = {known: one.execution_id for one in reports if (known := _uuid(one.execution_id))}
    done = {one.message_id: one for one in _held(sorted(texts)) if one.message_id and one.status not in UNSETTLED}
    found = [one for one in rows.fetch(Message, done.keys()) if _is_plain(done[one.id], one)]
    plain = {texts[done[one.id].id]: one for one in found}
    arrived = {one.execution_id for one in reports if one.status == Message.Status.DELIVERED}
    rows.follow([plain[name] for name in arrived & plain.keys()], "appointment")
    return plain


@remembered
def _held(ids: Collection[UUID]) -> QuerySet[Execution]:
    return Execution.objects.select_for_update().filter(pk__in=ids).order_by("pk")


def _is_plain(execution: Execution, message: Message) -> bool:
    return not message.fallbacks and not unknown.is_with_a_person(execution, message)


def _moved_on(message: Message, news: DeliveryReported) -> Applied:
    # The state decides: a code beside "delivered" or "sent" is an earlier try's of the carrier's own.
    changed = deliveries.report(message, status=news.status, error_code="", provider_id=news.provider_id)
    return Applied(outcome="applied" if changed else "stale", detail=news.status)


def delivered(news: DeliveryReported, *, correlation_id: UUID | None = None) -> Applied:
    """Applies the news; a callback for an unknown outcome settles it: the carrier has the text."""
    known = _uuid(news.execution_id)
    given_up = delivered_late.attempt(known, news)
    if given_up is not None:
        return delivered_late.arrived(given_up, news)
    execution = rows.first(Execution, hold=True, id=known) if known else None
    message = _message(execution, news.provider_id)
    if message is None:
        return Applied(outcome="ignored", detail="not a text of ours")
    if messages.is_about_failed_attempt(message, news.provider_id):
        return Applied(outcome="stale", detail="about an attempt that was given up for another channel")
    told_late = execution is not None and unknown.is_with_a_person(execution, message)
    if told_late:
        messages.in_doubt_again(message)
    if execution is not None and (told_late or execution.status in UNSETTLED):
        _settle(execution, message, news)
    # The state decides: a code beside "delivered" or "sent" is an earlier try's of the carrier's own.
    code = news.error_code if news.status in deliveries.NOT_ARRIVED else ""
    changed = deliveries.report(message, status=news.status, error_code=code, provider_id=news.provider_id)
    if told_late and execution is not None:
        unknown.known_late(execution, message, news)
    elif news.status in deliveries.NOT_ARRIVED:
        _failed(execution, message, news, changed=changed)
    return Applied(outcome="applied" if changed else "stale", detail=news.status)


def _failed(execution: Execution | None, message: Message, news: DeliveryReported, *, changed: bool) -> None:
    if changed:
        rows.refresh(message)  # under the lock that the change has taken: it may be written whole
        _not_arrived(execution or _execution_of(message), message, news)
    elif message.status in messages.ARRIVED and message.channel == Channel.EMAIL:
        # A server may send back what it has taken: what has arrived stays so, but its address is known to be wrong.
        outcome.apply_effect(message, chosen.carrier_that_says(news, message.channel).refusal(news.error_code))


def message_of(execution_id: str, provider_id: str) -> Message | None:
    """Whose message a carrier speaks of."""
    known = _uuid(execution_id)
    execution = rows.first(Execution, id=known) if known else None
    found = _message(execution, provider_id)
    return Message.objects.select_related("customer").get(pk=found.pk) if found else None


def _not_arrived(execution: Execution | None, message: Message, news: DeliveryReported) -> None:
    """It is tried again where the code says so; then the next channel takes over while it helps; then a person. The
    others whom it named have heard nothing either: their own messages are judged anew with it."""
    now = clock.now()
    if not news.error_code:
        deliveries.tell_staff(message, "")
    elif not again.plan(
        execution, message, chosen.carrier_that_says(news, message.channel).refusal(news.error_code), now
    ):
        _elsewhere(execution, message, news, now)
    family.leave_each_their_own(message, message.held_until or now)


def _elsewhere(execution: Execution | None, message: Message, news: DeliveryReported, now: datetime) -> None:
    if (
        outcome.goes_on(execution, message, chosen.carrier_that_says(news, message.channel).refusal(news.error_code))
        and execution is not None
    ):
        due.put("executions", execution.id, now)


def _execution_of(message: Message) -> Execution | None:
    return Execution.objects.select_for_update().filter(message=message).first()


def _message(execution: Execution | None, provider_id: str) -> Message | None:
    if execution is not None and execution.message_id:
        return rows.first(Message, id=execution.message_id)
    return rows.first(Message, provider_id=provider_id) if provider_id else None


def _settle(execution: Execution, message: Message, news: DeliveryReported) -> None:
    """Whoever is still waiting for the call's answer loses its claim: there is nothing left to record."""
    Execution.objects.filter(pk=execution.pk).update(
        status=Ex.DONE, provider_id=news.provider_id, finished_at=clock.now()
    )
    due.drop("executions", execution.id)
    outcome.accept(message, Accepted(provider_id=news.provider_id, status=Message.Status.QUEUED, segments=0))
    rows.refresh(message)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
