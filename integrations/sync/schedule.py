"""The lane `sync`: every quarter of an hour each booking system is asked for its list, and the carrier for replies."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from appointments.services import businesses
from aro import clock
from aro.errors import ServiceUnavailableError
from aro.models import Due
from aro.queue import due
from aro.queue.due import Claim
from integrations.models import SyncState
from integrations.outbound.resilience import gate
from integrations.providers import ADAPTERS, POLICIES, chosen
from integrations.providers.shared.base import Adapter, NotConfiguredError, ProviderFailure, RateLimitedError, Window
from integrations.sync import notices, replies, state, subscriptions
from integrations.sync.state import BusyError, Run
from integrations.sync.walk import Walk, counted

LANE = "sync"
# The window that is asked for by itself: what was, because a late cancellation or no-show counts, and what comes.
BEHIND, AHEAD = timedelta(days=2), timedelta(days=60)
# So long does one claim work before it lets another provider have its turn.
TURN_SECONDS = 20.0
BUSY_SECONDS = 60.0
# A page with entries is asked for again after a pause, which costs a call: so many more should fit in by then.
_CALLS_AFTER_PAUSE = 9

logger = logging.getLogger(__name__)


class LaterError(Exception):
    """The rest of the walk is for a later claim, in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


def interval() -> timedelta | None:
    """How often each list is asked for; None when that is switched off."""
    minutes = settings.SYNC_EVERY_MINUTES
    return timedelta(minutes=minutes) if minutes > 0 else None


def configured() -> list[Adapter]:
    """The booking systems that have a list and whose API can be asked."""
    return [
        adapter
        for adapter in ADAPTERS.values()
        if adapter.lists and adapter.name in POLICIES and all(getattr(settings, name) for name in adapter.api_settings)
    ]


def asked() -> list[str]:
    """Who is asked: the booking systems with a list, then the carrier for replies."""
    return [adapter.name for adapter in configured()] + ([chosen.replies()] if replies.is_set_up() else [])


def window(now: datetime, *, phone_question: str) -> Window:
    """The window of a periodic run."""
    return Window(starts_from=now - BEHIND, starts_until=now + AHEAD, phone_question=phone_question)


def plan(now: datetime) -> None:
    """Makes each configured provider due for the first time, spread over the interval; safe to repeat."""
    every = interval()
    if every is None:
        return
    for row in map(state.row, asked()):
        if not Due.objects.filter(lane=LANE, ref=row.id).exists():
            due.put(LANE, row.id, now + every * (0.2 + 0.8 * _share(row.provider)))


def plan_at_start(**_: object) -> None:
    """`plan`, when a worker is ready: settings may name another provider since the last start. The carrier is asked at
    once: texts wait for it (`catching_up`)."""
    now = clock.now()
    plan(now)
    replying = SyncState.objects.filter(provider=chosen.replies()).values_list("id", flat=True)
    Due.objects.filter(lane=LANE, ref__in=list(replying), lease=None, due_at__gt=now).update(due_at=now)


def _share(name: str) -> float:
    """Where in the interval a provider has its place: the same after every start."""
    return hashlib.sha256(name.encode()).digest()[0] / 256


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """Asks outside any transaction, for a while; the row is due again for the rest, or for the next run."""
    for claim in claims:
        row, every = SyncState.objects.filter(pk=claim.ref).first(), interval()
        pause = _turn_of(row, every, now) if row and every else None
        if pause is None:
            due.finish(claim)  # not set up any more; planned again at a start with its settings
        else:
            due.again(claim, now + pause)


def _turn_of(row: SyncState, every: timedelta, now: datetime) -> timedelta | None:
    """How long until its next turn; None when nobody is to be asked any more."""
    if row.provider not in asked():
        return None
    if row.provider == chosen.replies():
        return replies.turn(row, every, now)
    return _turn(row, ADAPTERS[row.provider], every, now)


def _turn(row: SyncState, adapter: Adapter, every: timedelta, now: datetime) -> timedelta:
    """One provider's turn; how long until the next."""
    try:
        business = businesses.current(row.tenant_id)
        run = state.begin(row, window(now, phone_question=business.phone_question), exactly=False)
    except (BusyError, ServiceUnavailableError):
        return timedelta(seconds=BUSY_SECONDS)
    try:
        _walk(adapter).to_the_end(run)
        _watch(adapter, row, now)
    except LaterError as later:
        state.release(run)
        return timedelta(seconds=later.seconds)
    except ProviderFailure as error:
        failures = state.fail(run, str(error) or type(error).__name__)
        notices.could_not_ask(row, error, failures=failures)
    return every


def _walk(adapter: Adapter) -> Walk:
    turn = _Turn(ends=time.monotonic() + TURN_SECONDS, per_second=POLICIES[adapter.name].limit.per_second)
    return Walk(adapter=adapter, pause=turn.pause, progress=turn.progress)


@dataclass(frozen=True)
class _Turn:
    ends: float
    per_second: float

    def pause(self, seconds: float, calls: int, _run: Run) -> None:
        """Comes back when several calls can follow: a page that is asked for again costs one itself."""
        raise LaterError(seconds + min(calls, _CALLS_AFTER_PAUSE) / self.per_second)

    def progress(self, _run: Run) -> None:
        if time.monotonic() > self.ends:
            raise LaterError(0.0)


def _watch(adapter: Adapter, row: SyncState, now: datetime) -> None:
    """The subscription's health, when it is due and the provider may be asked; a failure waits for the next run."""
    if not (adapter.subscribes and subscriptions.is_due(row, now)):
        return
    if gate.admit(adapter.name, now=now).wait_seconds:
        return
    try:
        counted(adapter.name, lambda: subscriptions.watch(adapter, row, now=now))
    except RateLimitedError as error:
        gate.slow_down(adapter.name, seconds=error.retry_after, now=now)
    except (ProviderFailure, NotConfiguredError) as error:
        logger.warning("a webhook subscription could not be looked at", extra={"error": type(error).__name__})
