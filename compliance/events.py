"""Records what happened. An event and the row that makes it due for dispatch are written together or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from aro import clock
from aro.queue import due, rows
from compliance import event_types
from compliance.models import DEFAULT_TENANT, Actor, Event

LANE = "events"
# Keys under which personal data would travel. Events are read by other systems, so they carry ids instead.
PERSONAL_KEYS = frozenset(
    {
        "name",
        "customer_name",
        "first_name",
        "last_name",
        "full_name",
        "phone",
        "phone_number",
        "mobile",
        "email",
        "address",
        "body",
        "text",
        "message_text",
        "subject",
        "sender",
        "recipient",
        "notes",
        "birth_date",
        "date_of_birth",
    }
)
_PERSONAL_VALUE = re.compile(r"\+\d{8,15}\b|[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True)
class _Waiting:
    """What is to be written `together`, and behind how many savepoints that began."""

    depth: int
    events: list[Event] = field(default_factory=list)


_together: ContextVar[_Waiting | None] = ContextVar("events_together", default=None)


def record(  # noqa: PLR0913 - the fields of an event envelope
    *,
    type: str,  # noqa: A002 - the envelope's own word
    aggregate_type: str,
    aggregate_id: UUID,
    payload: Mapping[str, Any] | None = None,
    actor: str = Actor.SYSTEM,
    actor_id: str = "",
    correlation_id: UUID | None = None,
    causation_id: UUID | None = None,
    workflow_id: UUID | None = None,
    source: str = "aro",
    tenant_id: str = DEFAULT_TENANT,
    profile: str = "healthcare",
    occurred_at: datetime | None = None,
) -> Event:
    """Writes the event and makes it due. Without a `correlation_id` the event starts a story of its own.

    Raises `ValueError` for an unknown type and for personal data in the payload.
    """
    event = Event(
        type=type,
        aggregate_type=aggregate_type,
        aggregate_id=aggregate_id,
        payload=dict(payload or {}),
        actor=actor,
        actor_id=actor_id,
        causation_id=causation_id,
        workflow_id=workflow_id,
        source=source,
        tenant_id=tenant_id,
        profile=profile,
        occurred_at=occurred_at or clock.now(),
    )
    event.correlation_id = correlation_id or event.id
    write([event])
    return event


def write(batch: Sequence[Event]) -> None:
    """Writes events built by the caller, and what makes them due. Raises `ValueError` as `record` does."""
    for event in batch:
        event.type, event.payload = _known(event.type), _without_people(event.payload)
    waiting = _together.get()
    if waiting is not None and waiting.depth == len(connection.savepoint_ids):
        waiting.events.extend(batch)
    else:
        _write(batch)


def _write(batch: Sequence[Event]) -> None:
    now = clock.now()
    # No savepoint: the caller's transaction, if any, keeps or drops it all.
    with transaction.atomic(savepoint=False):
        rows.insert_all(Event, batch)
        due.put_many(LANE, [(event.id, now) for event in batch])


@contextmanager
def together() -> Iterator[None]:
    """What is recorded within is written at its end, in its order, all at once. Within a transaction; nothing where the
    block raises. Behind a savepoint, which may be given back alone, each event is written at once."""
    if _together.get() is not None:
        yield
        return
    waiting = _Waiting(len(connection.savepoint_ids))
    token = _together.set(waiting)
    try:
        yield
    finally:
        _together.reset(token)
    if waiting.events:
        _write(waiting.events)


def _known(event_type: str) -> str:
    if event_type not in event_types.ALL:
        raise ValueError(f"unknown event type {event_type!r}: add it to compliance/event_types.py")
    return str(event_type)


def _without_people(payload: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in _leaves(payload):
        if key.lower() in PERSONAL_KEYS:
            raise ValueError(f"event payload must not carry {key!r}: put an id there instead")
        if isinstance(value, str) and _PERSONAL_VALUE.search(value):
            raise ValueError(f"event payload {key!r} looks like a phone number or an e-mail address")
    return dict(payload)


def _leaves(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Every key with its value, at any depth."""
    if isinstance(value, Mapping):
        for inner_key, inner in value.items():
            yield str(inner_key), None
            yield from _leaves(inner, str(inner_key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield key, value
