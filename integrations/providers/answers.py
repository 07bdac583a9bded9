"""Reads what an answer's headers say about waiting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT_SECONDS = 3600.0


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
