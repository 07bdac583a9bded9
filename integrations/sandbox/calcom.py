"""Cal.com: one event for a reschedule, with a new uid and the old one beside it; a no-show is almost empty."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.bookings import BOOKED, CANCELLED, NO_SHOW, Booking, Desk, of_provider
from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

ZONE = "America/New_York"


def uid(booking: Booking, move: int) -> str:
    """Each start has a uid of its own; all of them contain the booking's id."""
    return booking.booking_id if move == 0 else f"{booking.booking_id}-r{move + 1}"


def _number(booking: Booking, move: int) -> int:
    return booking.number * 100 + move


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _attendee(booking: Booking) -> dict[str, Any]:
    offset = booking.starts_at.astimezone(ZoneInfo(booking.timezone)).utcoffset()
    return {
        "email": booking.email,
        "name": booking.name,
        "firstName": booking.given_name,
        "lastName": booking.family_name,
        "timeZone": booking.timezone,
        "phoneNumber": booking.phone,
        "language": {"locale": "en"},
        "utcOffset": int(offset.total_seconds() // 60) if offset else 0,
    }


def _responses(booking: Booking) -> dict[str, Any]:
    answers = {"name": ("your_name", booking.name), "email": ("email_address", booking.email)}
    if booking.phone:
        answers["attendeePhoneNumber"] = ("phone_number", booking.phone)
    return {key: {"label": label, "value": value, "isHidden": False} for key, (label, value) in answers.items()}


def payload(booking: Booking, status: str) -> dict[str, Any]:
    """The default template's payload for the current start."""
    return {
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
        "attendees": [_attendee(booking)],
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


def _callback(world: World, trigger: str, body: dict[str, Any]) -> Callback:
    created = world.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return world.json_callback("calcom", {"triggerEvent": trigger, "createdAt": created, "payload": body})


def _booked(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "BOOKING_CREATED", payload(booking, "ACCEPTED"))]


def _moved(world: World, booking: Booking) -> list[Callback]:
    before = booking.starts[-2]
    old = {
        "rescheduleUid": uid(booking, booking.moves - 1),
        "rescheduleId": _number(booking, booking.moves - 1),
        "rescheduleStartTime": _stamp(before),
        "rescheduleEndTime": _stamp(booking.end_of(before)),
    }
    return [_callback(world, "BOOKING_RESCHEDULED", payload(booking, "ACCEPTED") | old)]


def _canceller(booking: Booking) -> str:
    return "desk@clinic.example" if booking.cancelled_by == "host" else booking.email


def _cancelled(world: World, booking: Booking) -> list[Callback]:
    more = {"cancellationReason": "", "cancelledBy": _canceller(booking), "requestReschedule": False}
    return [_callback(world, "BOOKING_CANCELLED", payload(booking, "CANCELLED") | more)]


def _marked(world: World, booking: Booking) -> list[Callback]:
    """The mark, or that it was taken away; nothing else is in it."""
    absent = booking.status == NO_SHOW
    body = {
        "bookingUid": uid(booking, booking.moves),
        "bookingId": _number(booking, booking.moves),
        "attendees": [{"email": booking.email, "noShow": absent}],
        "message": f"{booking.email} {'marked' if absent else 'unmarked'} as no-show",
    }
    return [_callback(world, "BOOKING_NO_SHOW_UPDATED", body)]


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
    person = {"name": booking.name, "email": booking.email, "timeZone": booking.timezone, "phoneNumber": booking.phone}
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
        "rescheduledFromUid": uid(booking, booking.moves - 1) if booking.moves else None,
        "attendees": [person | {"absent": booking.status not in (BOOKED, CANCELLED)}],
        "hosts": [{"id": 1, "name": "Front Desk", "email": "desk@clinic.example", "timeZone": ZONE}],
        "bookingFieldsResponses": {"name": booking.name, "email": booking.email, "attendeePhoneNumber": booking.phone},
    }


def _former(booking: Booking) -> list[dict[str, Any]]:
    """The earlier starts of a visit that was moved: each a cancelled booking that names the next one."""
    rows = []
    for move, start in enumerate(booking.starts[:-1]):
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
