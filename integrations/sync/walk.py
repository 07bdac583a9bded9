"""Walks a booking system's list, page by page, and takes over what is new.

Calls are made outside any transaction and through the gate, so that the provider's limit and breaker hold for them. How
far the walk is, is kept after every page, and what was asked one by one after each answer: a killed walk goes on there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from appointments import states
from appointments.models import Appointment, BookingRef
from aro import clock
from integrations.models import SyncSeen
from integrations.outbound.resilience import gate
from integrations.providers.shared.base import (
    Adapter,
    Entry,
    MalformedError,
    Page,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from integrations.sync import notices, reconcile, state
from integrations.sync.state import Counts, Run

# What no list has named for so long is forgotten: it lies outside every window.
FORGET_AFTER = timedelta(days=14)
T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One provider's list and its runner.

    `pause(seconds, calls, run)` is called when the provider must be left alone for a while, with how many calls are
    known to follow: it sleeps, or raises to leave the rest to a later runner. `progress(run)` may raise for that, too.
    """

    adapter: Adapter
    pause: Callable[[float, int, Run], None]
    progress: Callable[[Run], None]
    hold: Callable[[Run], None] = state.hold

    def to_the_end(self, run: Run) -> Run:
        """Goes on from the run's cursor and finishes the run. Raises `ProviderFailure` and `LostClaimError`."""
        more = True
        while more:
            page = self._page(run)
            run = self._entries(run, page.entries)
            run = self._turn(run, page)
            more = bool(page.next)
            if more:  # after the last page nothing may leave the walk: its cursor is that of the first page
                self.progress(run)
        _finish(run, self.adapter.name)
        return run

    def _page(self, run: Run) -> Page:
        try:
            return self.page(run, run.cursor)
        except RefusedError as error:
            if not (run.cursor and error.permanent):
                raise
        # The provider does not know the cursor any more. What was taken over is known and costs little to pass again.
        run = state.rewind(run)
        return self.page(run, "")

    def page(self, run: Run, cursor: str) -> Page:
        """One page. Raises `ProviderFailure`, also for an answer that makes no sense as a whole."""
        try:
            return self.ask(run, partial(self.adapter.list_page, run.window, cursor))
        except MalformedError as error:
            raise UnavailableError("the list makes no sense") from error

    def _entries(self, run: Run, entries: Sequence[Entry]) -> Run:
        """Asks for each entry whose version is new."""
        asked = to_ask(run, entries)
        _note(run, [entry.key for entry in entries if entry not in asked])
        for number, entry in enumerate(asked):
            told = self.entry(run, entry, calls=len(asked) - number)
            if told is None:
                run = state.count(run, Counts(unreadable=1))
            else:
                run = _take_entry(run, self.adapter.name, entry, told)
            self.progress(run)
        return run

    def entry(self, run: Run, entry: Entry, *, calls: int = 1) -> list[reconcile.Told] | None:
        """What is behind an entry; empty when it has gone since it was listed, None when it makes no sense.

        Raises `ProviderFailure`.
        """
        try:
            return reconcile.told(self.ask(run, partial(self.adapter.list_entry, entry, run.window), calls=calls))
        except RefusedError as error:
            if not error.permanent:
                raise
            return []
        except MalformedError:
            logger.warning("a booking of a list makes no sense", extra={"provider": self.adapter.name})
            return None

    def _turn(self, run: Run, page: Page) -> Run:
        told = reconcile.told(page.news)
        taken = reconcile.take(run, self.adapter.name, told)
        listed = Counts(listed=len(told) + len(page.entries), unreadable=page.unreadable)
        return state.turn_page(replace(run, counts=run.counts + taken + listed), page.next)

    def ask(self, run: Run, call: Callable[[], T], *, calls: int = 1) -> T:
        """One call through the gate. Raises `ProviderFailure`."""
        name = self.adapter.name
        while True:
            self.hold(run)
            wait = gate.admit(name, now=clock.now()).wait_seconds
            if not wait:
                try:
                    return counted(name, call)
                except RateLimitedError as error:
                    wait = gate.slow_down(name, seconds=error.retry_after, now=clock.now())
            self.pause(wait, calls, run)


def counted(name: str, call: Callable[[], T]) -> T:
    """The call, and what the breaker learns from it."""
    try:
        answer = call()
    except RateLimitedError:
        raise
    except (RefusedError, MalformedError):
        gate.succeeded(name, now=clock.now())
        raise
    except ProviderFailure as error:
        gate.failed(name, error=type(error).__name__, now=clock.now())
        raise
    gate.succeeded(name, now=clock.now())
    return answer


def to_ask(run: Run, entries: Sequence[Entry]) -> list[Entry]:
    """The entries whose version is new."""
    seen = SyncSeen.objects.filter(state=run.state, external_id__in=[entry.key for entry in entries])
    known = dict(seen.values_list("external_id", "version")) if entries else {}
    return [entry for entry in entries if known.get(entry.key) != entry.version]


def _note(run: Run, same: Sequence[str]) -> None:
    """These entries, and what is behind them, are still in the list."""
    if same:
        SyncSeen.objects.filter(state=run.state, entry__in=same).update(run=run.number, seen_at=clock.now())


def _take_entry(run: Run, source: str, entry: Entry, told: Sequence[reconcile.Told]) -> Run:
    counts = reconcile.take(run, source, told, entry=entry.key)
    if not counts.failed:
        reconcile.remember(run, {entry.key: entry.version}, entry=entry.key)
    return state.count(run, counts)


def unlisted(run: Run, source: str) -> QuerySet[Appointment]:
    """Visits to come in the run's window that were known before it began and that its list did not name."""
    seen = _seen(run).filter(run=run.number)
    return Appointment.objects.filter(
        ~Exists(seen),
        tenant_id=run.state.tenant_id,
        source=source,
        status__in=states.LIVE,
        starts_at__gte=max(run.window.starts_from, clock.now()),
        starts_at__lt=run.window.starts_until,
        created_at__lt=run.started_at,
    )


def _seen(run: Run) -> QuerySet[SyncSeen]:
    """What the list ever said of a visit: under the id it has here, or under a name of its own where the id is
    shared."""
    seats = BookingRef.objects.filter(appointment=OuterRef(OuterRef("pk")), moved_to="").exclude(shared_id="")
    by_seat = Q(external_id__in=seats.values("external_id"))
    return SyncSeen.objects.filter(Q(external_id=OuterRef("external_id")) | by_seat, state=run.state)


def _finish(run: Run, source: str) -> None:
    """Tells of visits that the list had once and has no more: only they surely belong to this account."""
    missing = unlisted(run, source)
    once = _seen(run)
    whole = not run.counts.unreadable and not run.counts.failed
    with transaction.atomic():
        state.finish(run, unlisted=missing.count())
        notices.whole(run.state, failed=run.counts.failed)
        if whole:
            notices.gone(run.state, list(missing.filter(Exists(once)).order_by("starts_at")[:500]))
        SyncSeen.objects.filter(state=run.state, seen_at__lt=clock.now() - FORGET_AFTER).delete()
