"""Lanes: what kinds of work there are and who does them. Apps register theirs in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aro.models import DeadLetter
from aro.queue import due
from aro.queue.due import LEASE_SECONDS, Claim
from aro.queue.replay import PLAIN, Replayer

# Staff are told of dead letters here.
DEAD_LETTERS = "dead_letter"

Handler = Callable[[Sequence[Claim], datetime], None]
Ahead = Callable[[Sequence[Claim]], Handler]
Aftermath = Callable[[Claim, Exception], None]


def _nothing(claim: Claim, error: Exception) -> None:
    """Nothing to do besides."""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A kind of work.

    `handle(claims, now)` is called inside one transaction and finishes or postpones every claim. With `threads` above 0
    it is called outside any transaction with one claim at a time, from that many threads: that is for I/O.
    `ahead(claims)`, where given, does what needs no transaction and returns the handler to call within one instead of
    `handle`: SQLite has one writer, and nobody should wait for it while a large body is being read.
    `replayer` says what happens when a person has a row done again.
    `on_retry(claim, error)` and `on_dead(claim, error)` run in the transaction that postpones or buries the row.
    """

    name: str
    handle: Handler
    ahead: Ahead | None = None
    batch: int = 100
    threads: int = 0
    max_attempts: int = 5
    lease_seconds: float = LEASE_SECONDS
    backoff_seconds: tuple[float, ...] = (1, 2, 4, 8, 16, 30)
    on_retry: Aftermath = _nothing
    on_dead: Aftermath = _nothing
    replayer: Replayer = PLAIN

    def ready_for(self, claims: Sequence[Claim]) -> Handler:
        """The handler for these claims, after all that can be done outside a transaction."""
        return self.ahead(claims) if self.ahead else self.handle

    def backoff(self, attempts: int) -> float:
        """Seconds to wait after the given number of attempts."""
        return self.backoff_seconds[min(attempts, len(self.backoff_seconds)) - 1]


_lanes: dict[str, Lane] = {}
_tellers: list[Callable[[DeadLetter], None]] = []


def tell_of_dead_letters(teller: Callable[[DeadLetter], None]) -> None:
    """`teller(letter)` tells staff, in the transaction that takes the letter's row out of the lane `dead_letter`."""
    _tellers.append(teller)


def tell(letter: DeadLetter) -> None:
    """Tells everybody who wants to know of a dead letter."""
    for teller in _tellers:
        teller(letter)


def tell_of(claims: Sequence[Claim], now: datetime) -> None:
    """The lane `dead_letter`: staff hear of what failed for good, though the broker is away. One whom a person has
    closed meanwhile is not news."""
    due.finish_many(claims)
    for letter in DeadLetter.objects.filter(pk__in=[claim.ref for claim in claims], archived_at=None):
        tell(letter)


def register(lane: Lane) -> None:
    """Makes a lane known. Registering a name twice is a programming error."""
    if lane.name in _lanes:
        raise ValueError(f"lane {lane.name} is registered twice")
    _lanes[lane.name] = lane


def get(name: str) -> Lane:
    """The lane of that name; `KeyError` when nobody registered it."""
    return _lanes[name]


def names() -> list[str]:
    """All lanes, in the order they were registered."""
    return list(_lanes)
