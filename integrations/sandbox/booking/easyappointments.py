"""Easy!Appointments: a row of its database with a secret token, sent once; who comes is told by its REST API only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.booking.bookings import CANCELLED, NO_SHOW, Booking, Desk, of_provider
from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

PROVIDER = "easyappointments"
# The zone of the member of staff: all times are by its clocks, without an offset.
ZONE = "America/New_York"
STAFF, CUSTOMERS = 3, 100_000
_PREFIX = "/easyappointments/index.php/api/v1"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M:%S")


def _status(booking: Booking) -> str:
    return "No-show" if booking.status == NO_SHOW else "Booked"


def row(booking: Booking) -> dict[str, Any]:
    """The row as its database holds it, which is what a webhook shows: nobody's name, no phone."""
    return {
        "id": int(booking.booking_id),
        "create_datetime": _stamp(booking.created_at),
        "update_datetime": _stamp(booking.updated_at),
        "book_datetime": _stamp(booking.created_at),
        "start_datetime": _stamp(booking.starts_at),
        "end_datetime": _stamp(booking.ends_at),
        "location": "",
        "notes": "",
        "hash": f"sandbox{booking.booking_id}",
        "color": "#7cbae8",
        "status": _status(booking),
        "is_unavailability": False,
        "id_users_provider": STAFF,
        "id_users_customer": CUSTOMERS + booking.number,
        "id_services": 1,
        "id_google_calendar": None,
        "id_caldav_calendar": None,
    }


def _callback(world: World, action: str, booking: Booking) -> list[Callback]:
    return [world.json_callback(PROVIDER, {"action": action, "payload": row(booking)})]


def _saved(world: World, booking: Booking) -> Sequence[Callback]:
    return _callback(world, "appointment_save", booking)


def _deleted(world: World, booking: Booking) -> Sequence[Callback]:
    return _callback(world, "appointment_delete", booking)


DESK = Desk(
    new_id=lambda number: str(7000 + number),
    booked=_saved,
    moved=_saved,
    cancelled=_deleted,
    missed=_saved,
    unmarked=_saved,
)


def _authorize(call: Call) -> None:
    if call.headers.get("authorization") != f"Bearer {call.world.settings.secret('EASYAPPOINTMENTS_API_TOKEN')}":
        raise RefusedError(401, "", "You are not authorized to use the API.")


def _refuse(refused: RefusedError) -> Answer:
    """Its 401 is plain text and its 404 is empty; the rest is JSON."""
    if refused.status == 401:
        return Answer(401, refused.message.encode(), {"WWW-Authenticate": "Basic"}, "text/html; charset=UTF-8")
    if refused.code == "DELETED":
        return Answer(404, b"", {}, "text/html; charset=UTF-8")
    return Answer(refused.status, {"success": False, "message": refused.message, "trace": []}, refused.headers)


def _shown(booking: Booking, attached: set[str]) -> dict[str, Any]:
    """A visit as its API shows it, with the rows of others beside it where `with` asks for them."""
    found = row(booking)
    shown = {
        "id": found["id"],
        "book": found["book_datetime"],
        "start": found["start_datetime"],
        "end": found["end_datetime"],
        "hash": found["hash"],
        "color": found["color"],
        "status": found["status"],
        "location": found["location"],
        "notes": found["notes"],
        "customerId": found["id_users_customer"],
        "providerId": found["id_users_provider"],
        "serviceId": found["id_services"],
        "meetingLink": None,
        "googleCalendarId": None,
        "caldavCalendarId": None,
    }
    others = {"customer": _customer(booking), "provider": _STAFF_ROW, "service": _service(booking)}
    return shown | {name: other for name, other in others.items() if name in attached}


def _customer(booking: Booking) -> dict[str, Any]:
    return {
        "id": CUSTOMERS + booking.number,
        "first_name": booking.given_name,
        "last_name": booking.family_name,
        "email": booking.email,
        "mobile_number": None,
        "phone_number": booking.phone,
        "timezone": booking.timezone,
        "language": "english",
    }


_STAFF_ROW = {"id": STAFF, "first_name": "Front", "last_name": "Desk", "email": "desk@clinic.example", "timezone": ZONE}


def _service(booking: Booking) -> dict[str, Any]:
    return {"id": 1, "name": booking.service, "duration": booking.duration_minutes, "price": "0.00", "currency": "USD"}


def _there(world: World) -> list[Booking]:
    """A cancelled visit is deleted."""
    return [booking for booking in of_provider(world, PROVIDER) if booking.status != CANCELLED]


def _attached(call: Call) -> set[str]:
    return set(call.query.get("with", "").split(","))


async def _list(call: Call) -> Answer:
    """`from` by the day of the start, `till` by the day of the end; `page` counts from 1."""
    found = [booking for booking in _there(call.world) if _wanted(booking, call)]
    page, length = _whole(call, "page", 1), _whole(call, "length", 20)
    shown = found[(page - 1) * length : page * length]
    return Answer(200, [_shown(booking, _attached(call)) for booking in shown])


def _wanted(booking: Booking, call: Call) -> bool:
    starts, ends = _stamp(booking.starts_at)[:10], _stamp(booking.ends_at)[:10]
    return _day(call, "from", starts) <= starts and ends <= _day(call, "till", ends)


def _day(call: Call, name: str, default: str) -> str:
    text = call.query.get(name) or default
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise RefusedError(500, "", f"{name} is not a date") from error


def _whole(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text)):
        raise RefusedError(500, "", f"{name} is not a number")
    return int(text)


async def _one(call: Call) -> Answer:
    for booking in _there(call.world):
        if booking.booking_id == call.args[0]:
            return Answer(200, _shown(booking, _attached(call)))
    raise RefusedError(404, "DELETED", "")


async def _provider(call: Call) -> Answer:
    if call.args[0] != str(STAFF):
        raise RefusedError(404, "DELETED", "")
    return Answer(200, {"id": STAFF, "firstName": "Front", "lastName": "Desk", "timezone": ZONE})


API = Api(
    name=PROVIDER,
    prefix="/easyappointments",
    routes={
        f"{_PREFIX}/appointments": {"GET": _list},
        f"{_PREFIX}/appointments/([0-9]+)": {"GET": _one},
        f"{_PREFIX}/providers/([0-9]+)": {"GET": _provider},
    },
    authorize=_authorize,
    refuse=_refuse,
)
