"""Telnyx in: what patients text, and what became of our texts.

One event per delivery, in JSON. They may come in any order, twice, or before the call that sent the text has returned;
ordering is the service's task. Telnyx waits two seconds, and tries three times.
developers.telnyx.com/docs/messaging/messages/receiving-webhooks, 2026.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from appointments.inbound import DeliveryReported, Inbound, NothingToDo, ReplyReceived
from aro import clock
from compliance.models import Channel
from integrations.providers.shared import fields, json_body
from integrations.providers.shared.base import (
    Adapter,
    BadSignatureError,
    Delivery,
    MalformedError,
    NotConfiguredError,
    Stored,
    body_key,
    short_key,
)
from integrations.providers.shared.media import kind_of
from integrations.providers.shared.signatures import secrets_in
from integrations.providers.telnyx.errors import code_of
from integrations.providers.telnyx.status import STATUS

SIGNATURE, TIMESTAMP = "telnyx-signature-ed25519", "telnyx-timestamp"
# Both directions: a timestamp from the future is as suspect as an old one.
TOLERANCE_SECONDS = 300
LONGEST_TEXT, LONGEST_ID, MOST_MEDIA = 16_000, 80, 20
# Telnyx's default keywords, which it acts on and answers itself. HELP is not among them
# (developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out). Checked 2026-11-28.
KEYWORDS_ALONE: Final[frozenset[str]] = frozenset(
    {"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "START", "UNSTOP"}
)
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


class _Telnyx(Adapter):
    checked_with: ClassVar[str] = "TELNYX_PUBLIC_KEY"
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json"})

    def verify(self, delivery: Delivery) -> None:
        """Ed25519 over `timestamp|body`, by the account's public key."""
        keys = [_key(text) for text in secrets_in(settings.TELNYX_PUBLIC_KEY, name="TELNYX_PUBLIC_KEY")]
        stamp = delivery.headers.get(TIMESTAMP, "")
        if not _SECONDS.fullmatch(stamp):
            raise BadSignatureError(f"{TIMESTAMP} is missing or unreadable")
        signed, signature = stamp.encode() + b"|" + delivery.body, _decoded(delivery.headers.get(SIGNATURE, ""))
        if not any(_fits(key, signature, signed) for key in keys):
            raise BadSignatureError("wrong signature")
        if abs(clock.now().timestamp() - int(stamp)) > TOLERANCE_SECONDS:
            raise BadSignatureError("timestamp outside the tolerance")

    def delivery_key(self, delivery: Delivery) -> str:
        """The event's id, which stays the same when it is sent again or to the failover address."""
        known = fields.text(_event(delivery.body), "id", limit=LONGEST_ID)
        return short_key(known) if known else body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        event = _event(stored.body)
        kind, message = fields.text(event, "event_type"), fields.mapping(event, "payload")
        if kind == "message.received":
            return [_reply(message, stored)]
        if kind in ("message.sent", "message.finalized"):
            return [_report(message, stored)]
        if not kind:
            raise MalformedError("data.event_type is missing")
        return [NothingToDo(detail="an event that is not used")]


class TelnyxTexts(_Telnyx):
    """A patient's text. Applied at once, because it may be an opt-out."""

    name: ClassVar[str] = "telnyx_sms"
    path: ClassVar[str] = "telnyx/sms"
    label: ClassVar[str] = "Telnyx (replies)"
    at_once: ClassVar[bool] = True
    # It has hung up after two seconds and sends again, three times at most. What is stored meanwhile counts all the
    # same, where a refusal would spend one of the three.
    patience_seconds: ClassVar[float | None] = 10.0


class TelnyxReports(_Telnyx):
    """The state of one of our texts. The called path carries our execution's id, so it can always be matched."""

    name: ClassVar[str] = "telnyx_status"
    path: ClassVar[str] = "telnyx/status/<uuid:execution_id>"
    label: ClassVar[str] = "Telnyx (reports)"


def _key(text: str) -> Ed25519PublicKey:
    raw = _decoded(text)
    if len(raw) != 32:
        raise NotConfiguredError("TELNYX_PUBLIC_KEY (the base64 of 32 bytes, from the portal's Keys & Credentials)")
    return Ed25519PublicKey.from_public_bytes(raw)


def _decoded(text: str) -> bytes:
    """Nothing for what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _fits(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _event(body: bytes) -> dict[str, Any]:
    return fields.mapping(json_body.read(body), "data")


def _reply(message: Mapping[str, Any], stored: Stored) -> ReplyReceived:
    sender = fields.text(fields.mapping(message, "from"), "phone_number", limit=41)
    if not sender or len(sender) > 40:
        raise MalformedError("from.phone_number is missing or too long")
    return ReplyReceived(
        carrier="telnyx",
        channel=Channel.SMS,
        sender=sender,
        text=fields.text(message, "text", limit=LONGEST_TEXT),
        provider_id=fields.identifier(message, "id", limit=LONGEST_ID),
        occurred_at=stored.received_at,
        media=tuple(str(_media(one)) for one in fields.mappings(message, "media")[:MOST_MEDIA]),
    )


def _media(one: Mapping[str, Any]) -> str:
    return kind_of(fields.text(one, "content_type"))


def _report(message: Mapping[str, Any], stored: Stored) -> Inbound:
    """A text goes to one number, so the first is the one. Its first error says why it did not arrive."""
    to, error = (next(iter(fields.mappings(message, name)), {}) for name in ("to", "errors"))
    status = STATUS.get(fields.text(to, "status"))
    if status is None:
        return NothingToDo(detail="a message status that is not used")
    return DeliveryReported(
        carrier="telnyx",
        execution_id=stored.path_ref,
        provider_id=fields.identifier(message, "id", limit=LONGEST_ID),
        status=status,
        error_code=code_of(error),
        to=fields.text(to, "phone_number", limit=40),
        occurred_at=stored.received_at,
    )
