"""Which service takes which piece of news."""

from __future__ import annotations

from collections.abc import Callable
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
    PaymentReported,
    ReplyReceived,
)
from appointments.services.booking import bookings
from appointments.services.money import payment_reports
from integrations.outbound import callbacks
from workflows.replies.acting import inbox

Service = Callable[..., Applied]


def _nothing(news: NothingToDo, *, correlation_id: UUID) -> Applied:
    return Applied(outcome="ignored", detail=news.detail)


_SERVICES: dict[type[Any], Service] = {
    BookingCreated: bookings.created,
    BookingMoved: bookings.moved,
    BookingCancelled: bookings.cancelled,
    NoShowReported: bookings.no_show,
    ReplyReceived: inbox.receive,
    DeliveryReported: callbacks.delivered,
    PaymentReported: payment_reports.report,
    NothingToDo: _nothing,
}


def apply(news: Inbound, *, correlation_id: UUID) -> Applied:
    """Gives the news to its service, in the caller's transaction."""
    return _SERVICES[type(news)](news, correlation_id=correlation_id)
