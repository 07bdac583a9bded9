"""How long to wait before trying a provider again."""

from __future__ import annotations

from random import Random, SystemRandom

from integrations.providers.shared.policies import RetryPolicy

_RNG = SystemRandom()


def next_delay(policy: RetryPolicy, attempt: int, rng: Random = _RNG) -> float:
    """Seconds before the retry that follows attempt number `attempt` (1 is the first).

    Up to half of the wait is random, so that what failed together is not tried again together. How many retries there
    are is `policy.attempts`; the caller counts.
    """
    number = max(1, min(attempt, policy.attempts)) - 1
    if policy.growth == "linear":
        wait = policy.first + (policy.longest - policy.first) * number / max(1, policy.attempts - 1)
    else:
        wait = policy.first * 2**number
    return min(wait, policy.longest) * (1 - rng.random() / 2)
