"""The lane `events`: gives each event its place in the public stream, then starts, wakes and ends runs.

Events may be dispatched twice and out of order: starting is keyed by occurrence, and steps read facts, not events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from appointments.models import Appointment, Business, Customer
from aro.queue import due, rows
from aro.queue.due import Claim
from aro.queue.remembered import remembered
from compliance import events
from compliance.models import Event, StreamHead, StreamPosition
from workflows.engine import facts as facts_module
from workflows.engine import registry, runs
from workflows.engine.definition import Definition, Trigger
from workflows.engine.facts import Facts
from workflows.models import WorkflowInstance

M = TypeVar("M", bound=Model)


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """Dispatches a batch in one transaction."""
    found = {event.id: event for event in rows.fetch(Event, [claim.ref for claim in claims])}
    batch = [found[claim.ref] for claim in claims if claim.ref in found]
    _give_positions(batch)
    with due.together(), events.together():
        _route(batch, now)
    due.finish_many(claims)


def _give_positions(batch: list[Event]) -> None:
    """One writer per tenant: the head's row lock makes positions commit in order."""
    for tenant in sorted({event.tenant_id for event in batch}):
        head = _head(tenant)
        mine = [event.id for event in batch if event.tenant_id == tenant]
        placed = set(_placed(mine))
        fresh = [event for event in mine if event not in placed]
        places = [(tenant, head.cursor + n, event) for n, event in enumerate(fresh, 1)]
        rows.insert(StreamPosition, ("tenant_id", "cursor", "event_id"), places)
        rows.update(StreamHead, ("cursor",), [(head.cursor + len(fresh), tenant)], where=("tenant_id",))


@remembered
def _placed(ids: Sequence[UUID]) -> QuerySet[StreamPosition, UUID]:
    """Those of these events that have their place already: they are dispatched once more."""
    return StreamPosition.objects.filter(event_id__in=ids).values_list("event_id", flat=True)


def _head(tenant: str) -> StreamHead:
    """Held until the transaction ends."""
    head = rows.first(StreamHead, hold=True, tenant_id=tenant)
    if head is None:
        StreamHead.objects.get_or_create(tenant_id=tenant)
        head = StreamHead.objects.select_for_update().get(tenant_id=tenant)
    return head


def _route(batch: Sequence[Event], now: datetime) -> None:
    """Lets every definition that cares hear of each event. What the events are about is read once for all of them."""
    heard, triggers = _heard_by_running(), _triggers()
    live = _live_runs([event for event in batch if event.type in heard])
    known = _facts([event for event in batch if event.type in triggers])
    for event in batch:
        for run in _about(event, live) if event.type in heard else ():
            _tell(run, event, now)
        for definition, trigger in triggers.get(event.type, ()):
            started = _start(definition, trigger, event, known[event.id], now)
            live += [started] if started else []


def _heard_by_running() -> set[str]:
    return {event for definition in registry.everything() for event in definition.heard_while_running}


def _triggers() -> dict[str, list[tuple[Definition, Trigger]]]:
    """What each type of event may start."""
    found: dict[str, list[tuple[Definition, Trigger]]] = defaultdict(list)
    for definition in registry.newest():
        for trigger in definition.triggers:
            found[trigger.event].append((definition, trigger))
    return found


def _start(
    definition: Definition, trigger: Trigger, event: Event, facts: Facts, now: datetime
) -> WorkflowInstance | None:
    if not trigger.matches(event.type, facts):
        return None
    return runs.start(
        definition,
        occurrence=_occurrence(trigger, event, facts),
        facts=facts,
        wake_at=max(now, trigger.first_wake(facts, now)),
        now=now,
        correlation_id=event.correlation_id,
        tenant_id=event.tenant_id,
    )


def _live_runs(batch: Sequence[Event]) -> list[WorkflowInstance]:
    """The live runs that these events are about, held until the transaction ends; each run once."""
    found: dict[UUID, WorkflowInstance] = {}
    for kind, read in _LIVE.items():
        for run in read({event.aggregate_id for event in batch if event.aggregate_type == kind}):
            found.setdefault(run.id, run)
    return sorted(found.values(), key=lambda run: run.id)


@remembered
def _live_of_visits(ids: Collection[UUID]) -> QuerySet[WorkflowInstance]:
    return _live().filter(appointment_id__in=ids)


@remembered
def _live_of_people(ids: Collection[UUID]) -> QuerySet[WorkflowInstance]:
    return _live().filter(customer_id__in=ids)


@remembered
def _live_with_id(ids: Collection[UUID]) -> QuerySet[WorkflowInstance]:
    return _live().filter(id__in=ids)


def _live() -> QuerySet[WorkflowInstance]:
    return WorkflowInstance.objects.select_for_update().filter(status__in=WorkflowInstance.LIVE).order_by("id")


_LIVE = {"appointment": _live_of_visits, "customer": _live_of_people, "workflow": _live_with_id}
_ABOUT = {"appointment": "appointment_id", "customer": "customer_id", "workflow": "id"}


def _about(event: Event, live: Sequence[WorkflowInstance]) -> list[WorkflowInstance]:
    """Those that still live: one event may end what the next one is about."""
    about = _ABOUT.get(event.aggregate_type, "")
    return [
        run for run in live if run.status in WorkflowInstance.LIVE and getattr(run, about, None) == event.aggregate_id
    ]


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


def _facts(batch: Sequence[Event]) -> dict[UUID, Facts]:
    """The facts around each event, as they are now."""
    businesses = facts_module.businesses(event.tenant_id for event in batch)
    visits = _read(Appointment, "appointment", batch)
    rows.follow(visits.values(), "customer")
    people = _read(Customer, "customer", batch)
    return {event.id: _facts_of(event, businesses, visits, people) for event in batch}


def _read(model: type[M], kind: str, batch: Sequence[Event]) -> dict[UUID, M]:
    wanted = {event.aggregate_id for event in batch if event.aggregate_type == kind}
    return {one.pk: one for one in rows.fetch(model, wanted)}


def _facts_of(
    event: Event,
    businesses: Mapping[str, Business],
    visits: Mapping[UUID, Appointment],
    people: Mapping[UUID, Customer],
) -> Facts:
    business = businesses.get(event.tenant_id)
    if event.aggregate_type == "appointment":
        visit = visits.get(event.aggregate_id)
        person = visit.customer if visit else None
        return Facts(business=business, appointment=visit, customer=person, event=event.type, payload=event.payload)
    return Facts(business=business, customer=people.get(event.aggregate_id), payload=event.payload)
