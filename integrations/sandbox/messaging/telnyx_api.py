"""Telnyx's API as far as ARO calls it: sending a text, and one message by its id. There is no list by recipient."""

from __future__ import annotations

import hmac
import re
from typing import Any

from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.fields import strict_json
from integrations.sandbox.messaging import carrier, telnyx_words
from integrations.sandbox.messaging.messages import Message
from integrations.sandbox.messaging.speaking import SendRequest

LONGEST_TEXT = 1530
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_TITLES = {
    10002: "Invalid phone number",
    10004: "Missing required parameter",
    10009: "Authentication failed",
    10015: "Bad Request",
    40013: "Invalid source number",
    40300: "Blocked due to STOP message",
}
_STATUS_OF_CODE = {10009: 401, 10011: 429, 40300: 409}


def _authorize(call: Call) -> None:
    """The API key as a bearer token."""
    given = call.headers.get("authorization", "")
    expected = f"Bearer {call.world.settings.secret('TELNYX_API_KEY')}"
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise _refused(10009)


def _refuse(refused: RefusedError) -> Answer:
    code = (
        str(refused.code)
        if isinstance(refused.code, int)
        else {404: "10005", 429: "10011"}.get(refused.status, "10007")
    )
    error = {"code": code, "title": refused.message, "detail": refused.message}
    return Answer(refused.status, {"errors": [error]}, refused.headers)


def _refused(code: int) -> RefusedError:
    return RefusedError(_STATUS_OF_CODE.get(code, 422), code, _TITLES.get(code, "The request was refused"))


async def _create(call: Call) -> Answer:
    return Answer(200, {"data": _shown(carrier.accept(call.world, _read(call)))})


def _read(call: Call) -> SendRequest:
    """Raises RefusedError with Telnyx's code."""
    wanted = strict_json(call.body)
    if not isinstance(wanted, dict):
        raise _refused(10015)
    fate_code, sender, recipient = _forced(call), _text(wanted, "from"), _text(wanted, "to")
    if not _E164.fullmatch(recipient):
        raise _refused(10002)
    if sender != call.world.settings.secret("TELNYX_PHONE_NUMBER"):
        raise _refused(40013)
    if call.world.messages.opted_out(recipient, sender):
        raise _refused(40300)
    return SendRequest(
        channel="sms",
        sender=sender,
        recipient=recipient,
        body=_text(wanted, "text", longest=LONGEST_TEXT),
        callback_url=_text(wanted, "webhook_url", default=""),
        fate_code=fate_code,
    )


def _text(wanted: dict[str, Any], name: str, *, longest: int = 2000, default: str | None = None) -> str:
    value = wanted.get(name, default)
    if not isinstance(value, str) or len(value) > longest or (default is None and not value):
        raise _refused(10004)
    return value


def _forced(call: Call) -> int | None:
    """The error a fault asks for: 400xx come later, in the report; all others refuse the call."""
    if not call.forced_error:
        return None
    code = int(call.forced_error) if call.forced_error.isascii() and call.forced_error.isdigit() else 10007
    if 40000 <= code < 40100:
        return code
    raise _refused(code)


async def _fetch(call: Call) -> Answer:
    try:
        return Answer(200, {"data": _shown(call.world.messages.get(call.args[0]))})
    except KeyError as error:
        raise RefusedError(404, 10005, "Resource not found") from error


def _shown(message: Message) -> dict[str, Any]:
    word = {"undelivered": "delivery_failed", "failed": "sending_failed"}.get(message.status, message.status)
    return telnyx_words.message_as_json(message, word, message.error_code)


API = Api(
    name="telnyx",
    prefix="/telnyx",
    routes={
        "/telnyx/v2/messages": {"POST": _create},
        "/telnyx/v2/messages/([0-9a-f-]{36})": {"GET": _fetch},
    },
    authorize=_authorize,
    refuse=_refuse,
    usual_error="40008",
)
