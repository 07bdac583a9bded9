"""Acuity's webhooks, four form fields and nothing more, and the API where the rest is fetched."""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.booking.bookings import BOOKED, NO_SHOW, Booking, Desk, of_provider
from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.outbox import Callback
from integrations.sandbox.world import World

CALENDAR_ID, TYPE_ID = 27001, 102
CALENDAR_ZONE = "America/New_York"
# All ids have nine digits, so that none is part of another.
FIRST_ID = 700_000_000


def _callback(world: World, action: str, booking: Booking) -> Callback:
    fields = {
        "action": action,
        "id": booking.booking_id,
        "calendarID": str(CALENDAR_ID),
        "appointmentTypeID": str(TYPE_ID),
    }
    return world.form_callback("acuity", "/webhooks/acuity", fields)


def _booked(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "scheduled", booking)]


def _moved(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "rescheduled", booking)]


def _cancelled(world: World, booking: Booking) -> list[Callback]:
    """A no-show too is a cancellation with a mark of its own."""
    return [_callback(world, "canceled", booking)]


def _changed(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "changed", booking)]


DESK = Desk(
    new_id=lambda number: str(FIRST_ID + number),
    booked=_booked,
    moved=_moved,
    cancelled=_cancelled,
    missed=_cancelled,
    unmarked=_changed,
)


def appointment(booking: Booking) -> dict[str, Any]:
    """An appointment as the API shows it: the offset has no colon, the phone is as typed, numbers are strings."""
    start, end = (moment.astimezone(ZoneInfo(CALENDAR_ZONE)) for moment in (booking.starts_at, booking.ends_at))
    return {
        "id": int(booking.booking_id),
        "firstName": booking.given_name,
        "lastName": booking.family_name,
        "phone": booking.phone or "",
        "email": booking.email,
        "date": f"{start:%B} {start.day}, {start.year}",
        "time": _clock_time(start),
        "endTime": _clock_time(end),
        "dateCreated": f"{booking.created_at:%B} {booking.created_at.day}, {booking.created_at.year}",
        "datetimeCreated": _stamp(booking.created_at),
        "datetime": _stamp(start),
        "price": "0.00",
        "priceSold": "0.00",
        "paid": "no",
        "amountPaid": "0.00",
        "type": booking.service,
        "appointmentTypeID": TYPE_ID,
        "classID": None,
        "addonIDs": [],
        "category": "",
        "duration": str(booking.duration_minutes),
        "calendar": "Front Desk",
        "calendarID": CALENDAR_ID,
        "calendarTimezone": CALENDAR_ZONE,
        "canClientCancel": True,
        "canClientReschedule": True,
        "location": "",
        "certificate": None,
        "confirmationPage": f"https://acuityscheduling.com/schedule.php?owner=1&id={booking.booking_id}",
        "formsText": "",
        "notes": "",
        "timezone": booking.timezone,
        "scheduledBy": None,
        "canceled": booking.status != BOOKED,
        "noShow": booking.status == NO_SHOW,
        "forms": [],
        "labels": None,
    }


def _clock_time(moment: datetime) -> str:
    return f"{moment:%I:%M}".lstrip("0") + f"{moment:%p}".lower()


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S%z")


def _authorize(call: Call) -> None:
    """HTTP Basic with the numeric user id and the API key."""
    expected = f"{call.world.settings.secret('ACUITY_USER_ID')}:{call.world.settings.secret('ACUITY_API_KEY')}".encode()
    try:
        given = base64.b64decode(call.headers.get("authorization", "").partition(" ")[2], validate=True)
    except (binascii.Error, ValueError):
        given = b""
    if not hmac.compare_digest(given, expected):
        raise RefusedError(401, "unauthorized", "Unauthorized")


def _refuse(refused: RefusedError) -> Answer:
    body = {"status_code": refused.status, "message": refused.message, "error": str(refused.code).lower()}
    return Answer(refused.status, body, refused.headers)


async def _me(call: Call) -> Answer:
    shown = {"id": int(call.world.settings.secret("ACUITY_USER_ID")), "firstName": "Front", "name": "Sandbox clinic"}
    return Answer(200, shown | {"email": "desk@clinic.example", "timezone": CALENDAR_ZONE, "currency": "USD"})


async def _list(call: Call) -> Answer:
    """Without `canceled=true` only those that stand; newest first unless `direction=ASC`."""
    cancelled = call.query.get("canceled") == "true"
    found = [booking for booking in of_provider(call.world, "acuity") if (booking.status != BOOKED) == cancelled]
    found = [booking for booking in found if _between(booking, call)]
    found.sort(key=lambda booking: booking.starts_at, reverse=call.query.get("direction", "DESC").upper() != "ASC")
    return Answer(200, [appointment(booking) for booking in found[: _most(call)]])


def _between(booking: Booking, call: Call) -> bool:
    day = booking.starts_at.astimezone(ZoneInfo(CALENDAR_ZONE)).date().isoformat()
    return call.query.get("minDate", day)[:10] <= day <= call.query.get("maxDate", day)[:10]


def _most(call: Call) -> int:
    text = call.query.get("max", "100")
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise RefusedError(400, "invalid_max", "The parameter max must be a number.")
    return int(text)


async def _one(call: Call) -> Answer:
    for booking in of_provider(call.world, "acuity"):
        if booking.booking_id == call.args[0]:
            return Answer(200, appointment(booking))
    raise RefusedError(404, "not_found", "The appointment does not exist.")


_ROOT = "/acuity(?:/api/v1)?"
API = Api(
    name="acuity",
    prefix="/acuity",
    routes={
        rf"{_ROOT}/me": {"GET": _me},
        rf"{_ROOT}/appointments": {"GET": _list},
        rf"{_ROOT}/appointments/([0-9]+)": {"GET": _one},
    },
    authorize=_authorize,
    refuse=_refuse,
)
