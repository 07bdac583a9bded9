"""Cal.com: one event for a reschedule, with a new uid and the old one beside it; a no-show is almost empty.

A booking with seats is one booking with one uid for several people (`handleSeats` in calcom/cal.com): each of them is
told of by a delivery that names their seat; the host moves all of them in place, under the same uid.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.booking.bookings import BOOKED, CANCELLED, NO_SHOW, Booking, Desk, Seat, of_provider
from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

ZONE = "America/New_York"


def uid(booking: Booking, move: int) -> str:
    """Each start has a uid of its own; all of them contain the booking's id. Where seats are shared it stays."""
    return booking.booking_id if move == 0 or booking.places else f"{booking.booking_id}-r{move + 1}"


def _number(booking: Booking, move: int) -> int:
    return booking.number * 100 + (0 if booking.places else move)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _attendee(booking: Booking, person: Booking | Seat) -> dict[str, Any]:
    offset = booking.starts_at.astimezone(ZoneInfo(booking.timezone)).utcoffset()
    return {
        "email": person.email,
        "name": person.name,
        "firstName": person.given_name,
        "lastName": person.family_name,
        "timeZone": booking.timezone,
        "phoneNumber": person.phone,
        "language": {"locale": "en"},
        "utcOffset": int(offset.total_seconds() // 60) if offset else 0,
    }


def _responses(person: Booking | Seat) -> dict[str, Any]:
    answers = {"name": ("your_name", person.name), "email": ("email_address", person.email)}
    if person.phone:
        answers["attendeePhoneNumber"] = ("phone_number", person.phone)
    return {key: {"label": label, "value": value, "isHidden": False} for key, (label, value) in answers.items()}


def payload(booking: Booking, status: str) -> dict[str, Any]:
    """The default template's payload for the current start."""
    told = {
        "bookerUrl": "https://cal.example",
        "type": "visit",
        "title": f"{booking.service} between Front Desk and {booking.name}",
        "description": "",
        "additionalNotes": "",
        "customInputs": {},
        "startTime": _stamp(booking.starts_at),
        "endTime": _stamp(booking.ends_at),
        "eventTypeId": 100,
        "organizer": {"id": 1, "name": "Front Desk", "email": "desk@clinic.example", "timeZone": ZONE},
        "attendees": [_attendee(booking, person) for person in booking.people],
        "responses": _responses(booking),
        "userFieldsResponses": {},
        "location": "12 Main Street",
        "destinationCalendar": None,
        "iCalSequence": booking.version,
        "uid": uid(booking, booking.moves),
        "eventTitle": booking.service,
        "eventDescription": "",
        "price": 0,
        "currency": "usd",
        "length": booking.duration_minutes,
        "bookingId": _number(booking, booking.moves),
        "smsReminderNumber": booking.phone,
        "metadata": {},
        "status": status,
        "requiresConfirmation": False,
    }
    return told | ({"seatsPerTimeSlot": booking.places} if booking.places else {})


def of_seat(booking: Booking, seat: Seat, status: str, *, alone: bool = False) -> dict[str, Any]:
    """The payload of what one of several did. `alone`: nobody else is listed."""
    told = payload(booking, status) | {"attendeeSeatId": seat.ref, "responses": _responses(seat)}
    return told | {"attendees": [_attendee(booking, seat)]} if alone else told


def callback(world: World, trigger: str, body: dict[str, Any]) -> Callback:
    created = world.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return world.json_callback("calcom", {"triggerEvent": trigger, "createdAt": created, "payload": body})


def _booked(world: World, booking: Booking) -> list[Callback]:
    told = of_seat(booking, booking.seats[-1], "ACCEPTED") if booking.seats else payload(booking, "ACCEPTED")
    return [callback(world, "BOOKING_CREATED", told)]


def before(booking: Booking, move: int) -> dict[str, Any]:
    """What a delivery about a move says of the start it had before."""
    start = booking.starts[move]
    return {
        "rescheduleUid": uid(booking, move),
        "rescheduleId": _number(booking, move),
        "rescheduleStartTime": _stamp(start),
        "rescheduleEndTime": _stamp(booking.end_of(start)),
    }


def _moved(world: World, booking: Booking) -> list[Callback]:
    told = payload(booking, "ACCEPTED") | before(booking, booking.moves - 1)
    return [callback(world, "BOOKING_RESCHEDULED", told)]


def _canceller(booking: Booking) -> str:
    return "desk@clinic.example" if booking.cancelled_by == "host" else booking.email


def _cancelled(world: World, booking: Booking) -> list[Callback]:
    more = {"cancellationReason": "", "cancelledBy": _canceller(booking), "requestReschedule": False}
    return [callback(world, "BOOKING_CANCELLED", payload(booking, "CANCELLED") | more)]


def _marked(world: World, booking: Booking) -> list[Callback]:
    """The mark, or that it was taken away; nothing else is in it."""
    absent = booking.status == NO_SHOW
    body = {
        "bookingUid": uid(booking, booking.moves),
        "bookingId": _number(booking, booking.moves),
        "attendees": [{"email": person.email, "noShow": absent} for person in booking.people],
        "message": f"{booking.email} {'marked' if absent else 'unmarked'} as no-show",
    }
    return [callback(world, "BOOKING_NO_SHOW_UPDATED", body)]


DESK = Desk(
    new_id=lambda _number: uuid.uuid4().hex[:22],
    booked=_booked,
    moved=_moved,
    cancelled=_cancelled,
    missed=_marked,
    unmarked=_marked,
)


def _authorize(call: Call) -> None:
    """Any bearer token: the sandbox has no Cal.com key of its own."""
    if not call.headers.get("authorization", "").lower().startswith("bearer"):
        raise RefusedError(401, "UnauthorizedException", "No authentication method provided")


def _refuse(refused: RefusedError) -> Answer:
    error = {"code": str(refused.code), "message": refused.message}
    return Answer(refused.status, {"status": "error", "timestamp": None, "error": error}, refused.headers)


def _shown(booking: Booking) -> dict[str, Any]:
    """A booking as API v2 (2024-08-13) shows it."""
    return {
        "id": _number(booking, booking.moves),
        "uid": uid(booking, booking.moves),
        "title": booking.service,
        "status": "cancelled" if booking.status == CANCELLED else "accepted",
        "cancelledByEmail": _canceller(booking) if booking.status == CANCELLED else None,
        "start": _stamp(booking.starts_at),
        "end": _stamp(booking.ends_at),
        "duration": booking.duration_minutes,
        "createdAt": _stamp(booking.created_at),
        "updatedAt": _stamp(booking.updated_at),
        "rescheduledFromUid": _came_from(booking),
        "rescheduledToUid": booking.went_to or None,
        "attendees": [_listed(booking, person) for person in booking.people],
        "hosts": [{"id": 1, "name": "Front Desk", "email": "desk@clinic.example", "timeZone": ZONE}],
        "bookingFieldsResponses": {} if booking.seats else _answers(booking),
    }


def _came_from(booking: Booking) -> str | None:
    if booking.moves and not booking.places:
        return uid(booking, booking.moves - 1)
    return booking.came_from or None


def _listed(booking: Booking, person: Booking | Seat) -> dict[str, Any]:
    """Who comes; of a seat its id and its own answers, too."""
    shown = {"name": person.name, "email": person.email, "timeZone": booking.timezone, "phoneNumber": person.phone}
    seat = {"seatUid": person.ref, "bookingFieldsResponses": _answers(person)} if isinstance(person, Seat) else {}
    return shown | seat | {"absent": booking.status not in (BOOKED, CANCELLED)}


def _answers(person: Booking | Seat) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "attendeePhoneNumber": person.phone}


def _former(booking: Booking) -> list[dict[str, Any]]:
    """The earlier starts of a visit that was moved: each a cancelled booking that names the next one."""
    rows: list[dict[str, Any]] = []
    for move, start in enumerate(() if booking.places else booking.starts[:-1]):
        names = {"uid": uid(booking, move), "id": _number(booking, move), "status": "cancelled"}
        links = {
            "rescheduledFromUid": uid(booking, move - 1) if move else None,
            "rescheduledToUid": uid(booking, move + 1),
        }
        times = {"start": _stamp(start), "end": _stamp(booking.end_of(start))}
        rows.append(_shown(booking) | names | links | times)
    return rows


async def _list(call: Call) -> Answer:
    """`take` and `skip` page; `status` upcoming and past are by the sandbox's clock."""
    every = [row for booking in of_provider(call.world, "calcom") for row in (*_former(booking), _shown(booking))]
    found = [row for row in every if _wanted(row, call)]
    if call.query.get("sortStart") == "asc":
        found.sort(key=lambda row: str(row["start"]))
    skip, take = _whole(call, "skip", 0), min(_whole(call, "take", 100), 250)
    page = found[skip : skip + take]
    more = {
        "totalItems": len(found),
        "remainingItems": max(len(found) - skip - len(page), 0),
        "returnedItems": len(page),
    }
    more |= {"hasNextPage": len(found) > skip + len(page), "hasPreviousPage": skip > 0}
    return Answer(200, {"status": "success", "data": page, "pagination": more})


def _wanted(row: dict[str, Any], call: Call) -> bool:
    over = row["status"] == "cancelled"
    status = "cancelled" if over else "upcoming" if row["start"] > _stamp(call.world.clock.now()) else "past"
    wanted = set(filter(None, call.query.get("status", "").split(",")))
    start, end = _moment(row["start"]), _moment(row["end"])
    late_enough = start >= _asked(call, "afterStart", start)
    return late_enough and end <= _asked(call, "beforeEnd", end) and (not wanted or status in wanted)


def _asked(call: Call, name: str, default: datetime) -> datetime:
    try:
        return _moment(call.query[name]) if name in call.query else default
    except (ValueError, TypeError) as error:
        raise RefusedError(400, "BadRequestException", f"{name} must be a valid ISO 8601 date string") from error


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _whole(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise RefusedError(400, "BadRequestException", f"{name} must be a whole number")
    return int(text)


async def _one(call: Call) -> Answer:
    for booking in of_provider(call.world, "calcom"):
        if call.args[0] in {uid(booking, move) for move in range(booking.moves + 1)}:
            return Answer(200, {"status": "success", "data": _shown(booking)})
    raise RefusedError(404, "NotFoundException", "Booking not found")


async def _me(_call: Call) -> Answer:
    person = {"id": 1, "username": "front-desk", "email": "desk@clinic.example", "timeZone": ZONE}
    return Answer(200, {"status": "success", "data": person})


API = Api(
    name="calcom",
    prefix="/calcom",
    routes={
        "/calcom/v2/bookings": {"GET": _list},
        "/calcom/v2/bookings/([0-9a-zA-Z-]+)": {"GET": _one},
        "/calcom/v2/me": {"GET": _me},
    },
    authorize=_authorize,
    refuse=_refuse,
)
