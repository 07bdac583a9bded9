"""Square Bookings: two event types, a version that only grows, and people and zones that must be fetched."""

from __future__ import annotations

import hashlib
import secrets
import string
import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.booking.bookings import BOOKED, CANCELLED, NO_SHOW, Booking, Desk, of_provider
from integrations.sandbox.calls import Answer, Api, Call, RefusedError
from integrations.sandbox.outbox import Callback
from integrations.sandbox.settings import DEFAULTS
from integrations.sandbox.world import World

MERCHANT, LOCATION, MEMBER = "SANDBOXMERCHANT1", "SANDBOXLOC0001", "SANDBOXMEMBER001"
LOCATION_ZONE = "America/New_York"
PUBLIC_TOKEN = DEFAULTS["SQUARE_ACCESS_TOKEN"]
WINDOW = timedelta(days=31)
_STATUS = {BOOKED: "ACCEPTED", NO_SHOW: "NO_SHOW"}
_ALPHABET = string.ascii_lowercase + string.digits


def customer_id(booking: Booking) -> str:
    """One for each person: the same name and phone is the same customer."""
    return hashlib.sha256(f"{booking.name}/{booking.phone}/{booking.email}".encode()).hexdigest()[:26].upper()


def variation_id(booking: Booking) -> str:
    return hashlib.sha256(booking.service.encode()).hexdigest()[:24].upper()


def shown(booking: Booking) -> dict[str, Any]:
    """A booking as events and the API show it: no end, no name, no phone."""
    segment = {
        "duration_minutes": booking.duration_minutes,
        "intermission_minutes": 0,
        "service_variation_id": variation_id(booking),
        "service_variation_version": 1,
        "team_member_id": MEMBER,
    }
    return {
        "appointment_segments": [segment],
        "created_at": _stamp(booking.created_at),
        "customer_id": customer_id(booking),
        "customer_note": "",
        "id": booking.booking_id,
        "location_id": LOCATION,
        "location_type": "BUSINESS_LOCATION",
        "seller_note": "",
        "start_at": _stamp(booking.starts_at),
        "status": _status(booking),
        "updated_at": _stamp(booking.updated_at),
        "version": booking.version,
    }


def _status(booking: Booking) -> str:
    if booking.status == CANCELLED:
        return "CANCELLED_BY_SELLER" if booking.cancelled_by == "host" else "CANCELLED_BY_CUSTOMER"
    return _STATUS[booking.status]


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _callback(world: World, kind: str, booking: Booking) -> Callback:
    """`data.id` is the booking's id and version together; only `data.object` holds the id alone."""
    data = {"type": "booking", "id": f"{booking.booking_id}:{booking.version}", "object": {"booking": shown(booking)}}
    event = {"merchant_id": MERCHANT, "location_id": LOCATION, "type": kind, "event_id": str(uuid.uuid4())}
    return world.json_callback("square", event | {"created_at": _stamp(world.clock.now()), "data": data})


def _created(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "booking.created", booking)]


def _updated(world: World, booking: Booking) -> list[Callback]:
    return [_callback(world, "booking.updated", booking)]


def _new_id(_number: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))


DESK = Desk(new_id=_new_id, booked=_created, moved=_updated, cancelled=_updated, missed=_updated, unmarked=_updated)


def _authorize(call: Call) -> None:
    """A bearer token; any, while no other than the public one is configured."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or call.world.settings.secret("SQUARE_ACCESS_TOKEN") not in (PUBLIC_TOKEN, token):
        raise RefusedError(401, "UNAUTHORIZED", "This request could not be authorized.")


def _refuse(refused: RefusedError) -> Answer:
    category = "AUTHENTICATION_ERROR" if refused.status == 401 else "INVALID_REQUEST_ERROR"
    error = {"category": category, "code": str(refused.code).upper(), "detail": refused.message}
    return Answer(refused.status, {"errors": [error]}, refused.headers)


def _none(what: str) -> RefusedError:
    return RefusedError(404, "NOT_FOUND", f"{what} not found.")


async def _list(call: Call) -> Answer:
    """Without bounds: from now on for 31 days, which is also the longest span."""
    start = _moment(call, "start_at_min") or call.world.clock.now()
    end = _moment(call, "start_at_max") or start + WINDOW
    if end - start > WINDOW:
        raise RefusedError(400, "INVALID_TIME_RANGE", "The time range must be 31 days at most.")
    found = [booking for booking in of_provider(call.world, "square") if start <= booking.starts_at <= end]
    first, size = _cursor(call), _limit(call)
    page = {"bookings": [shown(booking) for booking in found[first : first + size]]}
    return Answer(200, page | ({"cursor": str(first + size)} if len(found) > first + size else {}))


def _moment(call: Call, name: str) -> datetime | None:
    text = call.query.get(name)
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise RefusedError(400, "INVALID_TIME", f"{name} is not a date and time in RFC 3339.") from error
    if moment is not None and moment.tzinfo is None:
        raise RefusedError(400, "INVALID_TIME", f"{name} has no offset.")
    return moment


def _cursor(call: Call) -> int:
    text = call.query.get("cursor", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise RefusedError(400, "INVALID_CURSOR", "The cursor is not one of ours.")
    return int(text)


def _limit(call: Call) -> int:
    text = call.query.get("limit", "100")
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 3 and int(text) > 0):
        raise RefusedError(400, "INVALID_VALUE", "The limit must be a number from 1 to 100.")
    return min(int(text), 100)


def _matching(call: Call, key: Any) -> Booking:
    for booking in of_provider(call.world, "square"):
        if key(booking) == call.args[0]:
            return booking
    raise _none("Resource")


async def _one(call: Call) -> Answer:
    return Answer(200, {"booking": shown(_matching(call, lambda booking: booking.booking_id))})


async def _customer(call: Call) -> Answer:
    booking = _matching(call, customer_id)
    person = {
        "id": call.args[0],
        "created_at": _stamp(booking.created_at),
        "given_name": booking.given_name,
        "family_name": booking.family_name,
        "email_address": booking.email,
        "preferences": {"email_unsubscribed": False},
        "version": 1,
    }
    return Answer(200, {"customer": person | ({"phone_number": booking.phone} if booking.phone else {})})


async def _location(call: Call) -> Answer:
    if call.args[0] not in (LOCATION, "main"):
        raise _none("Location")
    return Answer(200, {"location": _location_shown()})


def _location_shown() -> dict[str, str]:
    zone = ZoneInfo(LOCATION_ZONE).key
    return {"id": LOCATION, "name": "Sandbox clinic", "timezone": zone, "status": "ACTIVE", "merchant_id": MERCHANT}


async def _locations(_call: Call) -> Answer:
    return Answer(200, {"locations": [_location_shown()]})


async def _merchant(call: Call) -> Answer:
    if call.args[0] not in ("me", MERCHANT):
        raise _none("Merchant")
    shown_merchant = {"id": MERCHANT, "business_name": "Sandbox clinic", "country": "US", "currency": "USD"}
    return Answer(200, {"merchant": shown_merchant | {"status": "ACTIVE", "main_location_id": LOCATION}})


async def _catalog(call: Call) -> Answer:
    booking = _matching(call, variation_id)
    data = {"item_id": f"{call.args[0]}ITEM", "name": booking.service, "pricing_type": "VARIABLE_PRICING"}
    item = {"type": "ITEM_VARIATION", "id": call.args[0], "version": 1, "is_deleted": False}
    return Answer(200, {"object": item | {"item_variation_data": data}})


API = Api(
    name="square",
    prefix="/square",
    routes={
        "/square/v2/bookings": {"GET": _list},
        "/square/v2/bookings/([0-9a-z]+)": {"GET": _one},
        "/square/v2/customers/([0-9A-Z]+)": {"GET": _customer},
        "/square/v2/locations": {"GET": _locations},
        "/square/v2/locations/([0-9A-Za-z]+)": {"GET": _location},
        "/square/v2/merchants/([0-9A-Za-z]+)": {"GET": _merchant},
        "/square/v2/catalog/object/([0-9A-Z]+)": {"GET": _catalog},
    },
    authorize=_authorize,
    refuse=_refuse,
)
