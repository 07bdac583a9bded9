"""Plays the real definitions on a virtual clock and writes nothing: what will this booking bring, and when?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from appointments.models import Appointment, Business, Customer
from appointments.services.person.customers import resolve_zone
from appointments.services.talks import Talk
from appointments.services.visit import visits
from aro.errors import InvalidRequestError
from aro.ids import new_id
from compliance.kinds import ASKS_FOR_A_DEPOSIT, REMINDERS
from workflows.definitions import SHIPPED
from workflows.engine.definition import Definition
from workflows.engine.facts import Facts
from workflows.engine.runner import Advance, advance_run, describe
from workflows.engine.step_outcomes import NotSaid, Outcome, Say, SleepUntil, WaitFor
from workflows.models import WorkflowInstance

MOST_STEPS = 200
COMPLETED = "appointment.completed"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One moment of the story; `texts` are the kinds sent then, `left_out` those skipped and why."""

    at: datetime
    workflow: str
    step: str
    outcome: str
    texts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def play(
    definition: Definition, facts: Facts, *, start: datetime, happens: tuple[str, datetime] | None = None
) -> Iterator[Entry]:
    """The run as it goes when nobody answers. `happens`: an event, and when; nothing else does. Pure."""
    end = happens if happens and happens[0] in definition.cancelled_by else None
    now, run = start, _run(definition, start)
    for _ in range(MOST_STEPS):
        advance = advance_run(run, facts, now)
        said = {effect.kind for _, effect in advance.effects if isinstance(effect, Say)}
        asked = facts.deposit_asked or not said.isdisjoint(ASKS_FOR_A_DEPOSIT)
        facts = replace(facts, data={**facts.data, **advance.kept}, talk=_talk(facts, advance), deposit_asked=asked)
        for step, outcome in advance.steps:
            yield _entry(definition, step, outcome, now)
        match advance.last:
            case SleepUntil(at=at, step=step):
                run.step, now = step, at
            case WaitFor(within=within, otherwise=otherwise):
                run.step, now = otherwise, now + within
            case _:
                return
        if end and now >= end[1]:
            yield Entry(at=end[1], workflow=definition.name, step=run.step, outcome=f"ended by {end[0]}")
            return


def _talk(facts: Facts, advance: Advance) -> Talk:
    """Nobody answers, and every reminder arrives."""
    said = sum(isinstance(effect, Say) and effect.kind in REMINDERS for _, effect in advance.effects)
    return Talk(reminded=facts.talk.reminded + said, asked=facts.talk.asked + said)


def _run(definition: Definition, start: datetime) -> WorkflowInstance:
    return WorkflowInstance(
        definition=definition.name,
        version=definition.version,
        step=definition.first,
        correlation_id=new_id(),
        started_at=start,
        updated_at=start,
    )


def _entry(definition: Definition, step: str, outcome: Outcome, now: datetime) -> Entry:
    return Entry(
        at=now,
        workflow=definition.name,
        step=step,
        outcome=describe(outcome),
        texts=tuple(effect.kind for effect in outcome.effects if isinstance(effect, Say)),
        left_out=tuple(f"{e.kind}: {e.reason}" for e in outcome.effects if isinstance(e, NotSaid)),
    )


def timeline(visit: Appointment, business: Business, *, now: datetime) -> list[Entry]:
    """What an unanswered visit brings: its reminders, and after a completed visit the engagement, in order."""
    facts = Facts(business=business, appointment=visit, customer=visit.customer)
    completed = (COMPLETED, visits.ends_at(visit) + visits.COMPLETION_DELAY)
    entries: list[Entry] = []
    for definition in SHIPPED:
        events = {trigger.event for trigger in definition.triggers}
        if "appointment.created" in events:
            entries += play(definition, facts, start=now, happens=completed)
        if "deposit.requested" in events and visit.deposit_required:
            entries += play(definition, replace(facts, deposit="open"), start=now, happens=completed)
        if COMPLETED in events:
            entries += play(definition, facts, start=completed[1])
    return sorted(entries, key=lambda entry: entry.at)


def imagined(booking: Mapping[str, Any], business: Business, *, now: datetime) -> Appointment:
    """A visit from JSON {starts_at, booked_at?, timezone?, duration_minutes?, deposit_required?}; nothing is stored.

    Raises `InvalidRequestError`.
    """
    customer = Customer(timezone=str(booking.get("timezone", "")))
    booked_at = _moment(booking, "booked_at", now)
    return Appointment(
        customer=customer,
        source="simulation",
        starts_at=_moment(booking, "starts_at", None),
        booked_at=booked_at,
        time_set_at=booked_at,
        timezone=resolve_zone(str(booking.get("timezone", "")), customer, business),
        duration_minutes=_minutes(booking),
        deposit_required=bool(booking.get("deposit_required", False)),
    )


def _moment(booking: Mapping[str, Any], field: str, default: datetime | None) -> datetime:
    if field not in booking and default is not None:
        return default
    try:
        value = datetime.fromisoformat(str(booking.get(field, "")))
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise InvalidRequestError(
            f"Give {field} as ISO 8601 with an offset, e.g. 2026-11-24T09:00:00-05:00.", details={"field": field}
        )
    return value.astimezone(UTC)


def _minutes(booking: Mapping[str, Any]) -> int:
    value = booking.get("duration_minutes", 30)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 24 * 60:
        raise InvalidRequestError(
            "Give duration_minutes as a whole number from 1 to 1440.", details={"field": "duration_minutes"}
        )
    return value
