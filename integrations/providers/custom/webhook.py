"""A booking system of the clinic's own, or one that ARO does not know: JSON signed by Standard Webhooks.

What is sent is checked before the answer, so whoever builds the sender reads at once which field is wrong and what to
write instead. The format is described in docs/how-to/connect-any-system.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import ClassVar, Literal

from django.conf import settings

from appointments.inbound import (
    Booking,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    Inbound,
    NoShowReported,
    NothingToDo,
    Person,
)
from aro.secrets import fingerprint
from integrations.providers.custom.fields import Fields
from integrations.providers.shared import json_body, phone_answers, standard_webhooks
from integrations.providers.shared.base import Adapter, Delivery, MalformedError, Stored
from integrations.providers.shared.signatures import secrets_in

SOURCE = "custom"
SETTING = "CUSTOM_WEBHOOK_SECRET"
DEFAULT_MINUTES = 30
_CANCELLERS: dict[str, Literal["customer", "business", "unknown"]] = {
    "customer": "customer",
    "business": "business",
    "": "unknown",
}


class Custom(Adapter):
    name: ClassVar[str] = SOURCE
    checked_with: ClassVar[str] = "CUSTOM_WEBHOOK_SECRET"
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json"})

    def verify(self, delivery: Delivery) -> None:
        keys = standard_webhooks.keys(secrets_in(settings.CUSTOM_WEBHOOK_SECRET, name=SETTING), name=SETTING)
        standard_webhooks.check(headers=delivery.headers, body=delivery.body, keys=keys, now=delivery.received_at)

    def delivery_key(self, delivery: Delivery) -> str:
        """`webhook-id`, which stays the same when a delivery is repeated. Everything else is checked here, too."""
        self.parse(Stored(body=delivery.body, path_ref="", received_at=delivery.received_at))
        return delivery.headers[standard_webhooks.ID]

    def parse(self, stored: Stored) -> list[Inbound]:
        whole = Fields(json_body.read(stored.body))
        kind = whole.text("type", required=True, example="appointment.booked")
        # Never later than now: news from the future would make all that follows stale.
        at = min(whole.moment("timestamp") or stored.received_at, stored.received_at)
        handler = _HANDLERS.get(kind)
        if handler is None:
            return [NothingToDo(detail="an event type that is not used")]
        return [handler(whole.inner("data", required=True), at)]


def _booked(data: Fields, at: datetime) -> Inbound:
    return BookingCreated(booking=_booking(data), occurred_at=at)


def _moved(data: Fields, at: datetime) -> Inbound:
    booking = _booking(data)
    previous = data.text("previous_id", limit=255) or booking.external_id
    return BookingMoved(booking=booking, previous_external_id=previous, occurred_at=at)


def _cancelled(data: Fields, at: datetime) -> Inbound:
    by = data.text("cancelled_by")
    if by not in _CANCELLERS:
        raise MalformedError('data.cancelled_by must be "customer" or "business"; leave it out when nobody knows')
    return BookingCancelled(booking=_booking(data), occurred_at=at, by=_CANCELLERS[by])


def _no_show(data: Fields, at: datetime) -> Inbound:
    """`absent` false takes the mark away. With `starts_at` a visit that ARO never heard of is stored, too."""
    person = _person(data.inner("customer"))
    return NoShowReported(
        source=SOURCE,
        external_id=_id(data),
        absent=data.flag("absent", default=True),
        occurred_at=at,
        booking=_booking(data) if data.has("starts_at") else None,
        seat=_seat(person),
        person=person,
    )


_HANDLERS: Mapping[str, Callable[[Fields, datetime], Inbound]] = {
    "appointment.booked": _booked,
    "appointment.moved": _moved,
    "appointment.cancelled": _cancelled,
    "appointment.no_show": _no_show,
}


def _id(data: Fields) -> str:
    return data.text("id", required=True, limit=255, example="visit-1001")


def _booking(data: Fields) -> Booking:
    person = _person(data.inner("customer"))
    return Booking(
        source=SOURCE,
        external_id=_id(data),
        starts_at=data.required_moment("starts_at"),
        duration_minutes=data.whole("duration_minutes", default=DEFAULT_MINUTES, least=1, most=20_160),
        person=person,
        seat=_seat(person),
        timezone=data.zone("timezone"),
        at_business=data.flag("at_business", default=True),
        service=data.text("service"),
        staff_member=data.text("staff_member", limit=120),
        location=data.text("location"),
        booked_at=data.moment("booked_at"),
        reschedule_url=data.url("reschedule_url"),
        cancel_url=data.url("cancel_url"),
    )


def _person(customer: Fields) -> Person:
    return Person(
        name=customer.text("name"),
        phone=customer.phone("phone"),
        email=customer.text("email", limit=254),
        timezone=customer.zone("timezone"),
        language=customer.text("language", limit=8),
    )


def _seat(person: Person) -> str:
    """Should two people be sent under one id, each has a visit: told apart by address, phone or name."""
    phone = person.phone[:40].strip() if phone_answers.has_digits(person.phone) else ""
    who = person.email.lower() or phone or person.name.lower()
    return fingerprint(who, purpose="seat")[:16] if who else ""
