"""Things that happen late, twice, or after a pause; clocks that jump."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from integrations.proving import machine
from integrations.proving.faults.base import Fault
from integrations.proving.field import Field

# Longer than a call's lease (45 s) and a row's (30 s).
FREEZE_SECONDS = 50.0
START_SECONDS = 6.0


@dataclass(frozen=True, kw_only=True)
class TwoBeats(Fault):
    """A second beat runs beside the first."""

    @contextmanager
    def strike(self, field: Field) -> Iterator[None]:
        with machine.second("beat"):
            time.sleep(START_SECONDS)
            yield
            time.sleep(START_SECONDS)


@dataclass(frozen=True, kw_only=True)
class BeatStopped(Fault):
    """Nobody gives the time while the hour passes in which the reminders become due."""

    @contextmanager
    def strike(self, field: Field) -> Iterator[None]:
        with machine.frozen("beat"):
            time.sleep(2)
            yield
            field.sandbox.to(field.sandbox.now() + timedelta(hours=1))
            time.sleep(2)


@dataclass(frozen=True, kw_only=True)
class WorkerFrozen(Fault):
    """It stops in the middle of calls, another takes its work over when the leases are up, then it wakes."""

    @contextmanager
    def strike(self, field: Field) -> Iterator[None]:
        with machine.second("worker"):
            time.sleep(START_SECONDS)
            field.sandbox.disturb(provider="twilio", kind="slow", seconds=1.5)
            with field.meanwhile(_freeze):
                yield
            field.sandbox.calm()


@dataclass(frozen=True, kw_only=True)
class Jump(Fault):
    """The clock runs far ahead: what makes no sense any more is left out, and said so, not sent late."""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile()


def _freeze() -> None:
    with machine.frozen("worker"):
        time.sleep(FREEZE_SECONDS)


ALL: tuple[Fault, ...] = (
    TwoBeats(name="two-beats", family="time", did="Two processes gave the time at once."),
    BeatStopped(
        name="beat-stopped",
        family="time",
        at=("remind",),
        did="Nobody gave the time for an hour in which texts fell due.",
    ),
    WorkerFrozen(
        name="worker-frozen",
        family="time",
        at=("book", "remind"),
        did=f"A worker froze in the middle of its calls for {FREEZE_SECONDS:.0f} s, another took over, then it woke.",
    ),
    Jump(
        name="clock-jump",
        family="time",
        at=("remind",),
        jump=timedelta(hours=29),
        did="The clock jumped 29 hours ahead, past the time in which the first reminder makes sense.",
    ),
)
