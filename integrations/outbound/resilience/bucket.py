"""The token bucket's rules, without any row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from integrations.providers.shared.policies import RateLimit

# A bucket we know nothing about starts with one token, not full: its loss must not cause a burst.
FIRST_TOKENS = 1.0


@dataclass(frozen=True, kw_only=True)
class Bucket:
    tokens: float = 0.0
    refilled_at: datetime | None = None


def take(bucket: Bucket, limit: RateLimit, *, now: datetime, leave: float = 0.0) -> tuple[Bucket, float]:
    """The bucket after asking for one token, and the seconds to wait for it; 0 means it was given.

    `leave` tokens are left for others, who matter more.
    """
    filled = _refilled(bucket, limit, now)
    if filled.tokens >= 1 + leave:
        return replace(filled, tokens=filled.tokens - 1), 0.0
    return filled, (1 + leave - filled.tokens) / limit.per_second


def drained(limit: RateLimit, *, seconds: float, now: datetime) -> Bucket:
    """A bucket that gives its next token after `seconds`: the provider said "slow down"."""
    return Bucket(tokens=1 - seconds * limit.per_second, refilled_at=now)


def _refilled(bucket: Bucket, limit: RateLimit, now: datetime) -> Bucket:
    if bucket.refilled_at is None:
        return Bucket(tokens=FIRST_TOKENS, refilled_at=now)
    seconds = max(0.0, (now - bucket.refilled_at).total_seconds())
    return Bucket(tokens=min(limit.burst, bucket.tokens + seconds * limit.per_second), refilled_at=now)
