"""Keeps the lanes going while nobody says "go and look": the broker or beat is away, and reminders must go out.

Each worker has one, for the lanes of its own queues. Working beside a tick that comes back costs nothing but a look.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from aro.queue import tick
from aro.stores import read_only
from aro.watch import health

# Beat looks at the rarest lane every ten seconds; a broker that merely restarts is back sooner.
PATIENCE_SECONDS = 15.0
# Between two looks when there was nothing to do.
REST_SECONDS = 0.5

logger = logging.getLogger(__name__)


class Pacemaker:
    """Knows when each lane was last looked at on somebody's word, and looks itself when that is too long ago."""

    def __init__(self) -> None:
        self._told_at: dict[str, float] = {}
        self._missing = False

    def serve(self, lanes: Iterable[str]) -> None:
        """From now on it looks after these lanes, in a thread of its own."""
        self._told_at = dict.fromkeys(lanes, time.monotonic())
        threading.Thread(target=self._for_ever, name="pacemaker", daemon=True).start()

    def told(self, lane: str) -> None:
        """Somebody said to look at the lane."""
        if lane in self._told_at:
            self._told_at[lane] = time.monotonic()

    def look(self) -> int:
        """Works a little on each lane that nobody has spoken of for too long; returns how many rows were claimed."""
        too_long_ago = time.monotonic() - PATIENCE_SECONDS
        forgotten = [lane for lane, at in self._told_at.items() if at < too_long_ago]
        self._note(missing=bool(forgotten))
        if forgotten:
            health.beat("worker")
        return sum(tick.run(lane, seconds=0) for lane in forgotten)

    def _note(self, *, missing: bool) -> None:
        if missing and not self._missing:
            logger.warning("nobody says what to look at: beat or the broker is away. This worker goes on by itself")
        if self._missing and not missing:
            logger.warning("beat and the broker are back")
        self._missing = missing

    def _for_ever(self) -> None:
        while True:
            try:
                done = self.look()
            except Exception as error:  # noqa: BLE001 - the database may be away, too; the thread must live on
                read_only.ask_anew()
                logger.warning("the lanes were not looked at: %s", type(error).__name__)
                done = 0
            if not done:
                time.sleep(REST_SECONDS)


pacemaker = Pacemaker()
