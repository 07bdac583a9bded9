"""The lane `events`: gives each event its place in the public stream, then starts, wakes and ends runs.

Events may be dispatched twice and out of order: starting is keyed by occurrence, and steps read facts, not events.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from appointments.models import Appointment, Business, Customer
from aro.queue import due, rows
from aro.queue.due import Claim
from compliance.models import Event, StreamHead, StreamPosition
from workflows.engine import registry, runs
from workflows.engine.definition import Trigger
from workflows.engine.facts import Facts
from workflows.models import WorkflowInstance


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """Dispatches a batch in one transaction."""
    found = {event.id: event for event in rows.fetch(Event, [claim.ref for claim in claims])}
    batch = [found[claim.ref] for claim in claims if claim.ref in found]
    _give_positions(batch)
    for event in batch:
        route(event, now)
    due.finish_many(claims)


def _give_positions(batch: list[Event]) -> None:
    """One writer per tenant: the head's row lock makes positions commit in order."""
    for tenant in sorted({event.tenant_id for event in batch}):
        head = _head(tenant)
        mine = [event for event in batch if event.tenant_id == tenant]
        placed = set(StreamPosition.objects.filter(event__in=mine).values_list("event_id", flat=True))
        fresh = [event for event in mine if event.id not in placed]
        places = [(tenant, head.cursor + n, event.id) for n, event in enumerate(fresh, 1)]
        rows.insert(StreamPosition, ("tenant_id", "cursor", "event_id"), places)
        rows.update(StreamHead, ("cursor",), [(head.cursor + len(fresh), tenant)], where=("tenant_id",))


def _head(tenant: str) -> StreamHead:
    """Held until the transaction ends."""
    head = rows.first(StreamHead, hold=True, tenant_id=tenant)
    if head is None:
        StreamHead.objects.get_or_create(tenant_id=tenant)
        head = StreamHead.objects.select_for_update().get(tenant_id=tenant)
    return head


def route(event: Event, now: datetime) -> None:
    """Lets every definition that cares hear of the event."""
    if event.type in _heard_by_running():
        for run in _live_runs(event):
            _tell(run, event, now)
    for definition in registry.newest():
        for trigger in definition.triggers:
            if trigger.event == event.type:
                facts = facts_of(event)
                if trigger.matches(event.type, facts):
                    runs.start(
                        definition,
                        occurrence=_occurrence(trigger, event, facts),
                        facts=facts,
                        wake_at=max(now, trigger.first_wake(facts, now)),
                        now=now,
                        correlation_id=event.correlation_id,
                        tenant_id=event.tenant_id,
                    )


def _heard_by_running() -> set[str]:
    return {event for definition in registry.everything() for event in definition.heard_while_running}


def _live_runs(event: Event) -> list[WorkflowInstance]:
    about = {"appointment": "appointment_id", "customer": "customer_id", "workflow": "id"}.get(event.aggregate_type)
    if about is None:
        return []
    live = WorkflowInstance.objects.select_for_update().filter(
        **{about: event.aggregate_id}, status__in=WorkflowInstance.LIVE
    )
    return list(live.order_by("id"))


def _tell(run: WorkflowInstance, event: Event, now: datetime) -> None:
    definition = registry.get(run.definition, run.version)
    if event.type in definition.cancelled_by and not _is_about_older_time(run, event):
        runs.cancel(run, why=event.type, now=now)
    elif event.type in definition.interrupts:
        runs.wake(run, step=definition.interrupts[event.type], event=event.type, now=now)
    elif event.type in run.awaited:
        runs.wake(run, step=run.on_event, event=event.type, now=now)


def _is_about_older_time(run: WorkflowInstance, event: Event) -> bool:
    """A late event about the visit's former time must not end the run that was started for the new one."""
    started_for = run.data.get("moves", -1)
    return event.type == "appointment.rescheduled" and int(event.payload.get("moves", 0)) <= started_for


def _occurrence(trigger: Trigger, event: Event, facts: Facts) -> str:
    if trigger.per:
        return str(event.payload[trigger.per])
    visit = facts.appointment
    if visit is None:
        return f"{event.aggregate_id}:0"
    return f"{event.aggregate_id}:{visit.moves}" + (f":{visit.restarts}" if visit.restarts else "")


def facts_of(event: Event) -> Facts:
    """The facts around an event, as they are now."""
    business = rows.first(Business, tenant_id=event.tenant_id)
    if event.aggregate_type == "appointment":
        visits = rows.fetch(Appointment, [event.aggregate_id])
        rows.follow(visits, "customer")
        appointment = visits[0] if visits else None
        customer = appointment.customer if appointment else None
        return Facts(
            business=business, appointment=appointment, customer=customer, event=event.type, payload=event.payload
        )
    customer = rows.first(Customer, id=event.aggregate_id) if event.aggregate_type == "customer" else None
    return Facts(business=business, customer=customer, payload=event.payload)
