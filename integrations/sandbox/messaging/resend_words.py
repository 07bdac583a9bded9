"""How Resend speaks to ARO: the events of an e-mail."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any

from integrations.sandbox.messaging.speaking import Sender

if TYPE_CHECKING:
    from integrations.sandbox.outbox import Callback
    from integrations.sandbox.settings import Settings
    from integrations.sandbox.signing import Letter
    from integrations.sandbox.world import World


def _sign(settings: Settings, letter: Letter) -> dict[str, str]:
    """Standard Webhooks under Svix's names: https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests"""
    key = base64.b64decode(settings.secret("RESEND_WEBHOOK_SECRET").removeprefix("whsec_"))
    signed = f"{letter.delivery_id}.{letter.sent_at}.".encode() + letter.body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return {
        "svix-id": letter.delivery_id,
        "svix-timestamp": str(letter.sent_at),
        "svix-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def event(world: World, kind: str, mail: dict[str, Any]) -> Callback:
    """`mail`: what was asked for, with the id that it got."""
    more = {"bounce": {"type": "Permanent", "subType": "General", "message": "550"}} if kind == "email.bounced" else {}
    data = {
        "email_id": mail["id"],
        "created_at": mail["at"],
        "from": mail["from"],
        "to": mail["to"],
        "subject": mail["subject"],
        "tags": {one["name"]: one["value"] for one in mail["tags"]},
        **more,
    }
    payload = {"type": kind, "created_at": world.iso_now(), "data": data}
    return world.json_callback("resend", payload, delivery_id=f"msg_{secrets.token_hex(12)}")


SENDER = Sender(
    name="resend",
    label="Resend",
    secrets={
        "RESEND_API_KEY": "re_sandbox",
        "RESEND_WEBHOOK_SECRET": "whsec_c2FuZGJveC1yZXNlbmQtd2ViaG9vay1rZXk=",
        "RESEND_FROM": "clinic@sandbox.example",
    },
    sign=_sign,
)
