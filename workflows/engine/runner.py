"""The lane `timers`: runs the steps of what is due. All of a batch's writes are one transaction.

Each run is written by `UPDATE ... WHERE id AND fence`, together with its step log, its effects and its next timer:
0 rows means that an event got there first, and then nothing of this attempt is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from appointments.case_reasons.words import happened, to_do
from appointments.services import escalations
from aro import clock
from aro.queue import due
from aro.queue.due import Claim, HopelessError
from compliance import events
from workflows.engine import effects, registry, runs, store
from workflows.engine import facts as facts_module
from workflows.engine.definition import Definition
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Effect, Next, Outcome, SleepUntil, WaitFor
from workflows.models import WorkflowInstance

St = WorkflowInstance.Status
# A definition that goes round this often without sleeping has a loop in it.
MOST_STEPS_AT_ONCE = 50


@dataclass
class Advance:
    """What a run did in one go: the steps with their outcomes, the effects to write, and where it stands."""

    steps: list[tuple[str, Outcome]] = field(default_factory=list)
    effects: list[tuple[str, Effect]] = field(default_factory=list)
    last: Outcome | None = None
    kept: dict[str, Any] = field(default_factory=dict)


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """Advances every claimed run; the number of statements does not grow with the batch, but for the effects."""
    runs_by_id = store.load([claim.ref for claim in claims])
    known = _facts(list(runs_by_id.values()))
    batch = store.Batch(now)
    with due.together(), events.together():
        for claim in claims:
            run = runs_by_id.get(claim.ref)
            if run is None:
                batch.finished.append(claim)
                continue
            advance = advance_run(run, known[run.id], now)
            batch.logs += _logs(run, advance, now)
            _apply_effects(run, advance, now)
            _place(run, advance, now)
            batch.add(claim, run)
        batch.write()


def _facts(awake: list[WorkflowInstance]) -> dict[UUID, Facts]:
    """What is dear to know is looked up for those only whose step looks at it."""
    definitions = {run.id: registry.get(run.definition, run.version) for run in awake}
    return facts_module.of_instances(
        awake,
        listening=[run for run in awake if run.step in definitions[run.id].listens_from],
        owing=[run for run in awake if run.step in definitions[run.id].owes_from],
    )


def advance_run(run: WorkflowInstance, facts: Facts, now: datetime) -> Advance:
    """Runs steps until the run sleeps, waits or is done. Pure: it writes nothing."""
    definition, done, name = registry.get(run.definition, run.version), Advance(), run.step
    for _ in range(MOST_STEPS_AT_ONCE):
        outcome = definition.step(name)(facts, now)
        _refuse_undeclared(definition, outcome)
        done.steps.append((name, outcome))
        done.effects += [(name, effect) for effect in outcome.effects]
        done.last = outcome
        if outcome.keep:
            done.kept.update(outcome.keep)
            facts = replace(facts, data={**facts.data, **outcome.keep})
        following = _at_once(outcome, now)
        if following is None:
            return done
        name = following
    raise HopelessError("endless_definition", f"{run.definition} v{run.version} goes round without ever sleeping.")


def _refuse_undeclared(definition: Definition, outcome: Outcome) -> None:
    """Nobody tells a run of what its definition does not say that it waits for."""
    undeclared = set(outcome.events) - set(definition.awaits) if isinstance(outcome, WaitFor) else set()
    if undeclared:
        raise HopelessError(
            "undeclared_wait",
            f"{definition.name} v{definition.version} waits for {', '.join(sorted(undeclared))}, "
            "which its `awaits` does not name.",
        )


def _at_once(outcome: Outcome, now: datetime) -> str | None:
    if isinstance(outcome, Next):
        return outcome.step
    return outcome.step if isinstance(outcome, SleepUntil) and outcome.at <= now else None


def _logs(run: WorkflowInstance, advance: Advance, now: datetime) -> list[tuple[Any, ...]]:
    first = run.data.get("steps", 0)
    return [(run.id, first + n, name, describe(outcome), now) for n, (name, outcome) in enumerate(advance.steps)]


def describe(outcome: Outcome) -> str:
    """A few words for the step log."""
    match outcome:
        case Next(step=step):
            words = f"next {step}"
        case SleepUntil(at=at, step=step):
            words = f"sleep until {at:%Y-%m-%d %H:%M:%S} UTC, then {step}"
        case WaitFor(events=events, within=within, otherwise=otherwise):
            words = f"wait {within} for {', '.join(events)}, else {otherwise}"
        case Done(why=why):
            words = f"done: {why}"
    asked = ", ".join(getattr(e, "kind", "") or type(e).__name__.lower() for e in outcome.effects)
    return f"{words} ({asked})"[:200] if asked else words[:200]


def _apply_effects(run: WorkflowInstance, advance: Advance, now: datetime) -> None:
    for step, effect in advance.effects:
        effects.apply(effect, run, step, now)


def _place(run: WorkflowInstance, advance: Advance, now: datetime) -> None:
    run.awaited, run.on_event, run.wake_at, run.status = [], "", None, St.WAITING
    run.data = {**run.data, **advance.kept, "steps": run.data.get("steps", 0) + len(advance.steps), "event": ""}
    if run.appointment is not None:
        run.data.setdefault("moves", run.appointment.moves)
    match advance.last:
        case SleepUntil(at=at, step=step):
            run.step, run.wake_at = step, at
        case WaitFor() as wait:
            run.step, run.on_event = wait.otherwise, wait.then
            run.awaited, run.wake_at = list(wait.events), now + wait.within
        case _:
            run.step, run.status, run.completed_at = advance.steps[-1][0], St.COMPLETED, now


def on_retry(claim: Claim, error: Exception) -> None:
    """A step failed and is tried again later."""
    WorkflowInstance.objects.filter(pk=claim.ref, status__in=WorkflowInstance.LIVE).update(
        status=St.RETRYING, attempt=claim.attempts, error=type(error).__name__, updated_at=clock.now()
    )


def on_dead(claim: Claim, error: Exception) -> None:
    """A step failed for good: the run is failed and a person is told."""
    run = WorkflowInstance.objects.filter(pk=claim.ref).first()
    if run is None:
        return
    run.status, run.error, run.attempt = St.FAILED, type(error).__name__, claim.attempts
    run.failed_at = run.updated_at = clock.now()
    run.fence += 1
    run.save(update_fields=["status", "error", "attempt", "failed_at", "updated_at", "fence"])
    runs.record("workflow.failed", run)
    escalations.escalate(
        key=f"workflow_failed:{run.id}",
        reason="workflow_failed",
        title=happened("workflow_failed", definition=run.definition, attempts=claim.attempts),
        next_step=to_do("workflow_failed"),
        appointment=run.appointment,
        customer=run.customer,
        tenant_id=run.tenant_id,
    )
