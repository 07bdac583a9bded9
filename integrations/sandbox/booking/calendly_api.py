"""Calendly's API v2 as ARO calls it: who am I, webhook subscriptions, events and their invitees."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from integrations.sandbox.booking import calendly
from integrations.sandbox.booking.bookings import Booking, cancel, of_provider
from integrations.sandbox.calls import Answer, Api, Call, RefusedError, no_content
from integrations.sandbox.clock import iso
from integrations.sandbox.fields import Fields
from integrations.sandbox.ledger import Document
from integrations.sandbox.world import DELIVERIES_OFF, World

_SUBSCRIPTION = "calendly_subscription"
_EVENTS = ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted")
_STANDING_KEY = "SANDBOXHOOK00001"
_SCOPES = ("organization", "user", "group")
Visit = tuple[Booking, int]
Item = TypeVar("Item")


def _authorize(call: Call) -> None:
    expected = f"Bearer {call.world.settings.secret('CALENDLY_API_TOKEN')}"
    if not secrets.compare_digest(call.headers.get("authorization", "").encode(), expected.encode()):
        raise RefusedError(401, "Unauthenticated", "The access token is invalid")


def _refuse(refused: RefusedError) -> Answer:
    titles = {400: "Invalid Argument", 403: "Permission Denied", 404: "Resource Not Found", 429: "Rate Limit Exceeded"}
    title = titles.get(refused.status, str(refused.code))
    headers = dict(refused.headers)
    if refused.status == 429:  # seconds that remain, not an epoch: https://developer.calendly.com/api-docs/rate-limits
        headers |= {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "0"}
        headers["X-RateLimit-Reset"] = headers.get("Retry-After", "1")
    return Answer(refused.status, {"title": title, "message": refused.message}, headers)


def _not_found() -> RefusedError:
    return RefusedError(404, "Resource Not Found", "The server could not find the requested resource.")


async def _me(_call: Call) -> Answer:
    person = {
        "uri": calendly.USER,
        "name": "Front Desk",
        "slug": "front-desk",
        "email": "desk@clinic.example",
        "scheduling_url": "https://calendly.com/front-desk",
        "timezone": "America/New_York",
        "avatar_url": None,
        "created_at": "2026-01-01T00:00:00.000000Z",
        "updated_at": "2026-01-01T00:00:00.000000Z",
        "current_organization": calendly.ORGANIZATION,
        "resource_type": "User",
    }
    return Answer(200, {"resource": person})


def _subscription(world: World, *, key: str, url: str, events: Sequence[str], scope: str) -> Document:
    now = world.iso_now()
    return {
        "uri": f"{calendly.BASE}/webhook_subscriptions/{key}",
        "callback_url": url,
        "created_at": now,
        "updated_at": now,
        "retry_started_at": None,
        "state": "active",
        "events": list(events),
        "scope": scope,
        "organization": calendly.ORGANIZATION,
        "user": calendly.USER if scope == "user" else None,
        "creator": calendly.USER,
    }


def _standing(world: World) -> Document:
    """The subscription through which the sandbox really delivers; it is there from the start."""
    return _subscription(world, key=_STANDING_KEY, url=_address(world), events=_EVENTS, scope="organization")


def _address(world: World) -> str:
    return f"{world.settings.public_base_url}/webhooks/calendly"


def _state(world: World) -> str:
    """Of the subscription to ARO's own address: active, disabled (after a day of failures) or deleted."""
    return str((world.documents.get(DELIVERIES_OFF, "calendly") or {"state": "active"})["state"])


def _standing_ones(world: World) -> list[Document]:
    """All there are; the one to ARO's address may be disabled."""
    stored = world.documents.all(_SUBSCRIPTION)
    ours = [doc for doc in stored if doc["callback_url"] == _address(world)]
    state = _state(world)
    if state != "deleted" and not ours:
        stored = [_standing(world), *stored]
    return [doc | {"state": state} if doc["callback_url"] == _address(world) else doc for doc in stored]


async def _subscriptions(call: Call) -> Answer:
    if not (call.query.get("organization") and call.query.get("scope")):
        raise RefusedError(400, "Invalid Argument", "organization and scope are both required.")
    scope = call.query["scope"]
    found = [doc for doc in _standing_ones(call.world) if doc["scope"] == scope]
    return Answer(200, _page(call, found, lambda doc: doc))


async def _subscribe(call: Call) -> Answer:
    fields = Fields.of(call.body)
    url = fields.text("url", longest=500)
    if any(doc["callback_url"] == url for doc in _standing_ones(call.world)):
        raise RefusedError(409, "Already Exists", "Hook with this url already exists")
    scope = fields.choice("scope", _SCOPES)
    key = secrets.token_hex(8).upper()
    made = _subscription(call.world, key=key, url=url, events=_events(call.body), scope=scope)
    call.world.documents.put(_SUBSCRIPTION, key, made)
    if url == _address(call.world) and fields.text("signing_key", default="", longest=200, empty=True):
        call.world.documents.delete(DELIVERIES_OFF, "calendly")
    return Answer(201, {"resource": made})


def _events(body: bytes) -> list[str]:
    events = Fields.of(body).texts("events")
    unknown = [event for event in events if event not in _EVENTS]
    if unknown or not events:
        raise RefusedError(400, "Invalid Argument", f"events must be some of {', '.join(_EVENTS)}.")
    return events


async def _unsubscribe(call: Call) -> Answer:
    """A subscription cannot be switched on again, only deleted and made anew (community.calendly.com)."""
    world, key = call.world, call.args[0]
    known = next((doc for doc in _standing_ones(world) if doc["uri"].endswith(f"/{key}")), None)
    if known is None:
        raise _not_found()
    world.documents.delete(_SUBSCRIPTION, key)
    if known["callback_url"] == _address(world):
        world.documents.put(DELIVERIES_OFF, "calendly", {"state": "deleted"})
    return no_content()


def _visits(world: World) -> list[Visit]:
    """Every event: each start a booking ever had."""
    bookings = of_provider(world, "calendly")
    return [(booking, move) for booking in bookings for move in range(booking.moves + 1)]


async def _list(call: Call) -> Answer:
    if not (call.query.get("organization") or call.query.get("user")):
        raise RefusedError(400, "Invalid Argument", "organization or user is required.")
    bounds = _moment(call, "min_start_time"), _moment(call, "max_start_time")
    found = [visit for visit in _visits(call.world) if _wanted(call, visit, bounds)]
    backwards = call.query.get("sort", "start_time:asc").endswith(":desc")
    found.sort(key=lambda visit: visit[0].starts[visit[1]], reverse=backwards)
    return Answer(200, _page(call, found, lambda visit: calendly.event(*visit)))


def _wanted(call: Call, visit: Visit, bounds: tuple[datetime | None, datetime | None]) -> bool:
    booking, move = visit
    status, start = call.query.get("status"), booking.starts[move]
    earliest, latest = bounds[0] or start, bounds[1] or start
    right_status = status is None or (status == "active") == calendly.is_active(booking, move)
    return right_status and earliest <= start <= latest and call.query.get("invitee_email") in (None, booking.email)


def _moment(call: Call, name: str) -> datetime | None:
    return Fields(call.query).moment(name) if call.query.get(name) else None


def _page(call: Call, items: Sequence[Item], show: Callable[[Item], Any]) -> Document:
    """`page_token` is where the next page starts."""
    first = _number(call.query.get("page_token", "0"), "page_token")
    count = min(_number(call.query.get("count", "20"), "count") or 1, 100)
    following = str(first + count) if len(items) > first + count else None
    path = call.path.removeprefix("/calendly")
    link = f"{calendly.BASE}{path}?{urlencode({**call.query, 'page_token': following})}" if following else None
    pages = {"count": len(items[first : first + count]), "next_page": link, "next_page_token": following}
    return {
        "collection": [show(item) for item in items[first : first + count]],
        "pagination": pages | {"previous_page": None, "previous_page_token": None},
    }


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise RefusedError(400, "Invalid Argument", f"{name} is not valid.")
    return int(text)


def _visit(call: Call) -> Visit:
    for booking, move in _visits(call.world):
        if calendly.event_uuid(booking, move) == call.args[0]:
            return booking, move
    raise _not_found()


async def _event(call: Call) -> Answer:
    return Answer(200, {"resource": calendly.event(*_visit(call))})


async def _invitees(call: Call) -> Answer:
    return Answer(200, _page(call, [_visit(call)], lambda visit: calendly.invitee(*visit)))


async def _invitee(call: Call) -> Answer:
    visit = _visit(call)
    if calendly.invitee_uuid(*visit) != call.args[1]:
        raise _not_found()
    return Answer(200, {"resource": calendly.invitee(*visit)})


async def _cancel(call: Call) -> Answer:
    """The host cancels through the API; the webhook follows as for any cancellation."""
    booking, move = _visit(call)
    if move != booking.moves:
        raise RefusedError(403, "Permission Denied", "Event is already canceled")
    cancelled = cancel(call.world, booking, "host")
    callbacks = calendly.DESK.cancelled(call.world, cancelled)
    call.world.spawn(_notify(call.world, cancelled, callbacks))
    return Answer(201, {"resource": calendly.cancellation(cancelled, move)})


async def _notify(world: World, booking: Booking, callbacks: Any) -> None:
    await world.post("calendly", booking.booking_id, callbacks)


async def _sample(call: Call) -> Answer:
    """A made-up visit: the names in it stand for nobody."""
    now = call.world.clock.now()
    event = call.query.get("event", "invitee.created")
    if event not in _EVENTS:
        raise RefusedError(400, "Invalid Argument", f"event must be one of {', '.join(_EVENTS)}.")
    sample = Booking(
        booking_id="00000000-0000-4000-8000-000000000000",
        number=0,
        provider="calendly",
        name="Sample Person",
        phone=None,
        email="sample.person@example.com",
        service="Checkup",
        timezone="America/New_York",
        duration_minutes=30,
        starts=(now,),
        status="cancelled" if event == "invitee.canceled" else "booked",
        version=0,
        created_at=now,
        updated_at=now,
    )
    return Answer(200, calendly.envelope(event, sample, 0, now) | {"created_at": iso(now)})


_EVENT = "/calendly/scheduled_events/([0-9a-f-]+)"
API = Api(
    name="calendly",
    prefix="/calendly",
    routes={
        "/calendly/users/me": {"GET": _me},
        "/calendly/webhook_subscriptions": {"GET": _subscriptions, "POST": _subscribe},
        "/calendly/webhook_subscriptions/([0-9A-Z]+)": {"DELETE": _unsubscribe},
        "/calendly/scheduled_events": {"GET": _list},
        _EVENT: {"GET": _event},
        f"{_EVENT}/invitees": {"GET": _invitees},
        f"{_EVENT}/invitees/([0-9a-zA-Z-]+)": {"GET": _invitee},
        f"{_EVENT}/cancellation": {"POST": _cancel},
        "/calendly/sample_webhook_data": {"GET": _sample},
    },
    authorize=_authorize,
    refuse=_refuse,
)
