"""Kills processes of the running installation at random moments: one of them, or all at once."""

from __future__ import annotations

import random
import threading
from collections import Counter

from integrations.proving import machine

ALL_AT_ONCE = "all at once"
SHORTEST_PAUSE, LONGEST_PAUSE = 0.3, 2.5


class Killer(threading.Thread):
    """Kills `kills` times with SIGKILL. The same seed picks the same victims and pauses."""

    def __init__(self, *, kills: int, seed: int) -> None:
        super().__init__(name="killer", daemon=True)
        self.done: Counter[str] = Counter()
        self._kills = kills
        self._random = random.Random(seed)  # noqa: S311 - picks victims, guards nothing
        self._over = threading.Event()

    def run(self) -> None:
        for _ in range(self._kills):
            if self._over.wait(self._random.uniform(SHORTEST_PAUSE, LONGEST_PAUSE)):
                return
            self._kill_one()

    def stop(self) -> None:
        """Ends the killing and waits for it."""
        self._over.set()
        self.join()

    def wait_for(self, share: float) -> None:
        """Waits until so much of the killing is done, 0 to 1, so that the work lasts as long as the killing."""
        while self.is_alive() and self.done.total() < self._kills * share:
            self.join(0.05)

    def _kill_one(self) -> None:
        victims = machine.running()
        choice = self._random.choice([*sorted(victims), ALL_AT_ONCE])
        machine.kill(*(victims if choice == ALL_AT_ONCE else [choice]))
        self.done[choice] += 1
