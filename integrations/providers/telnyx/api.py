"""Telnyx out: one text, handed over at most once per call.

Telnyx has no idempotency key, and no list by recipient: its records can be asked for by the message's own id only. So a
request whose answer got lost is never repeated: the reports go to an address with our execution's id and settle it.
developers.telnyx.com/api-reference/messages/send-a-message, 2026.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings

from aro import clock
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
from integrations.providers.shared.provider_answers import retry_after
from integrations.providers.shared.signatures import secrets_in
from integrations.providers.shared.transport import Answer, Call, call
from integrations.providers.telnyx import errors
from integrations.providers.telnyx.status import STATUS

LONGEST_ID = 80


def send(*, to: str, body: str, execution_id: UUID) -> Accepted:
    """Hands one text to Telnyx. `to` in E.164. Raises `ProviderFailure`."""
    text = {
        "from": _sender(),
        "to": to,
        "text": body,
        "type": "SMS",
        "webhook_url": f"{settings.PUBLIC_BASE_URL}/webhooks/telnyx/status/{execution_id}",
        # Else the profile's address, which has no execution's id in it, gets the reports too.
        "use_profile_webhooks": False,
    }
    return _accepted(_post("/v2/messages", text))


def refusal(code: str) -> RefusedError:
    """What Telnyx's error code means, from a refused call or from a report."""
    return meanings.refusal(code, errors.MEANINGS, errors.UNKNOWN)


def _post(path: str, body: dict[str, Any]) -> Answer:
    key = secrets_in(settings.TELNYX_API_KEY, name="TELNYX_API_KEY")[0]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    url = settings.PROVIDER_BASE_URLS["telnyx"] + path
    answer = call(Call(method="POST", url=url, headers=headers, data=json.dumps(body).encode()))
    if not 200 <= answer.status < 300:
        raise _failure(answer)
    return answer


def _failure(answer: Answer) -> ProviderFailure:
    if answer.status == 429:
        return RateLimitedError(retry_after(answer.headers, clock.now()))
    if not 400 <= answer.status < 500 or answer.status == 408:
        return OutcomeUnknownError(f"status {answer.status}")
    return refusal({401: "10009", 403: "10010"}.get(answer.status) or _code(answer))


def _code(answer: Answer) -> str:
    """Of its first error."""
    first = next(iter(fields.mappings(_read(answer), "errors")), {})
    return errors.code_of(first) or str(answer.status)


def _accepted(answer: Answer) -> Accepted:
    message = fields.mapping(_read(answer), "data")
    known = fields.text(message, "id", limit=LONGEST_ID + 1)
    if not 0 < len(known) <= LONGEST_ID:
        raise OutcomeUnknownError("the answer names no message")
    to, parts = next(iter(fields.mappings(message, "to")), {}), message.get("parts")
    segments = parts if isinstance(parts, int) and 0 < parts < 100 else 0
    return Accepted(
        provider_id=known, status=STATUS.get(fields.text(to, "status"), STATUS["queued"]), segments=segments
    )


def _read(answer: Answer) -> dict[str, Any]:
    """Its object; nothing when it is none, since a refusal stands without words too."""
    try:
        return json_body.read(answer.body)
    except MalformedError:
        return {}


def _sender() -> str:
    if settings.TELNYX_PHONE_NUMBER:
        return str(settings.TELNYX_PHONE_NUMBER)
    raise RefusedError(
        code="no_sender",
        staff_message="No sender number is set for texts.",
        next_step="Set TELNYX_PHONE_NUMBER.",
        permanent=False,
        effect=Effect.CONFIG_ALERT,
    )
