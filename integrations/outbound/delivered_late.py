"""The carrier says of an attempt that was given up that it has arrived after all. Carriers do, hours later too.

The person has the text, so nothing of it is sent again: what waits is ended, what is being sent has no say any more,
and the cases that it had opened close themselves.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from appointments.inbound import Applied, DeliveryReported
from appointments.models import FailedAttempt, Message
from appointments.services import deliveries, messages
from appointments.services.person import customers
from aro import clock
from aro.queue import due, locks, rows
from aro.queue.remembered import remembered
from compliance import phones
from workflows.models import Execution

Ex = Execution.Status
UNFINISHED = (Ex.INTENT, Ex.SENDING, Ex.UNKNOWN)


def attempt(execution_id: UUID | None, news: DeliveryReported) -> FailedAttempt | None:
    """The attempt that was given up and has arrived, by this news; None: the news says something else."""
    if execution_id is None or news.status not in messages.ARRIVED:
        return None
    given_up = _given_up(execution_id, news.provider_id)
    rows.follow(given_up, "message")
    rows.follow([one.message for one in given_up], "customer")
    return given_up[0] if given_up else None


@remembered
def _given_up(execution: UUID, provider_id: str) -> QuerySet[FailedAttempt]:
    return FailedAttempt.objects.filter(message__execution=execution, provider_id=provider_id).order_by("pk")[:1]


def arrived(one: FailedAttempt, news: DeliveryReported) -> Applied:
    """Applies it. The sender decides under the same lock: it has marked the text already, or finds it gone."""
    message = one.message
    locks.hold("phone", message.address)
    theirs = _theirs(one, message)
    if news.to and news.to not in phones.variants(theirs):
        return Applied(outcome="stale", detail="to a number that is not the person's any more")
    execution = Execution.objects.select_for_update().filter(message=message).first()
    message.refresh_from_db()
    sent_at = (execution and execution.handed_over_at) or one.at
    if not deliveries.arrived_after_all(message, one, status=news.status, address=theirs, sent_at=sent_at):
        return Applied(outcome="stale", detail=news.status)
    if execution is not None and execution.status in (*UNFINISHED, Ex.FAILED):
        _end(execution, news.provider_id)
    return Applied(outcome="applied", detail=news.status)


def _theirs(one: FailedAttempt, message: Message) -> str:
    """Where the person is reached now: a text that arrived at a number corrected since has not reached them."""
    known = message.automatic and message.customer is not None
    return customers.address_on(message.customer, one.channel) if known and message.customer else message.address


def _end(execution: Execution, provider_id: str) -> None:
    Execution.objects.filter(pk=execution.pk).update(
        status=Ex.DONE, provider_id=provider_id, error_code="", finished_at=clock.now()
    )
    due.drop("executions", execution.id)
