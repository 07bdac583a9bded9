"""What an answer means, whichever provider gave it: lost or there, yes or no, when to ask again, and its JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aro import clock
from integrations.providers.shared import json_body
from integrations.providers.shared.base import (
    MalformedError,
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from integrations.providers.shared.transport import Answer, Call, call

LONGEST_WAIT_SECONDS = 3600.0


def ask(request: Call) -> Answer:
    """The answer, whatever its status. Raises `UnavailableError`.

    Only for what does no harm when it is done twice: there an answer that got lost is simply no answer.
    """
    try:
        return call(request)
    except OutcomeUnknownError as error:
        raise UnavailableError(str(error)) from error


def refuse_errors(answer: Answer, refusals: Mapping[int, Callable[[int], RefusedError]]) -> None:
    """Raises `ProviderFailure` unless the status is 2xx.

    `refusals`: by status, what makes the error for those that mean something of their own at this provider.
    """
    if answer.status == 429:
        raise RateLimitedError(retry_after(answer.headers, clock.now()))
    if answer.status in refusals:
        raise refusals[answer.status](answer.status)
    if not 200 <= answer.status < 300:
        raise UnavailableError(f"status {answer.status}")


def json_object(body: bytes) -> dict[str, Any]:
    """The object in an answer's body. Raises `UnavailableError`: nonsense is no answer either."""
    try:
        return json_body.read(body)
    except MalformedError as error:
        raise UnavailableError("the answer is not JSON") from error


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, at most an hour: `Retry-After` (seconds or a date), else `X-RateLimit-Reset`.

    Calendly's `X-RateLimit-Reset` counts seconds from now; it is not a moment.
    """
    value = headers.get("Retry-After") or headers.get("X-RateLimit-Reset") or ""
    seconds = _seconds(value.strip(), now)
    return None if seconds is None else max(0.0, min(seconds, LONGEST_WAIT_SECONDS))


def _seconds(value: str, now: datetime) -> float | None:
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
