"""Calendly's webhooks, API v2: flat payloads, and a reschedule that is two events with a new invitee."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from integrations.sandbox.booking.bookings import BOOKED, NO_SHOW, Booking, Desk
from integrations.sandbox.clock import iso
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

BASE = "https://api.calendly.com"
USER = f"{BASE}/users/SANDBOXUSER00001"
ORGANIZATION = f"{BASE}/organizations/SANDBOXORG000001"
_NAMESPACE = uuid.UUID("6f1ad2a0-5a0e-4b5c-9a57-7f6d0b2f9c11")


def event_uuid(booking: Booking, move: int) -> str:
    """Each start is an event of its own."""
    return str(uuid.uuid5(_NAMESPACE, f"{booking.booking_id}/{move}"))


def event_uri(booking: Booking, move: int) -> str:
    return f"{BASE}/scheduled_events/{event_uuid(booking, move)}"


def invitee_uuid(booking: Booking, move: int) -> str:
    """The first invitee is the booking's id; later ones only contain it."""
    return booking.booking_id if move == 0 else f"{booking.booking_id}-r{move + 1}"


def invitee_uri(booking: Booking, move: int) -> str:
    return f"{event_uri(booking, move)}/invitees/{invitee_uuid(booking, move)}"


def is_active(booking: Booking, move: int) -> bool:
    """A no-show stays active at Calendly; what was moved away from is canceled."""
    return move == booking.moves and booking.status in (BOOKED, NO_SHOW)


def event(booking: Booking, move: int) -> dict[str, Any]:
    """A scheduled event as the API and the webhooks show it."""
    active = is_active(booking, move)
    start = booking.starts[move]
    shown = {
        "uri": event_uri(booking, move),
        "name": booking.service,
        "status": "active" if active else "canceled",
        "start_time": iso(start),
        "end_time": iso(booking.end_of(start)),
        "event_type": f"{BASE}/event_types/SANDBOXTYPE00001",
        "location": {"type": "physical", "location": "12 Main Street"},
        "invitees_counter": {"total": 1, "active": int(active), "limit": 1},
        "event_memberships": [{"user": USER, "user_email": "desk@clinic.example", "user_name": "Front Desk"}],
        "event_guests": [],
        "created_at": iso(booking.created_at),
        "updated_at": iso(booking.updated_at),
    }
    return shown if active else shown | {"cancellation": cancellation(booking, move)}


def invitee(booking: Booking, move: int) -> dict[str, Any]:
    """An invitee as the API shows it: many members are null in real life too."""
    moved_on = move < booking.moves
    missed = booking.status == NO_SHOW and not moved_on
    token = invitee_uuid(booking, move)
    shown: dict[str, Any] = {
        "cancel_url": f"https://calendly.com/cancellations/{token}",
        "created_at": iso(booking.created_at if move == 0 else booking.updated_at),
        "email": booking.email,
        "event": event_uri(booking, move),
        "first_name": None,
        "last_name": None,
        "name": booking.name,
        "new_invitee": invitee_uri(booking, move + 1) if moved_on else None,
        "no_show": _no_show(booking, token) if missed else None,
        "old_invitee": invitee_uri(booking, move - 1) if move else None,
        "payment": None,
        "questions_and_answers": [],
        "reconfirmation": None,
        "reschedule_url": f"https://calendly.com/reschedulings/{token}",
        "rescheduled": moved_on,
        "routing_form_submission": None,
        "status": "active" if is_active(booking, move) else "canceled",
        "text_reminder_number": booking.phone,
        "timezone": booking.timezone,
        "tracking": dict.fromkeys(
            ("utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid")
        ),
        "updated_at": iso(booking.updated_at),
        "uri": invitee_uri(booking, move),
    }
    return shown if is_active(booking, move) else shown | {"cancellation": cancellation(booking, move)}


def cancellation(booking: Booking, move: int) -> dict[str, Any]:
    by_host = booking.cancelled_by == "host" and move == booking.moves
    return {
        "canceled_by": "Front Desk" if by_host else booking.name,
        "reason": None,
        "canceler_type": "host" if by_host else "invitee",
        "created_at": iso(booking.updated_at),
    }


def envelope(name: str, booking: Booking, move: int, now: datetime) -> dict[str, Any]:
    """A webhook's body."""
    payload = invitee(booking, move) | {"scheduled_event": event(booking, move)}
    return {"created_at": iso(now), "created_by": USER, "event": name, "payload": payload}


def _no_show(booking: Booking, token: str) -> dict[str, str]:
    return {"uri": f"{BASE}/invitee_no_shows/{token}", "created_at": iso(booking.updated_at)}


def _callback(world: World, name: str, booking: Booking, move: int) -> Callback:
    return world.json_callback("calendly", envelope(name, booking, move, world.clock.now()))


def _booked(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "invitee.created", booking, booking.moves)]


def _moved(world: World, booking: Booking) -> list[Callback]:
    """The old invitee is canceled as rescheduled, the new one is created; they point at each other."""
    return [
        _callback(world, "invitee.canceled", booking, booking.moves - 1),
        _callback(world, "invitee.created", booking, booking.moves),
    ]


def _cancelled(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "invitee.canceled", booking, booking.moves)]


def _missed(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "invitee_no_show.created", booking, booking.moves)]


def _unmarked(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "invitee_no_show.deleted", booking, booking.moves)]


DESK = Desk(
    new_id=lambda _number: str(uuid.uuid4()),
    booked=_booked,
    moved=_moved,
    cancelled=_cancelled,
    missed=_missed,
    unmarked=_unmarked,
)
