"""Resend out: one e-mail. Handed over again under the same key it is taken once, and answered as before.

resend.com/docs/api-reference/emails/send-email, 2026. Our execution's id goes along as a tag; its events bring it back.
"""

from __future__ import annotations

import json
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings

from appointments.models import Message
from aro import clock
from compliance.models import Channel
from integrations.providers.resend import errors
from integrations.providers.shared import fields, json_body, meanings
from integrations.providers.shared.base import (
    Accepted,
    Effect,
    MalformedError,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
)
from integrations.providers.shared.outgoing import Outgoing
from integrations.providers.shared.provider_answers import retry_after
from integrations.providers.shared.signatures import secrets_in
from integrations.providers.shared.transport import Answer, Call, call

CHANNEL: str = Channel.EMAIL
TAG = "execution"
LONGEST_ID = 80


def is_set_up() -> bool:
    """Whether there is a key, and a sender address to write from."""
    return bool(settings.RESEND_API_KEY and settings.RESEND_FROM)


def send(message: Outgoing) -> Accepted:
    """Hands one e-mail to Resend. Raises `ProviderFailure`."""
    if not is_set_up():
        raise _not_set_up()
    key = secrets_in(settings.RESEND_API_KEY, name="RESEND_API_KEY")[0]
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": message.key,
    }
    url = f"{settings.PROVIDER_BASE_URLS['resend']}/emails"
    return _accepted(call(Call(method="POST", url=url, headers=headers, data=json.dumps(_letter(message)).encode())))


def refusal(code: str) -> RefusedError:
    """What Resend's error, or an event's code, means."""
    return meanings.refusal(code, errors.MEANINGS, errors.UNKNOWN)


def _letter(message: Outgoing) -> dict[str, Any]:
    """One-click unsubscription: RFC 8058."""
    _, sender = parseaddr(settings.RESEND_FROM)
    letter: dict[str, Any] = {
        "from": formataddr((message.sender_name, sender)),
        "to": [message.to],
        "subject": message.subject,
        "text": message.body,
        "headers": {"Auto-Submitted": "auto-generated"},
        "tags": [{"name": TAG, "value": str(message.execution_id)}],
    }
    if message.unsubscribe_url:
        letter["headers"]["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        letter["headers"]["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message.reply_to:
        letter["reply_to"] = message.reply_to
    return letter


def _accepted(answer: Answer) -> Accepted:
    if not 200 <= answer.status < 300:
        raise _failure(answer)
    known = fields.text(_read(answer), "id", limit=LONGEST_ID + 1)
    if not 0 < len(known) <= LONGEST_ID:
        raise OutcomeUnknownError("the answer names no message")
    return Accepted(provider_id=known, status=Message.Status.QUEUED, segments=0)


def _failure(answer: Answer) -> ProviderFailure:
    """409: the same key is being worked on, or was used with other words. So the first hand-over was taken."""
    if answer.status == 429:
        return RateLimitedError(retry_after(answer.headers, clock.now()))
    if not 400 <= answer.status < 500 or answer.status in (408, 409):
        return OutcomeUnknownError(f"status {answer.status}")
    return refusal(_code(answer))


def _code(answer: Answer) -> str:
    """The error's name; by the status where one name has several meanings."""
    name = fields.text(_read(answer), "name", limit=32)
    if answer.status == 401:
        return "invalid_api_key"
    if answer.status == 403:
        return name if name in errors.MEANINGS else "not_verified"
    return name or str(answer.status)


def _read(answer: Answer) -> dict[str, Any]:
    """Its object; nothing when it is none, since a refusal stands without words too."""
    try:
        return json_body.read(answer.body)
    except MalformedError:
        return {}


def _not_set_up() -> RefusedError:
    return RefusedError(
        code="no_sender",
        staff_message="No sender address is set for e-mail.",
        next_step="Set RESEND_API_KEY and RESEND_FROM.",
        permanent=False,
        effect=Effect.CONFIG_ALERT,
    )
