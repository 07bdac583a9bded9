"""A provider's row: who may run, how far it is, and how it went. Every write of a runner is fenced."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db.models import F, Q

from aro import clock
from aro.queue.due import LostClaimError
from compliance.models import DEFAULT_TENANT
from integrations.models import SyncState
from integrations.providers.shared.base import Window

# Longer than any call, and prolonged before each one; a killed runner is replaced after it.
LEASE = timedelta(seconds=90)
# A list goes on where a dead run stopped, but not for ever: its cursors grow old.
LONGEST_BREAK = timedelta(hours=6)


class BusyError(Exception):
    """Another run of this provider is under way."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a run has met so far; the names are those of `SyncState`."""

    listed: int = 0
    applied: int = 0
    missed: int = 0
    unreadable: int = 0
    failed: int = 0

    def __add__(self, other: Counts) -> Counts:
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})


@dataclass(frozen=True, kw_only=True)
class Run:
    """A runner's ticket, valid while `fence` is still the row's."""

    state: SyncState
    fence: int
    number: int
    window: Window
    started_at: datetime
    cursor: str = ""
    counts: Counts = Counts()
    resumed: bool = False


def row(provider: str, *, tenant_id: str = DEFAULT_TENANT) -> SyncState:
    """The provider's row; made when it is asked for the first time."""
    return SyncState.objects.get_or_create(tenant_id=tenant_id, provider=provider)[0]


def begin(state: SyncState, window: Window, *, exactly: bool) -> Run:
    """Takes the provider's row: goes on with an unfinished run, else starts one.

    `exactly`: only an unfinished run over this very window is gone on with. Raises `BusyError`.
    """
    real = _real_now()
    free = Q(lease=None) | Q(lease__lt=real)
    if not SyncState.objects.filter(free, pk=state.pk).update(lease=real + LEASE, fence=F("fence") + 1):
        raise BusyError(state.provider)
    state.refresh_from_db()
    return _resumed(state, window) if _can_resume(state, window, exactly=exactly) else _started(state, window)


def _can_resume(state: SyncState, window: Window, *, exactly: bool) -> bool:
    if state.started_at is None or not timedelta(0) <= clock.now() - state.started_at < LONGEST_BREAK:
        return False
    same = (state.window_from, state.window_until) == (window.starts_from, window.starts_until)
    return same or not exactly


def _resumed(state: SyncState, window: Window) -> Run:
    told = {name: getattr(state, name) for name in asdict(Counts())}
    starts_from, starts_until = state.window_from or window.starts_from, state.window_until or window.starts_until
    return Run(
        state=state,
        fence=state.fence,
        number=state.run,
        window=replace(window, starts_from=starts_from, starts_until=starts_until),
        started_at=state.started_at or clock.now(),
        cursor=state.cursor,
        counts=Counts(**told),
        resumed=True,
    )


def _started(state: SyncState, window: Window) -> Run:
    now = clock.now()
    number = state.run + 1
    run = Run(state=state, fence=state.fence, number=number, window=window, started_at=now)
    _write(
        run,
        run=number,
        started_at=now,
        window_from=window.starts_from,
        window_until=window.starts_until,
        cursor="",
        unlisted=0,
        **asdict(Counts()),
    )
    return run


def hold(run: Run) -> None:
    """Owns the row for another while. Raises `LostClaimError` when somebody else has taken it over."""
    _write(run, lease=_real_now() + LEASE)


def turn_page(run: Run, cursor: str) -> Run:
    """Keeps how far the run is. Call in the transaction that applies the page's last news."""
    _write(run, cursor=cursor, **asdict(run.counts))
    return replace(run, cursor=cursor)


def count(run: Run, more: Counts) -> Run:
    """Keeps what was met within a page."""
    run = replace(run, counts=run.counts + more)
    _write(run, **asdict(run.counts))
    return run


def rewind(run: Run) -> Run:
    """Back to the first page: the provider does not know the cursor any more."""
    return turn_page(replace(run, counts=Counts()), "")


def release(run: Run) -> None:
    """Leaves an unfinished run to whoever goes on with it."""
    _write(run, lease=None)


def finish(run: Run, *, unlisted: int) -> None:
    """The whole list was walked."""
    now = clock.now()
    first = SyncState.objects.filter(pk=run.state.pk, first_done_at=None).exists()
    # What the first walk finds was never missed: nobody was told of it before ARO was there.
    counts = replace(run.counts, missed=0) if first else run.counts
    _write(
        run,
        **asdict(counts),
        unlisted=unlisted,
        started_at=None,
        cursor="",
        lease=None,
        last_done_at=now,
        last_error="",
        failures=0,
        **({"first_done_at": now} if first else {"missed_in_all": F("missed_in_all") + run.counts.missed}),
    )


def fail(run: Run, error: str) -> int:
    """The run stays unfinished; returns how many have failed in a row. `error` is a code or a kind."""
    _write(run, lease=None, last_error=error[:120], failures=F("failures") + 1)
    return SyncState.objects.values_list("failures", flat=True).get(pk=run.state.pk)


def _write(run: Run, /, **values: object) -> None:
    if not SyncState.objects.filter(pk=run.state.pk, fence=run.fence).update(**values):
        raise LostClaimError


def _real_now() -> datetime:
    """Leases run in real time: moving the sandbox's clock must not take work from its owner."""
    return datetime.fromtimestamp(time.time(), UTC)
