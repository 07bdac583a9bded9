"""Easy!Appointments, on the clinic's own server (1.6, read in alextselegidis/easyappointments: `Webhooks_client.php`).

A delivery is `{action, payload}` with a secret in a header and no signature, sent once and never again. So nothing in
it is believed but the visit's number: the visit is read from the REST API, and what was lost on the way is found by
asking for the list. A cancelled visit is deleted there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings

from appointments.inbound import BookingCancelled, Inbound, NothingToDo
from aro import clock
from integrations.providers.easyappointments import api
from integrations.providers.easyappointments import fields as rows
from integrations.providers.shared import fields, json_body
from integrations.providers.shared.base import (
    Adapter,
    BadSignatureError,
    Delivery,
    MalformedError,
    NeedsLookupError,
    Page,
    Stored,
    Window,
    body_key,
)
from integrations.providers.shared.signatures import same, secrets_in

# Its default. The name can be changed in Easy!Appointments, and must not be.
HEADER = "x-ea-token"
SAVED, DELETED = "appointment_save", "appointment_delete"


class EasyAppointments(Adapter):
    name: ClassVar[str] = rows.SOURCE
    label: ClassVar[str] = "Easy!Appointments"
    checked_with: ClassVar[str] = "EASYAPPOINTMENTS_WEBHOOK_TOKEN"
    lists: ClassVar[bool] = True
    api_settings: ClassVar[tuple[str, ...]] = ("EASYAPPOINTMENTS_API_TOKEN",)
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json"})

    def verify(self, delivery: Delivery) -> None:
        tokens = secrets_in(settings.EASYAPPOINTMENTS_WEBHOOK_TOKEN, name="EASYAPPOINTMENTS_WEBHOOK_TOKEN")
        header = delivery.headers.get(HEADER, "")
        if not header or not any(same(token, header) for token in tokens):
            raise BadSignatureError("wrong token" if header else "no token")

    def delivery_key(self, delivery: Delivery) -> str:
        """There is no id. The payload holds the time of the change, so the same bytes are the same delivery."""
        json_body.read(delivery.body)
        return body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        data = json_body.read(stored.body)
        if fields.text(data, "action") not in (SAVED, DELETED):
            return [NothingToDo(detail="an event type that is not used")]
        if "asked_at" not in data:
            _number(data)
            raise NeedsLookupError
        return [_told(data)]

    def complete(self, stored: Stored) -> bytes:
        data = json_body.read(stored.body)
        asked_at, found = clock.now().isoformat(), api.appointment(_number(data))
        deleted = not found and fields.text(data, "action") == DELETED
        provider = api.provider(_staff_number(data)) if deleted else {}
        return json.dumps(data | {"asked_at": asked_at, "found": found, "provider": provider}).encode()

    def list_page(self, window: Window, cursor: str) -> Page:
        asked_at = clock.now()
        found, following = api.appointments(window, cursor)
        return rows.listed(found, window, asked_at=asked_at, following=following)


def _told(data: Mapping[str, Any]) -> Inbound:
    """What the API answered counts; the delivery only where it speaks of a visit that is there no more."""
    asked_at, found = fields.required_moment(data, "asked_at"), fields.mapping(data, "found")
    if found:
        return rows.told(found, asked_at)
    if fields.text(data, "action") == SAVED:
        return NothingToDo(detail="saved, and deleted since")
    booking = rows.deleted(fields.mapping(data, "payload"), fields.mapping(data, "provider"))
    return BookingCancelled(booking=booking, occurred_at=asked_at)


def _number(data: Mapping[str, Any]) -> int:
    number = rows.number(fields.mapping(data, "payload").get("id"))
    if not number:
        raise MalformedError("payload.id is missing or not a number")
    return number


def _staff_number(data: Mapping[str, Any]) -> int:
    return rows.number(fields.mapping(data, "payload").get("id_users_provider"))
