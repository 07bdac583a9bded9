"""Resend's API as far as ARO calls it: sending an e-mail, once per key. What becomes of it hangs on the address.

Addresses at `.invalid`, and those that begin with `bounced`, send it back; those with `complained` mark it as spam
(https://resend.com/docs/dashboard/emails/send-test-emails has such addresses, too).
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from email.utils import parseaddr
from typing import Any

from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.fields import strict_json
from integrations.sandbox.messaging import resend_words
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

KEYS = "resend_key"


def _authorize(call: Call) -> None:
    """The API key as a bearer token."""
    given = call.headers.get("authorization", "")
    expected = f"Bearer {call.world.settings.secret('RESEND_API_KEY')}"
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise RefusedError(401, "validation_error", "API key is invalid")


def _refuse(refused: RefusedError) -> Answer:
    name = str(refused.code)
    return Answer(
        refused.status, {"statusCode": refused.status, "name": name, "message": refused.message}, refused.headers
    )


async def _send(call: Call) -> Answer:
    key, digest = call.headers.get("idempotency-key", ""), hashlib.sha256(call.body).hexdigest()
    known = call.world.documents.get(KEYS, key) if key else None
    if known is not None and known["digest"] != digest:
        raise RefusedError(409, "invalid_idempotent_request", "Same idempotency key used with a different payload")
    if known is not None:
        return Answer(200, {"id": known["id"]})
    mail = _mail(call) | {"id": str(uuid.uuid4()), "at": call.world.iso_now()}
    if key:
        call.world.documents.put(KEYS, key, {"id": mail["id"], "digest": digest})
    _keep(call.world, mail)
    call.world.spawn(_tell(call.world, mail))
    return Answer(200, {"id": mail["id"]})


def _mail(call: Call) -> dict[str, Any]:
    wanted = strict_json(call.body)
    if not isinstance(wanted, dict) or not all(
        isinstance(wanted.get(name), str) for name in ("from", "subject", "text")
    ):
        raise RefusedError(422, "missing_required_field", "The request body is missing a required field.")
    to, tags = wanted.get("to"), wanted.get("tags", [])
    if not isinstance(to, list) or len(to) != 1 or not isinstance(to[0], str) or "@" not in to[0]:
        raise RefusedError(422, "validation_error", "Invalid `to` field.")
    if "@" not in parseaddr(wanted["from"])[1]:
        raise RefusedError(422, "invalid_from_address", "Invalid `from` field.")
    return {**wanted, "tags": [one for one in tags if isinstance(one, dict) and {"name", "value"} <= set(one)]}


def _keep(world: World, mail: dict[str, Any]) -> None:
    execution = next((one["value"] for one in mail["tags"] if one["name"] == "execution"), None)
    status = "undelivered" if _comes_back(mail) else "delivered"
    world.messages.add(
        sid=mail["id"],
        direction="outbound",
        channel="email",
        sender=parseaddr(mail["from"])[1],
        recipient=mail["to"][0],
        body=f"{mail['subject']}\n\n{mail['text']}",
        segments=0,
        status=status,
        accepted_at=mail["at"],
        updated_at=mail["at"],
        execution_id=execution,
        fate=status,
    )


def _comes_back(mail: dict[str, Any]) -> bool:
    to = mail["to"][0].lower()
    return bool(to.startswith("bounced") or to.endswith(".invalid"))


async def _tell(world: World, mail: dict[str, Any]) -> None:
    await world.post("resend", mail["id"], _events(world, mail))


def _events(world: World, mail: dict[str, Any]) -> list[Callback]:
    kinds = ["email.sent", "email.bounced" if _comes_back(mail) else "email.delivered"]
    if mail["to"][0].lower().startswith("complained"):
        kinds.append("email.complained")
    return [resend_words.event(world, kind, mail) for kind in kinds]


API = Api(
    name="resend",
    prefix="/resend",
    routes={"/resend/emails": {"POST": _send}},
    authorize=_authorize,
    refuse=_refuse,
)
