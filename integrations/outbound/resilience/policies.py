"""The numbers of resilience, per kind of provider, and which provider is of which kind."""

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
    domain: str
    breaker: BreakerPolicy
    retry: RetryPolicy
    limit: RateLimit


_MESSAGING = BreakerPolicy(
    open_after=5, close_after=2, half_open_after=timedelta(seconds=60), window=timedelta(minutes=5)
)
_BOOKING = BreakerPolicy(
    open_after=10, close_after=3, half_open_after=timedelta(seconds=120), window=timedelta(minutes=10)
)
_PAYMENT = BreakerPolicy(
    open_after=3, close_after=2, half_open_after=timedelta(seconds=30), window=timedelta(minutes=3)
)

POLICIES: dict[str, Policy] = {
    "twilio": Policy(
        domain="messaging",
        breaker=_MESSAGING,
        retry=RetryPolicy(attempts=5, growth="exponential", first=0.5, longest=30),
        limit=RateLimit(per_second=1, burst=10),  # 60 a minute
    ),
    "email": Policy(
        domain="messaging",
        breaker=_MESSAGING,
        # A mail server that greylists wants to be asked again after minutes, not seconds.
        retry=RetryPolicy(attempts=5, growth="exponential", first=30, longest=600),
        limit=RateLimit(per_second=1, burst=10),
    ),
    "calendly": Policy(
        domain="booking",
        breaker=_BOOKING,
        retry=RetryPolicy(attempts=3, growth="exponential", first=1, longest=60),
        limit=RateLimit(per_second=100 / 3600, burst=20),  # 100 an hour
    ),
    "acuity": Policy(
        domain="booking",
        breaker=_BOOKING,
        retry=RetryPolicy(attempts=3, growth="exponential", first=1, longest=60),
        limit=RateLimit(per_second=5, burst=10),  # 10 a second and address are allowed
    ),
    "square": Policy(
        domain="booking",
        breaker=_BOOKING,
        retry=RetryPolicy(attempts=3, growth="exponential", first=1, longest=60),
        limit=RateLimit(per_second=2, burst=10),  # undisclosed; a booking costs up to three calls
    ),
    "calcom": Policy(
        domain="booking",
        breaker=_BOOKING,
        retry=RetryPolicy(attempts=3, growth="exponential", first=1, longest=60),
        limit=RateLimit(per_second=1.5, burst=20),  # 120 a minute and key are allowed
    ),
    "easyappointments": Policy(
        domain="booking",
        breaker=_BOOKING,
        retry=RetryPolicy(attempts=3, growth="exponential", first=1, longest=60),
        limit=RateLimit(per_second=5, burst=20),  # the clinic's own server: no limit of its own, so be gentle
    ),
    "stripe": Policy(
        domain="payment",
        breaker=_PAYMENT,
        retry=RetryPolicy(attempts=2, growth="linear", first=2, longest=5),
        limit=RateLimit(per_second=100, burst=5),
    ),
}
