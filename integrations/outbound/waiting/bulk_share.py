"""Bulk messages (reviews and the like) leave threads free, so that a reminder or an answer never waits behind them.

Each process decides for itself; a row that finds no place comes again at its turn, without having used up an attempt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from compliance import kinds
from workflows.models import Execution

TURNS_PER_SECOND = 20.0
LONGEST_SECONDS = 600.0


def is_bulk(execution: Execution) -> bool:
    return execution.message is not None and execution.message.kind in kinds.BULK


class Places:
    """So many at once; the others get turns."""

    def __init__(self, number: int) -> None:
        self._free = threading.BoundedSemaphore(number)
        self._lock = threading.Lock()
        self._last = 0.0

    @contextmanager
    def one(self) -> Iterator[float]:
        """Yields 0 with a place that is given back at the end, or the seconds until it is worth asking again."""
        if not self._free.acquire(blocking=False):
            yield self._turn()
            return
        try:
            yield 0.0
        finally:
            self._free.release()

    def _turn(self) -> float:
        now, gap = time.monotonic(), 1 / TURNS_PER_SECOND
        with self._lock:
            self._last = max(now, self._last if self._last < now + LONGEST_SECONDS else now) + gap
            return self._last - now
