"""Reads and writes runs in bulk, without a statement per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from aro.queue import due, rows
from aro.queue.due import Claim
from compliance import events
from workflows.engine import runs
from workflows.models import StepLog, WorkflowInstance

St = WorkflowInstance.Status
_WRITTEN = (
    "status",
    "step",
    "on_event",
    "awaited",
    "data",
    "wake_at",
    "attempt",
    "updated_at",
    "completed_at",
)
_FENCE = "fence = fence + 1"
_LOGGED = ("instance_id", "seq", "name", "outcome", "at")


def load(ids: Sequence[UUID]) -> dict[UUID, WorkflowInstance]:
    """The live runs among these, with their visits and people."""
    loaded = {run.id: run for run in rows.fetch(WorkflowInstance, ids) if run.status in WorkflowInstance.LIVE}
    rows.follow(loaded.values(), "appointment")
    visits = [run.appointment for run in loaded.values() if run.appointment]
    rows.follow(visits, "customer")
    for run in loaded.values():
        if run.appointment is not None:
            run.customer = run.appointment.customer
    rows.follow([run for run in loaded.values() if run.appointment is None], "customer")
    return loaded


@dataclass
class Batch:
    """What a batch of runs comes to, written by a handful of statements in the caller's transaction."""

    now: datetime
    logs: list[tuple[Any, ...]] = field(default_factory=list)
    """(run's id, sequence number, step, outcome, when)"""
    finished: list[Claim] = field(default_factory=list)
    _again: list[tuple[Claim, datetime]] = field(default_factory=list)
    _runs: list[WorkflowInstance] = field(default_factory=list)

    def add(self, claim: Claim, run: WorkflowInstance) -> None:
        """The run stands where it is to be written, under this claim."""
        self._runs.append(run)
        if run.wake_at is None:
            self.finished.append(claim)
        else:
            self._again.append((claim, run.wake_at))

    def write(self) -> None:
        """Raises `LostClaimError` when an event got to one of the runs first: then nothing may be kept."""
        done = [runs.event("workflow.completed", run, self.now) for run in self._runs if run.status == St.COMPLETED]
        with rows.together():
            rows.update(WorkflowInstance, _WRITTEN, [self._row(run) for run in self._runs], also=_FENCE)
            rows.insert(StepLog, _LOGGED, self.logs)
            if done:
                events.write(done)
            due.again_many(self._again)
            due.finish_many(self.finished)

    def _row(self, run: WorkflowInstance) -> tuple[Any, ...]:
        awake = (run.status, run.step, run.on_event, run.awaited, run.data, run.wake_at, 0)
        return (*awake, self.now, run.completed_at, run.id, run.fence)
