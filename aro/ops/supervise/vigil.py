"""Asks a running child again and again for a sign of life, and knows when it has been silent for too long."""

from __future__ import annotations

import time

from aro.ops.supervise.processes import Program

# Counted in questions and not in seconds: while the whole machine was asleep nobody was asked.
SILENT_IS_HUNG = 6
# Nor is anybody hung who has only just begun to load.
MORE_AT_THE_START = 12


class Vigil:
    """Over one run of `program`."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._silent = -MORE_AT_THE_START
        self.ask_at = time.monotonic() + program.asked_every
        """Monotonic time of the next question."""

    def finds_it_hung(self) -> bool:
        """Asks when it is time to; True when that was one question too many without an answer."""
        if self._program.alive is None or time.monotonic() < self.ask_at:
            return False
        self._silent = 0 if self._program.alive() else self._silent + 1
        self.ask_at = time.monotonic() + self._program.asked_every
        return self._silent >= SILENT_IS_HUNG
