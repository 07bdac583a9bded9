"""Which service takes which piece of news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from appointments.inbound import (
    Applied,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    DeliveryReported,
    Inbound,
    NoShowReported,
    NothingToDo,
    OptOutReported,
    PaymentReported,
    ReplyReceived,
)
from appointments.services.booking import bookings
from appointments.services.money import payment_reports
from compliance import policy
from compliance.models import Channel
from integrations.inbound import unsubscribe
from integrations.outbound import callbacks
from integrations.providers import chosen
from workflows.replies.acting import inbox

Service = Callable[..., Applied]


def _opt_out(news: OptOutReported, *, correlation_id: UUID) -> Applied:
    """No more to that address. What has arrived has arrived: the message's own state stays."""
    message = callbacks.message_of(news.execution_id, news.provider_id)
    if message is None or message.channel != Channel.EMAIL:
        return Applied(outcome="ignored", detail="not an e-mail of ours")
    new = unsubscribe.stop(message, source="provider")
    return Applied(outcome="applied" if new else "stale", detail="opted out")


def _reply(news: ReplyReceived, *, correlation_id: UUID) -> Applied:
    """What the carrier has answered by itself is not answered a second time."""
    its_own = chosen.carrier_that_says(news, news.channel).answers_itself
    answered = policy.current().carrier_answers(news.text, channel=news.channel, its_own=its_own)
    if answered and not news.provider_answered:
        news = replace(news, provider_answered=True)
    return inbox.receive(news, correlation_id=correlation_id)


def _nothing(news: NothingToDo, *, correlation_id: UUID) -> Applied:
    return Applied(outcome="ignored", detail=news.detail)


_SERVICES: dict[type[Any], Service] = {
    BookingCreated: bookings.created,
    BookingMoved: bookings.moved,
    BookingCancelled: bookings.cancelled,
    NoShowReported: bookings.no_show,
    ReplyReceived: _reply,
    DeliveryReported: callbacks.delivered,
    OptOutReported: _opt_out,
    PaymentReported: payment_reports.report,
    NothingToDo: _nothing,
}


def apply(news: Inbound, *, correlation_id: UUID) -> Applied:
    """Gives the news to its service, in the caller's transaction."""
    return _SERVICES[type(news)](news, correlation_id=correlation_id)
