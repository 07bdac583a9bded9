"""Cal.com: bookings in (payload version 2021-10-20, read in calcom/cal.com `packages/features/webhooks`).

A reschedule is one delivery with a new `uid` and the old one in `rescheduleUid`; an old Cal.com moves in place. One
booking with seats is for several people (`seats`). A booking that the host must accept comes as
BOOKING_REQUESTED and waits; BOOKING_CREATED follows when it is accepted, and beside BOOKING_PAID when it is paid.
Nothing is signed but the body, so a repeated delivery is harmless only because what it says is applied once. A custom
payload template changes the whole body: it is refused, with the way out.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings

from appointments.inbound import (
    TO_BE_CHOSEN,
    Booking,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    Inbound,
    NoShowReported,
    NothingToDo,
    Person,
)
from integrations.providers.calcom import api, listing, seats
from integrations.providers.calcom import fields as calcom_fields
from integrations.providers.calcom.fields import SOURCE
from integrations.providers.calcom.seats import Seat
from integrations.providers.shared import fields, json_body
from integrations.providers.shared.base import (
    Adapter,
    BadSignatureError,
    Delivery,
    MalformedError,
    Page,
    Stored,
    Window,
    body_key,
    short_key,
)
from integrations.providers.shared.signatures import same, secrets_in

HEADER = "x-cal-signature-256"
# What Cal.com sends in the header when its webhook has no secret.
UNSIGNED = "no-secret-provided"
# With a custom template that is not JSON, Cal.com sends a form: taken here only to be refused in words that help.
TEMPLATE_TYPE = "application/x-www-form-urlencoded"
_TEMPLATE = (
    "it has not the form of Cal.com's default template. In Cal.com, open the webhook, switch the custom payload "
    "template off and save"
)


class Calcom(Adapter):
    name: ClassVar[str] = SOURCE
    label: ClassVar[str] = "Cal.com"
    checked_with: ClassVar[str] = "CALCOM_WEBHOOK_SECRET"
    lists: ClassVar[bool] = True
    api_settings: ClassVar[tuple[str, ...]] = ("CALCOM_API_KEY",)
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json", TEMPLATE_TYPE})

    def verify(self, delivery: Delivery) -> None:
        secrets = secrets_in(settings.CALCOM_WEBHOOK_SECRET, name="CALCOM_WEBHOOK_SECRET")
        header = delivery.headers.get(HEADER, "")
        if not header or header == UNSIGNED:
            raise BadSignatureError("no signature: Cal.com's webhook has no secret" if header else "no signature")
        expected = [hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest() for secret in secrets]
        if not any(same(ours, header) for ours in expected):
            raise BadSignatureError("wrong signature")

    def delivery_key(self, delivery: Delivery) -> str:
        data = _default_form(delivery)
        payload = fields.mapping(data, "payload")
        uid = fields.text(payload, "uid") or fields.text(payload, "bookingUid")
        parts = [fields.text(data, "triggerEvent"), uid, fields.text(data, "createdAt")]
        return short_key("|".join(parts)) if all(parts) else body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        data = json_body.read(stored.body)
        handler = HANDLERS.get(fields.text(data, "triggerEvent"))
        if handler is None:
            return [NothingToDo(detail="an event type that is not used")]
        return handler(data, stored)

    def list_page(self, window: Window, cursor: str) -> Page:
        rows, following = api.bookings(window, cursor)
        return listing.read(rows, window, following)


def _default_form(delivery: Delivery) -> dict[str, Any]:
    """The body, if it is of the default template. Raises `MalformedError` with the way out."""
    form = delivery.headers.get("content-type", "").partition(";")[0].strip().lower() == TEMPLATE_TYPE
    data = {} if form else json_body.read(delivery.body)
    trigger = fields.text(data, "triggerEvent")
    if not trigger or (trigger in HANDLERS and not fields.mapping(data, "payload")):
        raise MalformedError(_TEMPLATE)
    return data


def _booked(data: Mapping[str, Any], stored: Stored) -> list[Inbound]:
    payload = fields.mapping(data, "payload")
    if fields.text(payload, "status").upper() == "PENDING":
        return _requested(data, stored)
    if fields.text(payload, "rescheduleUid"):
        return _moved(data, stored)
    at = _occurred_at(data, stored)
    return [BookingCreated(booking=_booking(payload, stored, seat), occurred_at=at) for seat in seats.booked(payload)]


def _paid(data: Mapping[str, Any], stored: Stored) -> list[Inbound]:
    """As good as BOOKING_CREATED, which may have got lost. Its `status` says ACCEPTED even where the host has still to
    accept (read in `handlePaymentSuccess` and the payload builder, 2026): there BOOKING_CREATED is waited for."""
    payload = fields.mapping(data, "payload")
    return _requested(data, stored) if payload.get("requiresConfirmation") is True else _booked(data, stored)


def _moved(data: Mapping[str, Any], stored: Stored) -> list[Inbound]:
    """An old Cal.com moves a booking in place, or names no booking that was moved: then its old time may tell. For a
    seat it may leave out the new name (calcom/cal.com #10631): then the visit keeps the one it had."""
    payload = fields.mapping(data, "payload")
    if fields.text(payload, "status").upper() == "PENDING":
        return _requested(data, stored)
    return [
        BookingMoved(
            booking=_booking(seats.named(payload), stored, seat),
            previous_external_id=fields.text(payload, "rescheduleUid", limit=255),
            previous_starts_at=fields.moment(payload, "rescheduleStartTime"),
            occurred_at=_occurred_at(data, stored),
        )
        for seat in seats.moved(payload)
    ]


def _requested(data: Mapping[str, Any], stored: Stored) -> list[Inbound]:
    """Waits for the host. But a request to move a visit has already given up its old time."""
    payload = fields.mapping(data, "payload")
    previous = fields.text(payload, "rescheduleUid", limit=255)
    if not previous:
        return [NothingToDo(detail="waits until the host accepts it")]
    times = {"startTime": payload.get("rescheduleStartTime") or payload.get("startTime")}
    times["endTime"] = payload.get("rescheduleEndTime") or payload.get("endTime")
    return [
        BookingCancelled(
            booking=_booking({**payload, **times, "uid": previous}, stored, seat),
            occurred_at=_occurred_at(data, stored),
            by="customer",
            moved_to=fields.text(payload, "uid", limit=255) or TO_BE_CHOSEN,
        )
        for seat in seats.moved(payload)
    ]


def _cancelled(data: Mapping[str, Any], stored: Stored) -> list[Inbound]:
    payload = fields.mapping(data, "payload")
    return [
        BookingCancelled(
            booking=_booking(payload, stored, seat),
            occurred_at=_occurred_at(data, stored),
            by=calcom_fields.canceller(payload, "cancelledBy"),
            moved_to=TO_BE_CHOSEN if payload.get("requestReschedule") is True else "",
        )
        for seat in seats.cancelled(payload)
    ]


def _rejected(data: Mapping[str, Any], stored: Stored) -> list[Inbound]:
    payload, at = fields.mapping(data, "payload"), _occurred_at(data, stored)
    return [
        BookingCancelled(booking=_booking(payload, stored, seat), occurred_at=at, by="business", declined=True)
        for seat in seats.cancelled(payload)
    ]


def _no_show(data: Mapping[str, Any], stored: Stored) -> list[Inbound]:
    """Names the booking and, for each person, whether they are marked; `noShow` false takes the mark away."""
    payload = fields.mapping(data, "payload")
    marked = [one for one in fields.mappings(payload, "attendees") if isinstance(one.get("noShow"), bool)]
    if not marked:
        return [NothingToDo(detail="a no-show of nobody who booked")]
    return [
        NoShowReported(
            source=SOURCE,
            external_id=fields.identifier(payload, "bookingUid"),
            absent=one["noShow"] is True,
            occurred_at=_occurred_at(data, stored),
            seat=seats.label(one),
            # One mark alone is of the one who booked, whatever address ARO knows them by.
            person=Person(email=fields.text(one, "email", limit=254) if len(marked) > 1 else ""),
        )
        for one in marked
    ]


HANDLERS: dict[str, Callable[[Mapping[str, Any], Stored], list[Inbound]]] = {
    "BOOKING_CREATED": _booked,
    "BOOKING_PAID": _paid,
    "BOOKING_RESCHEDULED": _moved,
    "BOOKING_REQUESTED": _requested,
    "BOOKING_REJECTED": _rejected,
    "BOOKING_CANCELLED": _cancelled,
    "BOOKING_NO_SHOW_UPDATED": _no_show,
}


def _occurred_at(data: Mapping[str, Any], stored: Stored) -> datetime:
    return fields.moment(data, "createdAt") or stored.received_at


def _booking(payload: Mapping[str, Any], stored: Stored, seat: Seat) -> Booking:
    starts_at = fields.required_moment(payload, "startTime")
    uid = fields.identifier(payload, "uid")
    person = calcom_fields.person(payload, stored.phone_question, seat)
    return Booking(
        source=SOURCE,
        external_id=uid,
        starts_at=starts_at,
        duration_minutes=calcom_fields.minutes(
            starts_at, fields.moment(payload, "endTime"), length=payload.get("length")
        ),
        person=person,
        timezone=person.timezone,
        at_business=not calcom_fields.is_remote(payload),
        service=fields.text(payload, "eventTitle") or fields.text(payload, "title"),
        staff_member=fields.text(fields.mapping(payload, "organizer"), "name", limit=120),
        location=calcom_fields.place(payload),
        seat=seat.label,
        seat_ref=seat.ref,
        shared=seat.shared,
        **calcom_fields.links(fields.url(payload, "bookerUrl", limit=300), uid),
    )
