"""The gate before every provider call: breaker and bucket in one row, shared by all workers, kept over restarts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction

from aro.queue import rows
from compliance.reasons import Reason
from integrations.models import ProviderState
from integrations.outbound.resilience import breaker, bucket, history, provider_queue
from integrations.outbound.resilience.breaker import Circuit, State
from integrations.outbound.resilience.bucket import Bucket
from integrations.providers import POLICIES
from integrations.providers.shared.policies import Policy, RateLimit

DEFAULT_PAUSE_SECONDS = 5.0
# `last_ok_at` is this exact.
FRESH = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class Admission:
    """`wait_seconds` 0 means go; else come back after that, for `reason`. `last_ok_at`: of a provider of which nothing
    bad is on record, when it last answered properly."""

    wait_seconds: float = 0.0
    reason: Reason | None = None
    last_ok_at: datetime | None = None

    def says_so_already(self, now: datetime) -> bool:
        """Whether one more proper answer is nothing to note. A failure that another worker noted meanwhile stays on
        record until the next answer."""
        return self.last_ok_at is not None and self.last_ok_at >= now - FRESH


def admit(provider: str, *, now: datetime, bulk: bool = False) -> Admission:
    """Whether a call may be made now. A call that is admitted must be followed by `succeeded` or `failed`.

    `bulk` leaves half of the bucket to those that matter more, and waits in a line of its own.
    """
    policy = POLICIES[provider]
    if not _limits_on():
        known = rows.first(ProviderState, name=provider, breaker="closed")
        if known is not None:
            return _granted(known)
    with transaction.atomic():
        row = _locked(provider, policy)
        wait = _take(row, policy, now, bulk=bulk) if row.breaker == "closed" else 0.0
        if wait:
            place = _place(row, wait, now=now, per_second=policy.limit.per_second, bulk=bulk)
            return Admission(wait_seconds=place, reason=Reason.RATE_LIMITED)
        before = _circuit(row)
        circuit, wait = breaker.permit(before, policy.breaker, now=now)
        if circuit != before:
            _keep(row, circuit, now=now, reason="tried again")
        place = _place(row, wait, now=now, per_second=provider_queue.TURNS_PER_SECOND, bulk=bulk) if wait else 0.0
    return Admission(wait_seconds=place, reason=Reason.PROVIDER_PAUSED) if wait else _granted(row)


def _granted(row: ProviderState) -> Admission:
    return Admission(last_ok_at=row.last_ok_at if row.breaker == "closed" and not row.last_error else None)


def take(provider: str, *, now: datetime) -> float:
    """Takes one token; returns 0, or the seconds until there is one."""
    policy = POLICIES[provider]
    with transaction.atomic():
        return _take(_locked(provider, policy), policy, now)


def succeeded(provider: str, *, now: datetime) -> None:
    """The provider answered properly; a refusal of one request counts as that, too."""
    policy = POLICIES[provider]
    known = rows.first(ProviderState, name=provider, breaker="closed", last_error="")
    if known is not None and _granted(known).says_so_already(now):
        return  # nothing to note: spares a write per call
    with transaction.atomic():
        row = _locked(provider, policy)
        row.last_ok_at, row.last_error = now, ""
        _keep(row, breaker.succeeded(_circuit(row), policy.breaker), now=now, reason="it works again")


def failed(provider: str, *, error: str, now: datetime, at_once: bool = False) -> bool:
    """The provider did not answer properly. True when this opened the breaker: tell staff, once.

    `error` is a code or kind, never the provider's words. `at_once` opens without counting, e.g. for a wrong token.
    """
    policy = POLICIES[provider]
    with transaction.atomic():
        row = _locked(provider, policy)
        before, row.last_error = _circuit(row), error[:120]
        after = breaker.opened(now=now) if at_once else breaker.failed(before, policy.breaker, now=now)
        news = after.state == "open" and before.state != "open" and not history.is_open_on_record(provider)
        _keep(row, after, now=now, reason=error)
    return news


def slow_down(provider: str, *, seconds: float | None, now: datetime) -> float:
    """The provider answered "too fast" (429): empties the bucket for `seconds`, which are returned.

    The breaker counts it as an answer: a busy provider is not a broken one.
    """
    policy, pause = POLICIES[provider], seconds or DEFAULT_PAUSE_SECONDS
    with transaction.atomic():
        row = _locked(provider, policy)
        _store_bucket(row, bucket.drained(policy.limit, seconds=pause, now=now))
        _keep(row, breaker.succeeded(_circuit(row), policy.breaker), now=now, reason="it answers")
    return pause


def reset(provider: str, *, by: str, now: datetime) -> bool:
    """A person says that it works again: it is tried at once instead of later. False when it was not paused.

    Not simply closed: the person may be wrong, and then one call finds out, not all that wait.
    """
    with transaction.atomic():
        row = _locked(provider, POLICIES[provider])
        if row.breaker == "closed" or (row.breaker == "half_open" and history.is_new(provider)):
            return False
        row.line_until = row.bulk_line_until = None
        _save(row, "line_until", "bulk_line_until")
        _keep(row, Circuit(), now=now, reason="reset", by=by)
    return True


def _limits_on() -> bool:
    """Benchmarks switch the limits off; nobody else should."""
    return bool(settings.PROVIDER_RATE_LIMITS)


def _locked(provider: str, policy: Policy) -> ProviderState:
    found = rows.first(ProviderState, hold=True, name=provider)
    if found is None:
        ProviderState.objects.bulk_create([ProviderState(name=provider, domain=policy.domain)], ignore_conflicts=True)
        found = ProviderState.objects.select_for_update().get(name=provider)
    return found


def _save(row: ProviderState, *columns: str) -> None:
    values = [getattr(row, column) for column in columns]
    rows.update(ProviderState, columns, [(*values, row.name)], where=("name",))


def _circuit(row: ProviderState) -> Circuit:
    state = cast("State", row.breaker)
    return Circuit(state=state, failures=tuple(row.failures), successes=row.successes, since=row.opened_at)


def _take(row: ProviderState, policy: Policy, now: datetime, *, bulk: bool = False) -> float:
    if not _limits_on():
        return 0.0
    held = Bucket(tokens=row.tokens, refilled_at=row.refilled_at)
    after, wait = bucket.take(held, policy.limit, now=now, leave=_left_to_others(policy.limit) if bulk else 0.0)
    _store_bucket(row, after)
    return wait


def _left_to_others(limit: RateLimit) -> float:
    return min(limit.burst / 2, limit.burst - 1)


def _place(row: ProviderState, wait: float, *, now: datetime, per_second: float, bulk: bool) -> float:
    """Seconds until this one's turn."""
    name = "bulk_line_until" if bulk else "line_until"
    turn = provider_queue.turn(getattr(row, name), now=now, wait_seconds=wait, per_second=per_second)
    setattr(row, name, turn)
    _save(row, name)
    return (turn - now).total_seconds()


def _store_bucket(row: ProviderState, after: Bucket) -> None:
    row.tokens, row.refilled_at = after.tokens, after.refilled_at
    _save(row, "tokens", "refilled_at")


def _keep(row: ProviderState, circuit: Circuit, *, now: datetime, reason: str, by: str = history.BY_ITSELF) -> None:
    before = row.breaker
    row.breaker, row.failures = circuit.state, list(circuit.failures)
    row.successes, row.opened_at = circuit.successes, circuit.since
    _save(row, "breaker", "failures", "successes", "opened_at", "last_ok_at", "last_error")
    if before != circuit.state:
        if circuit.state == "closed":
            row.line_until = row.bulk_line_until = None
            _save(row, "line_until", "bulk_line_until")
        history.note(row.name, before=before, after=circuit.state, reason=reason, by=by, at=now)
