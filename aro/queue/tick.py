"""One lane's work in a worker: a thread that drains what is due, and sleeps until it is told that something is.

Each lane has its own, so that one that waits for a lock or for its turn at the database holds up no other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import connection

from aro.queue import lanes, outage, work
from aro.queue.lanes import Lane

# After a failure that was not the work's own, such as a database that is away.
PAUSE_SECONDS = 1.0
# Due, and yet nobody could claim it: another worker was faster, or its row is locked.
NOTHING_CLAIMED_SECONDS = 0.05

logger = logging.getLogger(__name__)


class Drainer:
    """One lane's thread. `worked()` is called after it has done something."""

    def __init__(self, lane: Lane, *, worked: Callable[[], None]) -> None:
        self.lane = lane
        self._worked = worked
        self._told = threading.Event()
        self._busy = False
        self._ending = False
        self._rests_until = 0.0
        self._thread = threading.Thread(target=self._until_ended, name=f"lane-{lane.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """After what it is at. Else whoever takes over would wait until its lease ends."""
        self._ending = True
        self._told.set()

    def join(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`."""
        self._thread.join(seconds)
        return not self.lives()

    def lives(self) -> bool:
        """Whether its thread is there."""
        return self._thread.is_alive()

    def go(self) -> None:
        """Something is due."""
        self._told.set()

    def is_ready(self) -> bool:
        """Whether it would do at once what is due. Else it looks by itself, has no thread free or rests."""
        idle = not self._busy and not self._told.is_set()
        return idle and time.monotonic() >= self._rests_until and work.has_room(self.lane)

    def _until_ended(self) -> None:
        while self._told.wait() and not self._ending:
            self._busy = True
            self._told.clear()
            self._rests_until = time.monotonic() + self._drain()
            self._busy = False
        connection.close()

    def _drain(self) -> float:
        """Does what is due; returns for how many seconds looking again would be of no use."""
        try:
            with outage.endured():
                return 0.0 if self._until_done() or not work.has_room(self.lane) else NOTHING_CLAIMED_SECONDS
        except Exception:
            logger.exception("a lane was not looked at", extra={"lane": self.lane.name})
        return PAUSE_SECONDS

    def _until_done(self) -> int:
        done, more = 0, True
        while more and not self._ending:
            work.tend_connection()
            claimed = work.drain_once(self.lane)
            done += claimed
            more = claimed == self.lane.batch and not self.lane.threads
        if done:
            self._worked()
        return done


def drain(lane_names: list[str] | None = None) -> int:
    """Does all that is due now in the given lanes (default: all), again and again until nothing is left.

    For tests, simulation and commands that must see the end; a worker has a `Pacemaker`.
    """
    total = 0
    while True:
        done = sum(work.drain_inline(lanes.get(name)) for name in lane_names or lanes.names())
        total += done
        if not done:
            return total
