"""How long to wait before trying a provider again."""

from __future__ import annotations

from random import Random

from integrations.outbound.resilience.retry import next_delay
from integrations.providers import POLICIES

_RNG = Random()  # noqa: S311 - spreads retries, guards nothing


def backoff(provider: str, attempt: int) -> float:
    """Seconds until the retry after this many attempts; the longest wait once the policy's retries are used up."""
    policy = POLICIES[provider].retry
    return next_delay(policy, attempt=max(1, attempt), rng=_RNG) or policy.longest


def is_retry_left(provider: str, attempt: int) -> bool:
    """Whether the policy grants one more retry after this many attempts."""
    return attempt <= POLICIES[provider].retry.attempts
