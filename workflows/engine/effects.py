"""Carries out what a step asked for, as rows only: the transaction that logs the step also holds its effects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from appointments.models import Appointment, Customer, Message
from appointments.services import escalations, messages
from appointments.services.visit import untold
from aro.queue import due, rows
from workflows.engine.step_outcomes import Effect, Escalate, NotSaid, Request, Say, Update
from workflows.models import Execution, WorkflowInstance

EXECUTIONS = "executions"
SEND = "integration.messaging.send"

Service = Callable[[Appointment], None]
_services: dict[str, Service] = {}


def register_service(name: str, service: Service) -> None:
    """Makes a change of facts available to definitions under a name."""
    _services[name] = service


def apply(effect: Effect, run: WorkflowInstance, step: str, now: datetime) -> None:
    """Writes the effect's rows. Keys come from the run and the step, so doing it twice writes them once."""
    match effect:
        case Say():
            _say(effect, run, step, now)
        case NotSaid():
            _not_said(effect, run, step)
        case Escalate():
            _escalate(effect, run)
        case Request():
            request(
                key=f"{run.id}:{step}", command_type=effect.command_type, run=run, appointment=run.appointment, now=now
            )
        case Update():
            _services[effect.service](_visit(run))


def request(
    *,
    key: str,
    command_type: str,
    now: datetime,
    run: WorkflowInstance | None = None,
    appointment: Appointment | None = None,
    message: Message | None = None,
) -> Execution | None:
    """Writes the intent once per key and makes it due; None when it was written before."""
    owner = run or appointment or message
    execution = Execution(
        tenant_id=owner.tenant_id if owner else "default",
        key=key,
        command_type=command_type,
        instance=run,
        appointment=appointment,
        message=message,
        correlation_id=run.correlation_id if run else (message or appointment).id,  # type: ignore[union-attr]
    )
    if not rows.insert_new(execution, unique=("tenant_id", "key")):
        return None
    due.put(EXECUTIONS, execution.id, now)
    return execution


def send(message: Message | None, *, now: datetime, run: WorkflowInstance | None = None) -> None:
    """Hands a planned message to the executor; nothing when it was planned before."""
    if message is not None:
        request(
            key=f"message:{message.key}",
            command_type=SEND,
            run=run,
            appointment=message.appointment,
            message=message,
            now=now,
        )


def _say(effect: Say, run: WorkflowInstance, step: str, now: datetime) -> None:
    key = _key(run, step, effect)
    message = _plan(
        effect.kind,
        run,
        key,
        purpose=effect.purpose,
        planned_for=effect.planned_for or now,
        tone=effect.tone,
        wished_channel=effect.channel,
    )
    send(message, now=now, run=run)


def _not_said(effect: NotSaid, run: WorkflowInstance, step: str) -> None:
    message = _plan(effect.kind, run, _key(run, step, effect))
    if message is not None:
        messages.not_sent(message, effect.reason)
        untold.not_sent(message, effect.reason)


def _key(run: WorkflowInstance, step: str, effect: Say | NotSaid) -> str:
    return f"{run.id}:{step}:{effect.kind}" + (f":{effect.part}" if effect.part else "")


def _plan(  # noqa: PLR0913 - each names a separate fact
    kind: str,
    run: WorkflowInstance,
    key: str,
    *,
    purpose: str = "care",
    planned_for: datetime | None = None,
    tone: str = "",
    wished_channel: str = "",
) -> Message | None:
    return messages.plan(
        key=key,
        kind=kind,
        appointment=run.appointment,
        customer=_person(run),
        purpose=purpose,
        planned_for=planned_for,
        tone=tone,
        wished_channel=wished_channel,
    )


def _escalate(effect: Escalate, run: WorkflowInstance) -> None:
    """Counted again, a case says what is so by now, unless it was more urgent before."""
    case = escalations.escalate(
        key=f"{effect.reason}:{run.appointment_id or run.customer_id or run.id}",
        reason=effect.reason,
        title=effect.title,
        next_step=effect.next_step,
        priority=effect.priority,
        appointment=run.appointment,
        customer=run.customer,
        tenant_id=run.tenant_id,
    )
    if effect.title and effect.title != case.title and (effect.priority or case.priority) <= case.priority:
        escalations.reword(case, effect.title, effect.next_step or case.next_step)


def _visit(run: WorkflowInstance) -> Appointment:
    if run.appointment is None:
        raise LookupError("this run is not about a visit")
    return run.appointment


def _person(run: WorkflowInstance) -> Customer:
    if run.customer is None:
        raise LookupError("this run is not about a person")
    return run.customer
