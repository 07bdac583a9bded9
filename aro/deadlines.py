"""What is to be done when a time is up, by one thread for all of it. A `threading.Timer` is a thread for each."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Deadline:
    """`act` is done once, unless it is cancelled before. It must be short: all others wait for it."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act

    def cancel(self) -> None:
        """It may just be under way, and then goes on."""
        self._act = None

    @property
    def is_cancelled(self) -> bool:
        return self._act is None

    def pass_(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()


class Deadlines:
    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Deadline]] = []
        self._changed = threading.Condition()
        self._numbers = itertools.count()  # equal moments need an order
        self._thread: threading.Thread | None = None

    def add(self, seconds: float, act: Callable[[], object]) -> Deadline:
        one = Deadline(act)
        with self._changed:
            heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._numbers), one))
            if self._thread is None:
                self._thread = threading.Thread(target=self._for_ever, name="deadlines", daemon=True)
                self._thread.start()
            elif self._waiting[0][2] is one:
                self._changed.notify()
        return one

    def _for_ever(self) -> None:
        while True:
            try:
                self._next().pass_()
            except Exception:  # the thread must live on: it is everybody's
                logger.exception("what a deadline was for has failed")

    def _next(self) -> Deadline:
        """Waits for the next one whose time is up. Those that were cancelled are let go as they come to the front."""
        with self._changed:
            while True:
                while self._waiting and self._waiting[0][2].is_cancelled:
                    heapq.heappop(self._waiting)
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(left)


_all = Deadlines()
add = _all.add
