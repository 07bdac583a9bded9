"""A tick owns its second: it drains what is due, sleeps to the next due row, and ends.

Per process and lane there is one loop at a time; another tick for the same lane prolongs and wakes it.
"""

from __future__ import annotations

import threading
import time

from django.db import close_old_connections

from aro import clock
from aro.queue import due, hints, lanes, work

TICK_SECONDS = 1.0
# The longest a loop sleeps: so soon does it see that the sandbox's clock was moved.
LONGEST_SLEEP = 0.25


class Loop:
    """One lane's loop in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deadline = 0.0
        self._running = False
        self._wake = threading.Event()

    def enter(self, seconds: float) -> bool:
        """True when the caller is now the loop; else the running one goes on for `seconds` and wakes."""
        with self._lock:
            until = time.monotonic() + seconds
            if self._running:
                self._deadline = max(self._deadline, until)
                self._wake.set()
                return False
            self._running, self._deadline = True, until
            return True

    def leave(self) -> bool:
        """True when the loop may end; False when it was prolonged meanwhile."""
        with self._lock:
            if time.monotonic() < self._deadline:
                return False
            self._running = False
            return True

    def abandon(self) -> None:
        """Ends the loop whatever its deadline, e.g. after an error."""
        with self._lock:
            self._running = False

    def wake(self) -> bool:
        """Wakes the running loop, if there is one with time left to look again."""
        with self._lock:
            if not self._running:
                return False
            self._deadline = max(self._deadline, time.monotonic() + LONGEST_SLEEP)
            self._wake.set()
            return True

    def sleep(self, seconds: float) -> None:
        """Sleeps until woken, at most `seconds`."""
        self._wake.wait(max(0.0, min(seconds, LONGEST_SLEEP)))
        self._wake.clear()

    def seconds_left(self) -> float:
        return self._deadline - time.monotonic()


_loops: dict[str, Loop] = {}
_loops_lock = threading.Lock()


def _loop(lane: str) -> Loop:
    with _loops_lock:
        return _loops.setdefault(lane, Loop())


def wake(lane: str) -> bool:
    """Wakes this process's loop for `lane`; False when there is none."""
    return _loop(lane).wake()


hints.wake_locally_with(wake)


def run(lane_name: str, *, seconds: float = TICK_SECONDS) -> int:
    """Works on the lane for about `seconds`; returns how many rows were claimed."""
    loop = _loop(lane_name)
    if not loop.enter(seconds):
        return 0
    try:
        return _loop_until_over(loop, lane_name)
    except BaseException:
        loop.abandon()
        raise


def _loop_until_over(loop: Loop, lane_name: str) -> int:
    lane, done = lanes.get(lane_name), 0
    while True:
        close_old_connections()
        wait = _seconds_to_next(lane_name)
        claimed = work.drain_once(lane) if wait <= 0 else 0
        done += claimed
        if not claimed:
            loop.sleep(min(wait if wait > 0 else LONGEST_SLEEP, loop.seconds_left()))
        if loop.seconds_left() <= 0 and loop.leave():
            return done


def _seconds_to_next(lane: str) -> float:
    """Looking costs a read; claiming would cost a write lock, so it waits until something is due."""
    at = due.next_due(lane)
    return LONGEST_SLEEP if at is None else (at - clock.now()).total_seconds()


def drain(lane_names: list[str] | None = None) -> int:
    """Does all that is due now in the given lanes (default: all), again and again until nothing is left.

    For tests, simulation and commands that must see the end; workers use `run`.
    """
    total = 0
    while True:
        done = sum(work.drain_inline(lanes.get(name)) for name in lane_names or lanes.names())
        total += done
        if not done:
            return total
