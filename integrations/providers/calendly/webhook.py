"""Calendly API v2: bookings in (developer.calendly.com, "Webhook payload", 2026).

The v2 payload is flat. A reschedule is two deliveries in either order: `invitee.canceled` with `rescheduled` true and
`new_invitee`, and `invitee.created` with `old_invitee`. One event may have many invitees, so a visit's id is the
invitee's URI. Almost every field may be null. `timezone` is where the invitee's browser was, not where the visit is: it
is the visit's zone only when they talk by phone or video.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from django.conf import settings

from appointments.inbound import (
    Booking,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    Inbound,
    NoShowReported,
    NothingToDo,
    Person,
)
from aro import clock
from integrations.providers.calendly import api, listing
from integrations.providers.shared import fields, json_body, phone_answers
from integrations.providers.shared.base import (
    Adapter,
    BadSignatureError,
    Delivery,
    Entry,
    MalformedError,
    NeedsLookupError,
    Page,
    Stored,
    Subscription,
    Window,
    body_key,
    short_key,
)
from integrations.providers.shared.signatures import check_timed, secrets_in

SOURCE = "calendly"
HEADER = "calendly-webhook-signature"
# Calendly's own samples use three minutes; a setting, because the documents do not fix it.
DEFAULT_TOLERANCE_SECONDS = 180
DEFAULT_DURATION = timedelta(minutes=30)
LONGEST_DURATION = timedelta(days=14)
# `scheduled_event.location.type` of visits without a place. All else counts as a place: physical, ask_invitee, custom,
# none, and types that are not known yet, because most visits happen at the business.
_REMOTE_TYPE = re.compile(r"(?:in|out)bound_call|\w+_conference|zoom|gotomeeting|webex")
_CANCELLER: dict[str, Literal["customer", "business"]] = {"invitee": "customer", "host": "business"}

logger = logging.getLogger(__name__)


class Calendly(Adapter):
    name: ClassVar[str] = SOURCE
    checked_with: ClassVar[str] = "CALENDLY_WEBHOOK_SECRET"
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json"})
    lists: ClassVar[bool] = True
    subscribes: ClassVar[bool] = True
    api_settings: ClassVar[tuple[str, ...]] = ("CALENDLY_API_TOKEN",)

    def verify(self, delivery: Delivery) -> None:
        header = delivery.headers.get(HEADER, "")
        secrets = secrets_in(settings.CALENDLY_WEBHOOK_SECRET, name="CALENDLY_WEBHOOK_SECRET")
        if not header:
            raise BadSignatureError("no signature")
        tolerance = getattr(settings, "CALENDLY_TOLERANCE_SECONDS", DEFAULT_TOLERANCE_SECONDS)
        check_timed(header=header, body=delivery.body, secrets=secrets, now=delivery.received_at, tolerance=tolerance)

    def delivery_key(self, delivery: Delivery) -> str:
        data = json_body.read(delivery.body)
        payload = fields.mapping(data, "payload")
        parts = [fields.text(data, "event"), fields.text(payload, "uri", limit=500), fields.text(data, "created_at")]
        return short_key("|".join(parts)) if all(parts) else body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        data = json_body.read(stored.body)
        handler = _HANDLERS.get(fields.text(data, "event"))
        if handler is None:
            return [NothingToDo(detail="an event type that is not used")]
        return [handler(data, stored)]

    def complete(self, stored: Stored) -> bytes:
        data = json_body.read(stored.body)
        payload = fields.mapping(data, "payload")
        event = api.scheduled_event(_event_uuid(payload))
        return json.dumps(data | {"payload": payload | {"scheduled_event": event}}).encode()

    def list_page(self, window: Window, cursor: str) -> Page:
        return listing.page(window, cursor)

    def list_entry(self, entry: Entry, window: Window) -> list[Inbound]:
        return [news for told in listing.invitees(entry) for news in _listed(told, window)]

    def subscription(self, url: str) -> Subscription:
        return listing.subscription(url)

    def renew(self, url: str, ref: str) -> None:
        key = secrets_in(settings.CALENDLY_WEBHOOK_SECRET, name="CALENDLY_WEBHOOK_SECRET")[0]
        if ref:
            api.unsubscribe(ref)
        api.subscribe(url=url, events=tuple(_HANDLERS), signing_key=key)


def _created(data: Mapping[str, Any], stored: Stored) -> Inbound:
    payload = fields.mapping(data, "payload")
    if _is_off(payload):
        return _cancelled(data, stored)
    booking, at = _booking(payload, stored), _occurred_at(data, stored)
    previous = fields.text(payload, "old_invitee", limit=255)
    if previous:
        return BookingMoved(booking=booking, previous_external_id=previous, occurred_at=at)
    return BookingCreated(booking=booking, occurred_at=at)


def _is_off(payload: Mapping[str, Any]) -> bool:
    """Whether news of a booking, repeated late, says that it is cancelled by now: the person, or the whole event."""
    event = fields.mapping(payload, "scheduled_event")
    return "canceled" in (fields.text(payload, "status"), fields.text(event, "status"))


def _cancelled(data: Mapping[str, Any], stored: Stored) -> Inbound:
    payload = fields.mapping(data, "payload")
    moved = payload.get("rescheduled") is True
    canceller = fields.text(fields.mapping(payload, "cancellation"), "canceler_type")
    return BookingCancelled(
        booking=_booking(payload, stored),
        occurred_at=_occurred_at(data, stored),
        by=_CANCELLER.get(canceller, "unknown"),
        moved_to=fields.text(payload, "new_invitee", limit=255) if moved else "",
    )


def _no_show(data: Mapping[str, Any], stored: Stored) -> Inbound:
    """Two shapes are seen in the wild: the whole invitee, or only `{uri, invitee}`."""
    payload = fields.mapping(data, "payload")
    thin = isinstance(payload.get("invitee"), str)
    whole = not thin and bool(fields.mapping(payload, "scheduled_event"))
    return NoShowReported(
        source=SOURCE,
        external_id=fields.identifier(payload, "invitee" if thin else "uri"),
        absent=fields.text(data, "event") == "invitee_no_show.created",
        occurred_at=_occurred_at(data, stored),
        booking=_booking(payload, stored) if whole else None,
    )


def _listed(payload: Mapping[str, Any], window: Window) -> list[Inbound]:
    """An invitee of the list, told as its latest delivery. What makes no sense is left out."""
    asked_at = clock.now()
    changed_at = fields.moment(payload, "updated_at") or asked_at
    missed = fields.mapping(payload, "no_show")
    name = "invitee.created"
    if fields.text(payload, "status") == "canceled":
        name = "invitee.canceled"
    elif missed:
        name, changed_at = "invitee_no_show.created", fields.moment(missed, "created_at") or changed_at
    stored = Stored(body=b"", path_ref="", received_at=asked_at, phone_question=window.phone_question)
    told = {"event": name, "created_at": changed_at.isoformat(), "payload": payload}
    try:
        return [_HANDLERS[name](told, stored)]
    except (MalformedError, NeedsLookupError):
        logger.warning("an invitee of Calendly's list makes no sense and is left out")
        return []


_HANDLERS: dict[str, Callable[[Mapping[str, Any], Stored], Inbound]] = {
    "invitee.created": _created,
    "invitee.canceled": _cancelled,
    "invitee_no_show.created": _no_show,
    "invitee_no_show.deleted": _no_show,
}


def _occurred_at(data: Mapping[str, Any], stored: Stored) -> datetime:
    return fields.moment(data, "created_at") or stored.received_at


def _booking(payload: Mapping[str, Any], stored: Stored) -> Booking:
    event = fields.mapping(payload, "scheduled_event")
    if not event:
        _event_uuid(payload)
        raise NeedsLookupError
    starts_at = fields.required_moment(event, "start_time")
    return Booking(
        source=SOURCE,
        external_id=fields.identifier(payload, "uri"),
        starts_at=starts_at,
        duration_minutes=_minutes(starts_at, fields.moment(event, "end_time")),
        person=_person(payload, event, stored.phone_question),
        timezone=fields.zone(payload, "timezone"),
        at_business=not _is_remote(event),
        service=fields.text(event, "name"),
        staff_member=_staff(event),
        location=_location(event),
        booked_at=fields.moment(payload, "created_at"),
        reschedule_url=fields.url(payload, "reschedule_url"),
        cancel_url=fields.url(payload, "cancel_url"),
    )


def _event_uuid(payload: Mapping[str, Any]) -> str:
    """Only the last part of the URI is used: our token must never be sent to an address that a payload names."""
    found = re.fullmatch(r".*/scheduled_events/([A-Za-z0-9-]{1,64})", fields.text(payload, "event", limit=300))
    if not found:
        raise MalformedError("neither scheduled_event nor event names a visit")
    return found.group(1)


def _minutes(starts_at: datetime, ends_at: datetime | None) -> int:
    length = ends_at - starts_at if ends_at and ends_at > starts_at else DEFAULT_DURATION
    return max(1, round(min(length, LONGEST_DURATION).total_seconds() / 60))


def _person(payload: Mapping[str, Any], event: Mapping[str, Any], phone_question: str) -> Person:
    both = f"{fields.text(payload, 'first_name')} {fields.text(payload, 'last_name')}".strip()
    return Person(
        name=fields.text(payload, "name") or both[:200],
        phone=_phone(payload, event, phone_question),
        email=fields.text(payload, "email", limit=254),
        timezone=fields.zone(payload, "timezone"),
    )


def _phone(payload: Mapping[str, Any], event: Mapping[str, Any], phone_question: str) -> str:
    """The number for Calendly's own texts, else an answer on the form, else the number the host will call."""
    location = fields.mapping(event, "location")
    called = fields.phone(location, "location") if location.get("type") == "outbound_call" else ""
    texted = fields.phone(payload, "text_reminder_number")
    return phone_answers.best(texted, _answered_phone(payload, phone_question), called)


def _answered_phone(payload: Mapping[str, Any], phone_question: str) -> str:
    asked = fields.mappings(payload, "questions_and_answers")
    answers = ((fields.text(item, "question"), fields.phone(item, "answer")) for item in asked)
    return phone_answers.first(answers, phone_question)


def _staff(event: Mapping[str, Any]) -> str:
    names = [fields.text(member, "user_name") for member in fields.mappings(event, "event_memberships")]
    return ", ".join(name for name in names if name)[:120]


def _is_remote(event: Mapping[str, Any]) -> bool:
    """Whether they talk by phone or video, each at their own place."""
    kind = fields.text(fields.mapping(event, "location"), "type", limit=40)
    return _REMOTE_TYPE.fullmatch(kind) is not None


def _location(event: Mapping[str, Any]) -> str:
    """Where the visit takes place; a number to call is a phone, not a place."""
    location = fields.mapping(event, "location")
    return "" if location.get("type") == "outbound_call" else fields.text(location, "location")
