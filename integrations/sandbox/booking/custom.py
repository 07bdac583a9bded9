"""A clinic's own booking system, speaking Standard Webhooks."""

from __future__ import annotations

import uuid
from typing import Any

from integrations.sandbox.booking.bookings import NO_SHOW, Booking, Desk
from integrations.sandbox.clock import iso
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

_BY = {"invitee": "customer", "host": "business"}


def data(booking: Booking) -> dict[str, Any]:
    """The appointment, whole in every event, under an id that never changes."""
    return {
        "id": booking.booking_id,
        "version": booking.version,
        "status": booking.status,
        "starts_at": iso(booking.starts_at),
        "ends_at": iso(booking.ends_at),
        "duration_minutes": booking.duration_minutes,
        "timezone": booking.timezone,
        "service": booking.service,
        "customer": {"name": booking.name, "phone": booking.phone, "email": booking.email},
        "cancelled_by": _BY.get(booking.cancelled_by),
        "absent": booking.status == NO_SHOW,
        "updated_at": iso(booking.updated_at),
    }


def _callback(world: World, kind: str, booking: Booking) -> Callback:
    event = {"type": kind, "timestamp": world.iso_now(), "data": data(booking)}
    return world.json_callback("custom", event, delivery_id=f"msg_{uuid.uuid4().hex}")


def _booked(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "appointment.booked", booking)]


def _moved(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "appointment.moved", booking)]


def _cancelled(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "appointment.cancelled", booking)]


def _marked(world: World, booking: Booking) -> list[Callback]:
    """The mark, or that it was taken away: `absent` says which."""
    return [_callback(world, "appointment.no_show", booking)]


DESK = Desk(
    new_id=lambda _number: f"apt_{uuid.uuid4().hex}",
    booked=_booked,
    moved=_moved,
    cancelled=_cancelled,
    missed=_marked,
    unmarked=_marked,
)
