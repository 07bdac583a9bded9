"""What a fault is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from integrations.proving.field import Field

MOMENTS = ("book", "act", "remind")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong. A subclass has one method that matters: `strike`."""

    name: str
    family: str
    did: str
    """What is done, for people."""
    at: tuple[str, ...] = MOMENTS
    """The parts of a round in which it makes sense."""
    stays_ready: bool = False
    """ARO works on meanwhile, and `/ready` must say so."""
    alarm: str = ""
    """The provider whose breaker must open, with a notice to staff, and close again."""
    jump: timedelta = timedelta(hours=4)
    """How far the clock is moved when the reminders become due."""

    def cannot(self) -> str:
        """Why it cannot be done on this installation; empty when it can."""
        return ""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        """Does it while the block works; afterwards the installation is left to itself."""
        raise NotImplementedError
