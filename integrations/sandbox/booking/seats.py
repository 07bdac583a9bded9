"""`/seat`, `/leave`, `/move-seat`: one of several people who share a Cal.com booking acts in its pages."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from integrations.sandbox.booking import bookings, calcom
from integrations.sandbox.booking.bookings import Booking, Seat
from integrations.sandbox.calls import Answer, Call
from integrations.sandbox.fields import Fields, invalid
from integrations.sandbox.world import World

# Whose bookings have seats.
_PROVIDERS = ("calcom",)
MOST_PLACES = 1000


def shared(booking: Booking, fields: Fields) -> Booking:
    """With `places` the one who books is the first of several. Raises RefusedError."""
    places = fields.whole("places", default=0, least=0, most=MOST_PLACES)
    if places and booking.provider not in _PROVIDERS:
        raise invalid(f"'places' is for {', '.join(_PROVIDERS)} only. Leave it out.")
    first = Seat(str(uuid.uuid4()), booking.name, booking.phone, booking.email)
    return replace(booking, places=places, seats=(first,)) if places else booking


async def sit_down(call: Call) -> Answer:
    """Somebody else books the same time: the same uid, a seat of their own, and the list of people has grown."""
    fields = Fields.of(call.body)
    booking, name = _known(call.world, fields), fields.text("name")
    phone = fields.text("phone", longest=50) if fields.has("phone") else None
    ref = str(uuid.uuid4())
    seat = Seat(ref, name, phone, fields.email(name, phone or ref))
    joined = bookings.sit_down(call.world, booking, seat)
    body = calcom.of_seat(joined, seat, "ACCEPTED")
    return await _told(call.world, joined, seat, "BOOKING_CREATED", body, created=True)


async def leave(call: Call) -> Answer:
    """One does not come: told of with this one alone. The last one ends the booking."""
    fields = Fields.of(call.body)
    booking = _known(call.world, fields)
    seat = _seat(booking, fields)
    left = bookings.stand_up(call.world, booking, seat)
    more = {"cancellationReason": "", "cancelledBy": seat.email, "requestReschedule": False}
    body = calcom.of_seat(booking, seat, "CANCELLED", alone=True) | more
    return await _told(call.world, left, seat, "BOOKING_CANCELLED", body)


async def move(call: Call) -> Answer:
    """One comes at another time, in a booking of its own; those who stay hear nothing of it."""
    fields = Fields.of(call.body)
    booking, starts_at = _known(call.world, fields), fields.moment("starts_at")
    seat = _seat(booking, fields)
    alone = _of_their_own(call.world, booking, seat, starts_at)
    bookings.stand_up(call.world, booking, seat, to=alone.booking_id)
    bookings.add(call.world, alone)
    body = calcom.of_seat(alone, seat, "ACCEPTED") | calcom.before(booking, booking.moves)
    return await _told(call.world, alone, seat, "BOOKING_RESCHEDULED", body)


def _of_their_own(world: World, booking: Booking, seat: Seat, starts_at: datetime) -> Booking:
    number, now = world.documents.count(bookings.KIND) + 1, world.clock.now()
    return replace(
        booking,
        booking_id=calcom.DESK.new_id(number),
        number=number,
        name=seat.name,
        phone=seat.phone,
        email=seat.email,
        starts=(starts_at,),
        version=0,
        created_at=now,
        updated_at=now,
        seats=(seat,),
        came_from=booking.booking_id,
    )


def _known(world: World, fields: Fields) -> Booking:
    provider = fields.choice("provider", _PROVIDERS, default=_PROVIDERS[0])
    return bookings.find(world, provider, fields.text("booking_id", longest=100))


def _seat(booking: Booking, fields: Fields) -> Seat:
    return bookings.seat_of(booking, fields.text("seat_uid", longest=100))


async def _told(  # noqa: PLR0913 - each names a separate fact
    world: World, booking: Booking, seat: Seat, trigger: str, body: dict[str, object], *, created: bool = False
) -> Answer:
    callback = calcom.callback(world, trigger, body)
    status = await world.post(booking.provider, booking.booking_id, [callback])
    answer = {"booking_id": booking.booking_id, "seat_uid": seat.ref, "webhook_status": status}
    return Answer(201 if created else 200, answer)
