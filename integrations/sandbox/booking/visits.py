"""`/book`, `/reschedule`, `/cancel`, `/no-show`: a person or the clinic acts in the booking provider's own pages."""

from __future__ import annotations

from integrations.sandbox.booking import bookings, seats
from integrations.sandbox.booking.bookings import Booking, Notify
from integrations.sandbox.booking.desks import DESKS
from integrations.sandbox.calls import Answer, Call
from integrations.sandbox.clock import iso
from integrations.sandbox.fields import Fields
from integrations.sandbox.world import World

# Who cancels, in the words of different providers.
_BY = {
    **dict.fromkeys(("invitee", "customer", "patient", "client", "attendee"), "invitee"),
    **dict.fromkeys(("host", "business", "staff", "seller", "clinic", "organizer"), "host"),
}


async def book(call: Call) -> Answer:
    fields = Fields.of(call.body)
    provider = _provider(fields)
    booking = bookings.add(call.world, seats.shared(_new_booking(call.world, provider, fields), fields))
    return await _told(call.world, booking, DESKS[provider].booked, created=True)


async def reschedule(call: Call) -> Answer:
    fields = Fields.of(call.body)
    booking, starts_at = _known(call.world, fields), fields.moment("starts_at")
    moved = bookings.move(call.world, booking, starts_at)
    return await _told(call.world, moved, DESKS[moved.provider].moved)


async def cancel(call: Call) -> Answer:
    fields = Fields.of(call.body)
    by = _BY[fields.choice("by", tuple(_BY), default="invitee")]
    cancelled = bookings.cancel(call.world, _known(call.world, fields), by)
    return await _told(call.world, cancelled, DESKS[cancelled.provider].cancelled)


async def no_show(call: Call) -> Answer:
    """With `undo` the mark is taken back."""
    fields = Fields.of(call.body)
    booking, undo = _known(call.world, fields), fields.flag("undo")
    changed = bookings.unmark(call.world, booking) if undo else bookings.miss(call.world, booking)
    desk = DESKS[changed.provider]
    return await _told(call.world, changed, desk.unmarked if undo else desk.missed)


async def listed(call: Call) -> Answer:
    return Answer(200, {"bookings": [shown(booking) for booking in bookings.everything(call.world)]})


def shown(booking: Booking) -> dict[str, object]:
    return {
        "booking_id": booking.booking_id,
        "provider": booking.provider,
        "name": booking.name,
        "phone": booking.phone,
        "email": booking.email,
        "service": booking.service,
        "starts_at": iso(booking.starts_at),
        "timezone": booking.timezone,
        "duration_minutes": booking.duration_minutes,
        "status": booking.status,
    }


def _provider(fields: Fields) -> str:
    return fields.choice("provider", tuple(DESKS))


def _known(world: World, fields: Fields) -> Booking:
    return bookings.find(world, _provider(fields), fields.text("booking_id", longest=100))


def _new_booking(world: World, provider: str, fields: Fields) -> Booking:
    number, now = world.documents.count(bookings.KIND) + 1, world.clock.now()
    booking_id = DESKS[provider].new_id(number)
    name, phone = fields.text("name"), fields.text("phone", longest=50) if fields.has("phone") else None
    return Booking(
        booking_id=booking_id,
        number=number,
        provider=provider,
        name=name,
        phone=phone,
        email=fields.email(name, phone or booking_id),
        service=fields.text("service", default="Checkup"),
        timezone=fields.zone("timezone", default="America/New_York"),
        duration_minutes=fields.whole("duration_minutes", default=30, least=5, most=24 * 60),
        starts=(fields.moment("starts_at"),),
        status=bookings.BOOKED,
        version=0,
        created_at=now,
        updated_at=now,
    )


async def _told(world: World, booking: Booking, notify: Notify, *, created: bool = False) -> Answer:
    status = await world.post(booking.provider, booking.booking_id, notify(world, booking))
    seat = {"seat_uid": booking.seats[-1].ref} if created and booking.seats else {}
    return Answer(201 if created else 200, {"booking_id": booking.booking_id, "webhook_status": status} | seat)
