"""Starts, wakes and ends runs. A run that sleeps is its row and one `Due` row in the lane `timers`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from appointments.profiles import DEFAULT_PROFILE
from aro import clock
from aro.queue import due, rows
from compliance import events
from compliance.models import Event
from workflows.engine.definition import Definition
from workflows.engine.facts import Facts
from workflows.models import WorkflowInstance

TIMERS = "timers"
St = WorkflowInstance.Status


def start(  # noqa: PLR0913 - each names a separate fact
    definition: Definition,
    *,
    occurrence: str,
    facts: Facts,
    wake_at: datetime,
    now: datetime,
    correlation_id: UUID,
    tenant_id: str,
) -> WorkflowInstance | None:
    """Starts a run once per occurrence; None when there is one."""
    run = WorkflowInstance(
        tenant_id=tenant_id,
        definition=definition.name,
        occurrence=occurrence,
        version=definition.version,
        appointment=facts.appointment,
        customer=facts.customer,
        step=definition.first,
        data=_beginning(facts),
        wake_at=wake_at,
        correlation_id=correlation_id,
        started_at=now,
        updated_at=now,
    )
    if not rows.insert_new(run, unique=("tenant_id", "definition", "occurrence")):
        return None
    due.put(TIMERS, run.id, wake_at)
    record("workflow.started", run)
    return run


def _beginning(facts: Facts) -> dict[str, Any]:
    """For which of the visit's times it was started: a late event about a former one must not end it. Of a visit that
    stands again also why."""
    visit = facts.appointment
    if visit is None:
        return {}
    anew = {"restarts": visit.restarts, "event": facts.event} if visit.restarts else {}
    return {"moves": visit.moves} | anew


def wake(run: WorkflowInstance, *, step: str, event: str, now: datetime) -> None:
    """Sends a run (locked by the caller) to `step` at once; whoever was working on it loses its claim."""
    run.step, run.awaited, run.wake_at = step, [], now
    run.data = {**run.data, "event": event}
    run.fence += 1
    run.updated_at = now
    rows.save(run, "step", "awaited", "wake_at", "data", "fence", "updated_at")
    due.put(TIMERS, run.id, now)


def cancel(run: WorkflowInstance, *, why: str, now: datetime) -> None:
    """Ends a run (locked by the caller); its timer goes with it."""
    run.status, run.awaited, run.wake_at, run.error = St.CANCELLED, [], None, why[:500]
    run.fence += 1
    run.completed_at = run.updated_at = now
    rows.save(run, "status", "awaited", "wake_at", "error", "fence", "completed_at", "updated_at")
    due.drop(TIMERS, run.id)
    record("workflow.cancelled", run)


def record(event_type: str, run: WorkflowInstance) -> None:
    """Records an event about a run."""
    events.write([event(event_type, run, clock.now())])


def event(event_type: str, run: WorkflowInstance, now: datetime) -> Event:
    """An event about a run, to be written by the caller."""
    return Event(
        type=event_type,
        aggregate_type="workflow",
        aggregate_id=run.id,
        payload={"definition": run.definition, "definition_version": run.version, "step": run.step},
        correlation_id=run.correlation_id,
        workflow_id=run.id,
        tenant_id=run.tenant_id,
        profile=DEFAULT_PROFILE,
        occurred_at=now,
    )
