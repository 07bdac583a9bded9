"""Acuity Scheduling: bookings in (developers.acuityscheduling.com, "Webhooks", 2026).

A delivery is a form of four fields that names an appointment and tells nothing else of it, so the appointment is always
fetched and its state decides, not the `action`. It has no id and no time of its own: two changes of one visit can come
as the same bytes. A moved visit keeps its id. A no-show is cancelled, too, with a mark.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from django.conf import settings

from appointments.inbound import BookingCancelled, BookingCreated, Inbound, NoShowReported, NothingToDo
from aro import clock
from integrations.providers.acuity import api, listing
from integrations.providers.acuity import fields as acuity_fields
from integrations.providers.acuity.fields import SOURCE
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
    short_key,
)
from integrations.providers.shared.signatures import same, secrets_in

HEADER = "x-acuity-signature"
# Webhooks made through the API say `appointment.scheduled` where those of the account's settings say `scheduled`.
PREFIX = "appointment."
USED = frozenset({"scheduled", "rescheduled", "canceled", "changed"})
MOST_FIELDS = 50
LONGEST_ACTION = 40
LONGEST_ID = 20


class Acuity(Adapter):
    name: ClassVar[str] = SOURCE
    checked_with: ClassVar[str] = "ACUITY_API_KEY"
    lists: ClassVar[bool] = True
    api_settings: ClassVar[tuple[str, ...]] = ("ACUITY_USER_ID", "ACUITY_API_KEY")
    content_types: ClassVar[frozenset[str]] = frozenset({"application/x-www-form-urlencoded"})

    def verify(self, delivery: Delivery) -> None:
        """Acuity signs with the API key of the account's main admin, and no time: a replay is only another look."""
        secrets = secrets_in(settings.ACUITY_API_KEY, name="ACUITY_API_KEY")
        header = delivery.headers.get(HEADER, "")
        if not header:
            raise BadSignatureError("no signature")
        expected = [hmac.new(secret.encode(), delivery.body, hashlib.sha256).digest() for secret in secrets]
        if not any(same(base64.b64encode(ours).decode(), header) for ours in expected):
            raise BadSignatureError("wrong signature")

    def delivery_key(self, delivery: Delivery) -> str:
        """The same bytes within a tenth of a second are one delivery. Later they may be a second move of the visit:
        they are stored and looked up again, which changes nothing when nothing has changed.
        """
        form = _form(delivery.body)
        tenths = int(delivery.received_at.timestamp() * 10)
        return short_key("|".join([_action(form), form.get("id", ""), str(tenths)]))

    def parse(self, stored: Stored) -> list[Inbound]:
        if stored.body.startswith(b"{"):
            return _news(json_body.read(stored.body), stored)
        form = _form(stored.body)
        if _action(form) not in USED:
            return [NothingToDo(detail="an event type that is not used")]
        _id(form)
        raise NeedsLookupError

    def complete(self, stored: Stored) -> bytes:
        form, asked_at = _form(stored.body), clock.now()
        found = api.appointment(_id(form))
        return json.dumps({"action": _action(form), "asked_at": asked_at.isoformat(), "appointment": found}).encode()

    def list_page(self, window: Window, cursor: str) -> Page:
        asked_at = clock.now()
        rows, following = listing.rows(window, cursor)
        news, unreadable = listing.read(rows, lambda row: state(row, asked_at, window.phone_question))
        return Page(news=news, next=following, unreadable=unreadable)


def state(row: Mapping[str, Any], at: datetime, phone_question: str) -> Inbound:
    """What an appointment's two marks say, as seen at `at`. Raises `MalformedError`."""
    booking = acuity_fields.booking(row, phone_question)
    if row.get("noShow") is True:
        return NoShowReported(
            source=SOURCE, external_id=booking.external_id, absent=True, occurred_at=at, booking=booking
        )
    if row.get("canceled") is True:
        return BookingCancelled(booking=booking, occurred_at=at)
    return BookingCreated(booking=booking, occurred_at=at)


def _news(data: Mapping[str, Any], stored: Stored) -> list[Inbound]:
    """What was fetched. The time of asking orders it, because Acuity tells no time of the last change."""
    at = fields.moment(data, "asked_at") or stored.received_at
    now = state(fields.mapping(data, "appointment"), at, stored.phone_question)
    if isinstance(now, BookingCreated) and data.get("action") == "changed":
        # Of all actions only this one can mean that a no-show mark was taken away.
        name = now.booking.external_id
        return [NoShowReported(source=SOURCE, external_id=name, absent=False, occurred_at=at), now]
    return [now]


def _form(body: bytes) -> dict[str, str]:
    """Raises `MalformedError` for what is not a form with an action."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise MalformedError("the body is not a form in UTF-8") from error
    form = {json_body.clean_text(name): json_body.clean_text(value) for name, value in pairs}
    if len(form) < len(pairs) or not form.get("action") or body.startswith(b"{"):
        raise MalformedError("the form has no action, or a field twice")
    return form


def _action(form: Mapping[str, str]) -> str:
    return form["action"][:LONGEST_ACTION].removeprefix(PREFIX)


def _id(form: Mapping[str, str]) -> str:
    name = form.get("id", "")
    if not (name.isascii() and name.isdigit() and len(name) <= LONGEST_ID):
        raise MalformedError("id is missing or not a number")
    return name
