"""The circuit breaker's rules, without any row: a circuit, what happened, and when, give the next circuit.

`since` is when an open circuit opened; in a half-open one it is when the probe that is under way was let through. A
clock that went back counts as "long ago", so that no circuit stays open for a wrong clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from integrations.providers.shared.policies import BreakerPolicy

State = Literal["closed", "open", "half_open"]
# A probe whose worker died is forgotten after this.
PROBE_PATIENCE = timedelta(seconds=30)
# How long others wait while a probe is under way.
PROBE_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Circuit:
    """Starts half-open: of a provider we know nothing about, one call is tried first. `failures` are unix times."""

    state: State = "half_open"
    failures: tuple[float, ...] = ()
    successes: int = 0
    since: datetime | None = None


def permit(circuit: Circuit, policy: BreakerPolicy, *, now: datetime) -> tuple[Circuit, float]:
    """The circuit after asking, and the seconds to wait; 0 means go ahead."""
    if circuit.state == "closed":
        return circuit, 0.0
    patience = policy.half_open_after if circuit.state == "open" else PROBE_PATIENCE
    wait = _left(circuit.since, patience, now)
    if wait > 0:
        return circuit, wait if circuit.state == "open" else min(wait, PROBE_PAUSE_SECONDS)
    successes = 0 if circuit.state == "open" else circuit.successes
    return replace(circuit, state="half_open", successes=successes, since=now), 0.0


def _left(since: datetime | None, patience: timedelta, now: datetime) -> float:
    if since is None or since > now:
        return 0.0
    return max(0.0, (since + patience - now).total_seconds())


def succeeded(circuit: Circuit, policy: BreakerPolicy) -> Circuit:
    """After a call that worked. A late success of a call from before it opened does not close an open circuit."""
    if circuit.state != "half_open":
        return circuit
    if circuit.successes + 1 >= policy.close_after:
        return Circuit(state="closed")
    return replace(circuit, successes=circuit.successes + 1, since=None)


def failed(circuit: Circuit, policy: BreakerPolicy, *, now: datetime) -> Circuit:
    """After a call that did not reach the provider, or that the provider failed to answer properly."""
    if circuit.state == "open":
        return circuit
    moment = now.timestamp()
    # Those a little later than this one, too: of several at once the last to be noted need not be the last to happen.
    recent = tuple(t for t in circuit.failures if abs(moment - t) < policy.window.total_seconds())
    failures = (*recent, moment)[-policy.open_after :]
    if circuit.state == "half_open" or len(failures) >= policy.open_after:
        return Circuit(state="open", failures=failures, since=now)
    return replace(circuit, failures=failures)


def opened(*, now: datetime) -> Circuit:
    """Open at once: for a refusal that every further call would get too, e.g. a wrong token."""
    return Circuit(state="open", since=now)
