"""Writes what happened to a visit or a person as an event."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from appointments.models import Appointment, Customer
from compliance import events
from compliance.models import Actor


def visit_event(
    event_type: str,
    appointment: Appointment,
    *,
    payload: dict[str, Any] | None = None,
    actor: str = Actor.SYSTEM,
    actor_id: str = "",
    correlation_id: UUID | None = None,
) -> None:
    """Records `event_type` about a visit; the payload always names its customer and how often it was moved."""
    events.record(
        type=event_type,
        aggregate_type="appointment",
        aggregate_id=appointment.id,
        payload={"customer_id": str(appointment.customer_id), "moves": appointment.moves, **(payload or {})},
        actor=actor,
        actor_id=actor_id,
        correlation_id=correlation_id,
        tenant_id=appointment.tenant_id,
    )


def customer_event(
    event_type: str, customer: Customer, *, payload: dict[str, Any] | None = None, actor: str = Actor.SYSTEM
) -> None:
    """Records `event_type` about a person, by id only."""
    events.record(
        type=event_type,
        aggregate_type="customer",
        aggregate_id=customer.id,
        payload=payload or {},
        actor=actor,
        tenant_id=customer.tenant_id,
    )
