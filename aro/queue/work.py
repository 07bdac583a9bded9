"""Does what is due in a lane: claim, hand to the lane, and deal with what fails.

A batch is done in short transactions. When anything in one fails, or a row was tried before, its rows are done one by
one, so that a poison row harms nobody else.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from aro import clock, errors
from aro.models import DeadLetter
from aro.queue import drivers, due, hints, lanes, outage
from aro.queue.due import Claim, HopelessError, LostClaimError
from aro.queue.lanes import Lane
from aro.stores import read_only
from aro.watch import pulse

# So much work of its own goes into one transaction: SQLite has one writer, and a webhook waits for it. PostgreSQL has
# many, and there the statements that a transaction needs whatever its size are the dearest.
TRANSACTION_SECONDS = {"sqlite": 0.015, "postgresql": 0.06}
# Waiting for other threads or for the network counts so much less: else the fuller the machine, the smaller the batch.
WAITING_COUNTS = 0.25

# Our own database's being away buries nothing. But a row whose own work fails as if it were away, while its neighbours
# are done, fails for ever: after so many attempts more it is buried, too. With the usual pauses that is ten minutes.
MORE_ATTEMPTS_IN_AN_OUTAGE = 20

# Begun alone so often without an end, a row has hung its worker or killed it, and would do so for ever.
MOST_BEGUN = 2
# Whoever is at one piece of work for so many leases hangs: the supervisor ends the process (docs/how-it-works.md).
HUNG_AFTER_LEASES = 4

# So often is a connection that never failed asked whether it still answers.
TEND_SECONDS = 30.0

logger = logging.getLogger(__name__)
_tended = threading.local()
# What a row of a lane took last time.
_seconds_per_row: dict[str, float] = {}
_pools: dict[str, _Pool] = {}
_pools_lock = threading.Lock()


def tend_connection() -> None:
    """Gives up this thread's connection when it failed, is old, or its server has hung up: a server that was restarted
    has hung up on every thread, and each would fail the next piece of work once. To ask each time whether it still
    answers, as Django does for each request, would be a round trip more for every piece of work."""
    now = time.monotonic()
    if drivers.has_hung_up(connection):
        connection.close()
    if connection.errors_occurred or now - getattr(_tended, "at", -TEND_SECONDS) >= TEND_SECONDS:
        _tended.at = now
        close_old_connections()


def drain_once(lane: Lane) -> int:
    """Claims and does one batch; returns how many rows were claimed."""
    if lane.threads:
        return _pool(lane).take()
    return drain_inline(lane)


def has_room(lane: Lane) -> bool:
    """Whether a row that is due could be begun now. When it could not, the lane is woken as soon as it can."""
    return not lane.threads or _pool(lane).has_room()


def drain_inline(lane: Lane) -> int:
    """`drain_once` in the calling thread, whatever the lane says."""
    claims = _claim(lane, lane.batch)
    if lane.threads:
        for claim in claims:
            _outside_transaction(lane, claim)
    elif any(claim.attempts > 1 for claim in claims):
        _one_by_one(lane, claims)
    elif claims:
        _together(lane, claims)
    return len(claims)


def _claim(lane: Lane, limit: int) -> list[Claim]:
    return due.claim(lane.name, now=clock.now(), limit=limit, lease_seconds=lane.lease_seconds)


class _Pool:
    """A lane's threads. Takes as many rows as threads are free, so that one slow call delays no other."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._executor = ThreadPoolExecutor(lane.threads, thread_name_prefix=lane.name)
        self._free = lane.threads
        self._left_some = False
        """Whether the last claim got all it could take, so that more may be due."""
        self._lock = threading.Lock()

    def has_room(self) -> bool:
        return self._free > 0

    def take(self) -> int:
        with self._lock:
            if not self._free:
                return 0
            claims = _claim(self._lane, self._free)
            self._free -= len(claims)
            self._left_some = self._free == 0
        for claim in claims:
            self._executor.submit(self._work, claim)
        return len(claims)

    def _work(self, claim: Claim) -> None:
        try:
            tend_connection()
            with outage.endured():
                _outside_transaction(self._lane, claim)
        finally:
            with self._lock:
                self._free += 1
                more = self._left_some
            if more:
                hints.wake_here(self._lane.name)


def _pool(lane: Lane) -> _Pool:
    with _pools_lock:
        if lane.name not in _pools:
            _pools[lane.name] = _Pool(lane)
        return _pools[lane.name]


def _outside_transaction(lane: Lane, claim: Claim) -> None:
    try:
        _begin(claim)
        with _watched(lane):
            lane.handle([claim], clock.now())
    except LostClaimError:
        logger.info("claim lost", extra={"lane": lane.name, "ref": str(claim.ref)})
    except Exception as error:  # noqa: BLE001 - whatever the work raises is recorded with the row
        failed(lane, claim, error)


def _together(lane: Lane, claims: Sequence[Claim]) -> None:
    """In transactions of about `TRANSACTION_SECONDS`: cheap rows many at once, dear ones one at a time."""
    left, limit = list(claims), TRANSACTION_SECONDS[connection.vendor]
    while left:
        count = max(1, int(limit / _seconds_per_row.get(lane.name, limit)))
        portion, left = left[:count], left[count:]
        _in_one(lane, portion)


def _in_one(lane: Lane, claims: Sequence[Claim]) -> None:
    try:
        _seconds_per_row[lane.name] = max(_done(lane, claims), 1e-5) / len(claims)
    except Exception as error:  # noqa: BLE001 - found out and recorded one by one
        logger.info("batch is redone one by one", extra={"lane": lane.name, "error": type(error).__name__})
        _one_by_one(lane, claims)


def _one_by_one(lane: Lane, claims: Sequence[Claim]) -> None:
    for claim in claims:
        try:
            _begin(claim)
            _done(lane, [claim])
        except LostClaimError:
            logger.info("claim lost", extra={"lane": lane.name, "ref": str(claim.ref)})
        except Exception as error:  # noqa: BLE001 - whatever the work raises is recorded with the row
            failed(lane, claim, error)


def _done(lane: Lane, claims: Sequence[Claim]) -> float:
    """Does it in a transaction and returns its seconds, as they count for the size of the next one."""
    with _watched(lane):
        handle = lane.ready_for(claims)
        with transaction.atomic():
            # Not the waiting for one's turn at SQLite.
            began, own = time.monotonic(), time.thread_time()
            handle(claims, clock.now())
            return max(time.thread_time() - own, (time.monotonic() - began) * WAITING_COUNTS)


def _watched(lane: Lane) -> AbstractContextManager[None]:
    return pulse.working(lane.name, at_most=HUNG_AFTER_LEASES * lane.lease_seconds)


def _begin(claim: Claim) -> None:
    """Of a row that was tried before. Raises `HopelessError` when it never let go of those who began it."""
    if claim.begun >= MOST_BEGUN:
        raise HopelessError("HUNG", f"Begun {claim.begun} times and never ended: it hung its worker, or killed it.")
    if claim.attempts > 1:
        due.begin(claim)


def failed(lane: Lane, claim: Claim, error: Exception) -> None:
    """Postpones the row, or buries it when trying again cannot help."""
    hopeless = isinstance(error, HopelessError) or claim.attempts >= _most_attempts(lane, error)
    logger.warning(
        "work failed",
        extra={"lane": lane.name, "ref": str(claim.ref), "attempts": claim.attempts, "error": type(error).__name__},
    )
    try:
        with transaction.atomic():
            bury(lane, claim, error) if hopeless else _postpone(lane, claim, error)
    except LostClaimError:
        logger.info("claim lost", extra={"lane": lane.name, "ref": str(claim.ref)})


def _most_attempts(lane: Lane, error: Exception) -> int:
    is_away = isinstance(error, OperationalError | InterfaceError) and not errors.is_too_much(error)
    waits = is_away or read_only.is_told_by(error)
    return lane.max_attempts + (MORE_ATTEMPTS_IN_AN_OUTAGE if waits else 0)


def _postpone(lane: Lane, claim: Claim, error: Exception) -> None:
    at = clock.now() + timedelta(seconds=lane.backoff(claim.attempts))
    due.again(claim, at, keep_attempts=True)
    lane.on_retry(claim, error)


def bury(lane: Lane, claim: Claim, error: Exception) -> None:
    """Takes the row out of the lane and writes the dead letter, and that staff must hear of it, in the caller's
    transaction."""
    due.finish(claim)
    now = clock.now()
    letter = DeadLetter.objects.create(
        lane=lane.name,
        ref=claim.ref,
        error_code=getattr(error, "code", None) or type(error).__name__,
        error_message=_message(error),
        stack="".join(traceback.format_tb(error.__traceback__)),
        attempts=claim.attempts,
        first_attempt_at=claim.due_at,
        last_attempt_at=now,
    )
    lane.on_dead(claim, error)
    if lane.name != lanes.DEAD_LETTERS:  # else a letter that cannot be told of would make the next one, for ever
        due.put(lanes.DEAD_LETTERS, letter.id, now)
    hints.show_dead_letter(letter.id, lanes.DEAD_LETTERS)


def _message(error: Exception) -> str:
    """Only our own errors may speak: a foreign message can quote personal data."""
    return str(error) if isinstance(error, HopelessError) else f"{type(error).__name__} (see the stack)"
