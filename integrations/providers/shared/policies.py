"""The numbers of resilience: what they are made of, and each kind's breaker. A vendor names its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class BreakerPolicy:
    """Opens after `open_after` failures within `window`, is tried again after `half_open_after`, and closes after
    `close_after` successes in a row."""

    open_after: int
    close_after: int
    half_open_after: timedelta
    window: timedelta


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """A token bucket: `per_second` tokens flow in, at most `burst` are kept."""

    per_second: float
    burst: float


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """`attempts` retries; waits grow from `first` seconds to at most `longest`."""

    attempts: int
    growth: Literal["exponential", "linear"]
    first: float
    longest: float


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How a provider is called. `domain`: its kind, which operators know."""

    domain: str
    breaker: BreakerPolicy
    retry: RetryPolicy
    limit: RateLimit


MESSAGING = BreakerPolicy(
    open_after=5, close_after=2, half_open_after=timedelta(seconds=60), window=timedelta(minutes=5)
)
BOOKING = BreakerPolicy(
    open_after=10, close_after=3, half_open_after=timedelta(seconds=120), window=timedelta(minutes=10)
)
PAYMENT = BreakerPolicy(open_after=3, close_after=2, half_open_after=timedelta(seconds=30), window=timedelta(minutes=3))


def booking(limit: RateLimit) -> Policy:
    """Of a booking system, which differs from the others by its limit only."""
    return Policy(
        domain="booking",
        breaker=BOOKING,
        retry=RetryPolicy(attempts=3, growth="exponential", first=1, longest=60),
        limit=limit,
    )
