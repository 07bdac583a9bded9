"""A walk that a person has asked for: it waits where the provider's limit wants it, and says how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from appointments.models import Business
from appointments.services import businesses
from aro import clock
from aro.errors import InvalidRequestError
from aro.queue.due import LostClaimError
from integrations.models import SyncState
from integrations.providers.shared.base import Adapter, ProviderFailure, RefusedError, Window
from integrations.sync import notices, reconcile, schedule, state
from integrations.sync.state import BusyError, Counts, Run
from integrations.sync.walk import Walk, to_ask

# A lock is prolonged at least this often while a walk waits.
_NAP_SECONDS = 20.0
_TELL_SECONDS = 5.0
# No list reaches farther, and no provider is asked what its own calendar may not know.
FARTHEST = timedelta(days=10 * 365)
Tell = Callable[[str], object]


@dataclass(frozen=True)
class Wanted:
    """What a person asked for."""

    window: Window
    adapters: tuple[Adapter, ...]

    @classmethod
    def of(cls, start: str, end: str, since: str, provider: str) -> Wanted:
        """From the words of a command line; days are the business's. Raises `InvalidRequestError`."""
        business = businesses.current()
        if since and (start or end):
            raise InvalidRequestError("Give either --since, or --from and --to.")
        usual = schedule.window(clock.now(), phone_question=business.phone_question)
        first = _day("--since" if since else "--from", since or start, business)
        last = _day("--to", end, business)
        window = replace(
            usual,
            starts_from=first or _midnight(usual.starts_from, business),
            starts_until=_midnight((last or usual.starts_until) + timedelta(days=1), business),
        )
        if window.starts_from >= window.starts_until:
            raise InvalidRequestError("The first day is after the last one. Give --from before --to.")
        return cls(window, _adapters(provider))


def _day(option: str, text: str, business: Business) -> datetime | None:
    """Midnight of that day where the business is."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidRequestError(f"{option}: {text} is not a day. Write it as 2026-02-01.") from None
    if abs(day - clock.now().date()) > FARTHEST:
        raise InvalidRequestError(f"{option}: give a day within {FARTHEST.days // 365} years of today.")
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(business.timezone))


def _midnight(moment: datetime, business: Business) -> datetime:
    """The beginning of that day where the business is: the same command an hour later means the same window."""
    there = moment.astimezone(ZoneInfo(business.timezone))
    return there.replace(hour=0, minute=0, second=0, microsecond=0)


def _adapters(provider: str) -> tuple[Adapter, ...]:
    known = schedule.configured()
    found = tuple(adapter for adapter in known if provider in ("", adapter.name))
    if found:
        return found
    names = ", ".join(adapter.name for adapter in known) or "none"
    raise InvalidRequestError(
        f"No such booking system can be asked. Connected: {names}. `aro help` and docs/how-to/keep-in-step.md say how."
    )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of asking one provider. `problem` is empty when the whole list was walked."""

    provider: str
    counts: Counts
    unlisted: int = 0
    resumed: bool = False
    dry_run: bool = False
    problem: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "provider": self.provider,
            "listed": self.counts.listed,
            "applied": self.counts.applied,
            "missed": self.counts.missed,
            "unreadable": self.counts.unreadable,
            "failed": self.counts.failed,
            "unlisted": self.unlisted,
            "resumed": self.resumed,
            "dry_run": self.dry_run,
            "problem": self.problem,
        }

    def line(self) -> str:
        """In a sentence or three."""
        counts = self.counts
        told = f"{self.provider}: {counts.listed} in the list, {counts.applied} "
        told += "would be taken over" if self.dry_run else "taken over"
        more = (
            (counts.unreadable, "made no sense"),
            (counts.failed, "could not be applied (see the log)"),
            (self.unlisted, "known here but not in the list (nothing is cancelled for that)"),
        )
        told += "".join(f", {number} {words}" for number, words in more if number) + "."
        told = f"Went on where the last run stopped. {told}" if self.resumed else told
        return f"{told} {self.problem}".strip()


def sync(wanted: Wanted, adapter: Adapter, tell: Tell) -> Result:
    """Walks to the end, waiting as long as the provider's limit wants."""
    row = state.row(adapter.name)
    try:
        run = state.begin(row, wanted.window, exactly=True)
    except BusyError:
        problem = "A run is under way already; `aro sync:status` shows how far it is. Try again in a minute."
        return Result(provider=adapter.name, counts=Counts(), problem=problem)
    progress = _Progress(tell)
    try:
        run = Walk(adapter=adapter, pause=progress.pause, progress=progress).to_the_end(run)
    except ProviderFailure as error:
        failures = state.fail(run, str(error) or type(error).__name__)
        notices.could_not_ask(row, error, failures=failures)
        return _stopped(row, run, _words(error))
    except LostClaimError:
        return _stopped(row, run, "Another run took over; `aro sync:status` shows how far it is.")
    except BaseException:
        state.release(run)
        raise
    row.refresh_from_db()
    return Result(provider=adapter.name, counts=run.counts, unlisted=row.unlisted, resumed=run.resumed)


def _stopped(row: SyncState, run: Run, problem: str) -> Result:
    row.refresh_from_db()
    kept = Counts(**{name: getattr(row, name) for name in Counts.__dataclass_fields__})
    return Result(provider=row.provider, counts=kept, resumed=run.resumed, problem=problem)


def _words(error: ProviderFailure) -> str:
    if isinstance(error, RefusedError):
        return f"{error.staff_message} {error.next_step}"
    return f"It did not answer properly ({str(error) or type(error).__name__}). Run the command again to go on."


def look(wanted: Wanted, adapter: Adapter, tell: Tell) -> Result:
    """What `sync` would find: the list is walked in the same way, and what it would do is done and taken back."""
    row, now = state.row(adapter.name), clock.now()
    run = Run(state=row, fence=row.fence, number=row.run, window=wanted.window, started_at=now)
    progress, problem = _Progress(tell), ""
    walk = Walk(adapter=adapter, pause=progress.nap, progress=progress, hold=_hold_nothing)
    try:
        for more in _pages(walk, run):
            run = replace(run, counts=run.counts + more)
            progress(run)
    except ProviderFailure as error:
        problem = _words(error)
    return Result(provider=adapter.name, counts=run.counts, dry_run=True, problem=problem)


def _hold_nothing(_run: Run) -> None:
    """Looking needs no lock."""


def _pages(walk: Walk, run: Run) -> Iterator[Counts]:
    cursor, more = "", True
    while more:
        page = walk.page(run, cursor)
        told = reconcile.told(page.news)
        yield Counts(listed=len(told) + len(page.entries), unreadable=page.unreadable)
        yield reconcile.rehearse(run, walk.adapter.name, told)
        for entry in to_ask(run, page.entries):
            behind = walk.entry(run, entry)
            yield Counts(unreadable=1) if behind is None else reconcile.rehearse(run, walk.adapter.name, behind)
        cursor, more = page.next, bool(page.next)


class _Progress:
    """A line every few seconds, and sleep that keeps the lock."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._told_at = tell, time.monotonic()

    def __call__(self, run: Run) -> None:
        if time.monotonic() - self._told_at >= _TELL_SECONDS:
            self._told_at = time.monotonic()
            self._tell(f"{run.state.provider}: {run.counts.listed} in the list so far, {run.counts.applied} new")

    def pause(self, seconds: float, calls: int, run: Run) -> None:
        """Sleeps in naps, each with the lock renewed."""
        self.nap(seconds, calls, run, hold=state.hold)

    def nap(self, seconds: float, calls: int, run: Run, hold: Callable[[Run], None] = _hold_nothing) -> None:
        """Sleeps; says so when it is long."""
        if seconds > _TELL_SECONDS:
            self._tell(f"{run.state.provider}: its limit wants a pause of {seconds:.0f} s ({calls} questions to go)")
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            hold(run)
            time.sleep(min(left, _NAP_SECONDS))
