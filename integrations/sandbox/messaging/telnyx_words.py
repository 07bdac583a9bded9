"""How Telnyx speaks to ARO: the reports of a text, and a patient's text as it hands it on."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from integrations.sandbox.messaging.messages import Message
from integrations.sandbox.messaging.speaking import Carrier

if TYPE_CHECKING:
    from integrations.sandbox.outbox import Callback
    from integrations.sandbox.settings import Settings
    from integrations.sandbox.signing import Letter
    from integrations.sandbox.world import World

# Public on purpose, so that anyone can sign a webhook by hand.
_KEY = Ed25519PrivateKey.from_private_bytes(b"aro-sandbox-telnyx-signing-key-1")
PUBLIC_KEY = base64.b64encode(_KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
# The end is reported as `message.finalized`; of `queued` nothing is reported.
_WORDS = {
    "sent": ("message.sent", "sent"),
    "delivered": ("message.finalized", "delivered"),
    "undelivered": ("message.finalized", "delivery_failed"),
    "failed": ("message.finalized", "sending_failed"),
}


def new_id() -> str:
    return str(uuid.uuid4())


def _sign(_settings: Settings, letter: Letter) -> dict[str, str]:
    """https://developers.telnyx.com/docs/development/api-fundamentals/webhooks"""
    signature = _KEY.sign(f"{letter.sent_at}|".encode() + letter.body)
    return {
        "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
        "telnyx-timestamp": str(letter.sent_at),
    }


def message_as_json(message: Message, status: str, error_code: int | None = None) -> dict[str, Any]:
    """A message as Telnyx shows it, in answers and in events."""
    error = {"code": str(error_code), "title": "Not delivered", "detail": "The text was not delivered."}
    return {
        "record_type": "message",
        "direction": message.direction,
        "id": message.sid,
        "type": "SMS",
        "from": {"phone_number": message.sender, "carrier": "", "line_type": ""},
        "to": [{"phone_number": message.recipient, "status": status, "carrier": "", "line_type": ""}],
        "cc": [],
        "text": message.body,
        "media": [],
        "parts": message.segments,
        "webhook_url": message.callback_url or None,
        "received_at": message.accepted_at,
        "sent_at": message.sent_at,
        "errors": [] if error_code is None else [error],
    }


def _event(world: World, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    head = {"record_type": "event", "event_type": kind, "id": new_id(), "occurred_at": world.iso_now()}
    return {"data": {**head, "payload": payload}, "meta": {"attempt": 1}}


def _report(world: World, message: Message, status: str, error_code: int | None) -> Callback | None:
    if status not in _WORDS:
        return None
    kind, word = _WORDS[status]
    event = _event(world, kind, message_as_json(message, word, error_code))
    return world.json_to_url("telnyx", message.callback_url, event)


def _reply(world: World, message: Message, _button: str) -> Callback:
    event = _event(world, "message.received", message_as_json(message, "webhook_delivered"))
    return world.json_callback("telnyx", event, path="telnyx/sms")


CARRIER = Carrier(
    name="telnyx",
    label="Telnyx",
    codes={"phone_off": "40006", "landline": "40001"},
    secrets={
        "TELNYX_API_KEY": "KEYsandbox",
        "TELNYX_PUBLIC_KEY": PUBLIC_KEY,
        "TELNYX_PHONE_NUMBER": "+15005550020",
    },
    numbers={"sms": "TELNYX_PHONE_NUMBER"},
    # https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out
    stop_words=frozenset({"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}),
    start_words=frozenset({"START", "UNSTOP"}),
    never_left=frozenset({40014, 40015}),
    new_id=new_id,
    sign=_sign,
    report=_report,
    reply=_reply,
)
