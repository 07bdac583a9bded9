"""Square Bookings: bookings in (developer.squareup.com, "Use webhooks with bookings", 2026).

There are two events, `booking.created` and `booking.updated`; the booking's status says what happened. A booking has a
version that only grows, but no end, no name, no phone and no zone: the customer, the service and the location are
fetched. `data.id` is the booking's id and version together and of no use.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from django.conf import settings

from appointments.inbound import Booking, BookingCancelled, BookingCreated, Inbound, NoShowReported, NothingToDo
from aro import clock
from integrations.providers.shared import fields, json_body
from integrations.providers.shared.base import (
    Adapter,
    BadSignatureError,
    Delivery,
    Entry,
    MalformedError,
    NeedsLookupError,
    NotConfiguredError,
    Page,
    Stored,
    Window,
    body_key,
    short_key,
)
from integrations.providers.shared.signatures import same, secrets_in
from integrations.providers.square import api, listing
from integrations.providers.square import fields as square_fields
from integrations.providers.square.fields import SOURCE

HEADER = "x-square-hmacsha256-signature"
EVENTS = frozenset({"booking.created", "booking.updated"})
# Where `complete` puts what it fetched.
FOUND = "found_by_aro"
HIGHEST_VERSION = 999_999
_BY: dict[str, Literal["customer", "business"]] = {
    "CANCELLED_BY_CUSTOMER": "customer",
    "CANCELLED_BY_SELLER": "business",
    "DECLINED": "business",
}


class Square(Adapter):
    name: ClassVar[str] = SOURCE
    checked_with: ClassVar[str] = "SQUARE_WEBHOOK_SIGNATURE_KEY"
    lists: ClassVar[bool] = True
    api_settings: ClassVar[tuple[str, ...]] = ("SQUARE_ACCESS_TOKEN",)
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json"})

    def verify(self, delivery: Delivery) -> None:
        keys = secrets_in(settings.SQUARE_WEBHOOK_SIGNATURE_KEY, name="SQUARE_WEBHOOK_SIGNATURE_KEY")
        if not settings.PUBLIC_BASE_URL:
            raise NotConfiguredError("PUBLIC_BASE_URL")  # Square signs the address it was told to call
        header = delivery.headers.get(HEADER, "")
        if not header:
            raise BadSignatureError("no signature")
        signed = delivery.url.encode() + delivery.body
        expected = [hmac.new(key.encode(), signed, hashlib.sha256).digest() for key in keys]
        if not any(same(base64.b64encode(ours).decode(), header) for ours in expected):
            raise BadSignatureError("wrong signature")

    def delivery_key(self, delivery: Delivery) -> str:
        event_id = fields.text(json_body.read(delivery.body), "event_id", limit=500)
        return short_key(event_id) if event_id else body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        data = json_body.read(stored.body)
        kind = fields.text(data, "type")
        if kind not in EVENTS:
            return [NothingToDo(detail="an event type that is not used")]
        told = _booking_in(data)
        if not square_fields.counts(told):
            return [NothingToDo(detail="waits until the business accepts it")]
        fields.identifier(told, "id")
        if not isinstance(data.get(FOUND), dict):
            raise NeedsLookupError
        booking = square_fields.booking(told, fields.mapping(data, FOUND))
        return _news(told, booking, updated=kind == "booking.updated", now=stored.received_at)

    def complete(self, stored: Stored) -> bytes:
        data = json_body.read(stored.body)
        return json.dumps(data | {FOUND: api.around(_booking_in(data))}).encode()

    def list_page(self, window: Window, cursor: str) -> Page:
        return listing.page(window, cursor)

    def list_entry(self, entry: Entry, window: Window) -> list[Inbound]:
        booking = square_fields.booking(entry.details, api.around(entry.details))
        return _news(entry.details, booking, updated=False, now=clock.now())


def _booking_in(data: Mapping[str, Any]) -> dict[str, Any]:
    found = fields.mapping(fields.mapping(fields.mapping(data, "data"), "object"), "booking")
    if not found:
        raise MalformedError("data.object.booking is missing")
    return found


def _news(told: Mapping[str, Any], booking: Booking, *, updated: bool, now: datetime) -> list[Inbound]:
    status, at = square_fields.status(told), occurred_at(told, now)
    name = booking.external_id
    if status == "NO_SHOW":
        return [
            NoShowReported(
                source=SOURCE, external_id=name, absent=True, occurred_at=at, booking=booking, sequence=booking.sequence
            )
        ]
    if status in _BY:
        declined = status == "DECLINED"
        return [BookingCancelled(booking=booking, occurred_at=at, by=_BY[status], declined=declined)]
    stands = BookingCreated(booking=booking, occurred_at=at)
    # An update to ACCEPTED is also how a no-show mark is taken away.
    unmarked = NoShowReported(source=SOURCE, external_id=name, absent=False, occurred_at=at, sequence=booking.sequence)
    return [unmarked, stands] if updated else [stands]


def occurred_at(told: Mapping[str, Any], otherwise: datetime) -> datetime:
    """The second of the last change, with the version as its microseconds: of two changes within one second, the higher
    version is the newer one. `otherwise`: when the booking tells no time of change.
    """
    changed, version = fields.moment(told, "updated_at"), square_fields.version(told)
    if changed is None:
        return otherwise
    return changed.replace(microsecond=0) + timedelta(microseconds=min(version, HIGHEST_VERSION))
