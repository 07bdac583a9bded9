"""What Cal.com's webhook payloads and its API say in the same way: the person, the place, the length, the links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypedDict
from urllib.parse import quote

from appointments.inbound import Person
from integrations.providers.calcom.seats import Seat
from integrations.providers.shared import fields, phone_answers

SOURCE = "calcom"
DEFAULT_MINUTES = 30
LONGEST_DURATION = timedelta(days=14)
LONGEST_LINK = 400
# Who books with a phone alone gets a made-up address of this domain from Cal.com.
MADE_UP_MAIL = "@sms.cal.com"
# Where they talk by phone or video. `attendeeInPerson` is the person's own place, so their clocks count, too.
_REMOTE_KINDS = frozenset({"phone", "userPhone", "link", "conferencing", "attendeeInPerson"})
_REMOTE_PLACE = re.compile(r"integrations:.*|https?://.*|\+?[\d\s().-]{7,}", re.DOTALL)


class Links(TypedDict):
    reschedule_url: str
    cancel_url: str


def links(booker_url: str, uid: str) -> Links:
    """Where the person moves or cancels the booking themselves; empty when the booking page's address is not known."""
    base, name = booker_url.rstrip("/"), quote(uid, safe="")
    if not base or len(base) + len(name) > LONGEST_LINK:
        return {"reschedule_url": "", "cancel_url": ""}
    return {"reschedule_url": f"{base}/reschedule/{name}", "cancel_url": f"{base}/booking/{name}?cancel=true"}


def minutes(starts_at: datetime, ends_at: datetime | None, *, length: object) -> int:
    """From start to end; else `length`, the event type's minutes; else half an hour."""
    if ends_at and ends_at > starts_at:
        return max(1, round(min(ends_at - starts_at, LONGEST_DURATION).total_seconds() / 60))
    whole = isinstance(length, int) and not isinstance(length, bool) and 0 < length <= 20_160
    return int(str(length)) if whole else DEFAULT_MINUTES


def person(source: Mapping[str, Any], phone_question: str, seat: Seat) -> Person:
    """One who comes. The form's answers are of the one who filled it in."""
    one = seat.attendee
    both = f"{fields.text(one, 'firstName')} {fields.text(one, 'lastName')}".strip()
    email = fields.text(one, "email", limit=254)
    phone = _phone(source, seat, phone_question) if seat.answers else fields.phone(one, "phoneNumber")
    return Person(
        name=fields.text(one, "name") or both[:200],
        phone=phone,
        email="" if email.lower().endswith(MADE_UP_MAIL) else email,
        timezone=fields.zone(one, "timeZone"),
    )


def canceller(source: Mapping[str, Any], key: str) -> Literal["customer", "business", "unknown"]:
    """`key` holds an e-mail address: of somebody who booked, else of a host."""
    address = fields.text(source, key, limit=254).lower()
    booked = {fields.text(one, "email", limit=254).lower() for one in fields.mappings(source, "attendees")}
    if not address:
        return "unknown"
    return "customer" if address in booked else "business"


def is_remote(source: Mapping[str, Any]) -> bool:
    """Whether the person is at a place of their own: phone, video, or a visit at their home."""
    return _place_kind(source) in _REMOTE_KINDS or bool(_REMOTE_PLACE.fullmatch(fields.text(source, "location")))


def place(source: Mapping[str, Any]) -> str:
    """Where the visit takes place; a link or a number to call is no place."""
    found = fields.text(source, "location")
    return "" if _REMOTE_PLACE.fullmatch(found) else found


def _phone(source: Mapping[str, Any], seat: Seat, phone_question: str) -> str:
    """Cal.com's own fields for a phone, then a question that asks for one, then the number the host will call."""
    answers = dict(_answers(source))
    return phone_answers.best(
        answers.get("attendeePhoneNumber", ("", ""))[1],
        "" if seat.shared else fields.phone(source, "smsReminderNumber"),
        fields.phone(seat.attendee, "phoneNumber"),
        answers.get("smsReminderNumber", ("", ""))[1],
        _asked({name: one for name, one in answers.items() if name == "phone"}, phone_question),
        _asked(answers, phone_question),
        _called(source),
    )


def _answers(source: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each answer of the form: its name, its question and its text. The API leaves out the question."""
    for group in ("customInputs", "responses", "userFieldsResponses", "bookingFieldsResponses"):
        given = fields.mapping(source, group)
        for name, answer in given.items():
            if isinstance(answer, dict):
                yield name, (fields.text(answer, "label"), fields.phone(answer, "value"))
            else:
                yield name, ("", fields.phone(given, name))


def _asked(answers: Mapping[str, tuple[str, str]], phone_question: str) -> str:
    return phone_answers.first(((f"{name} {label}", text) for name, (label, text) in answers.items()), phone_question)


def _called(source: Mapping[str, Any]) -> str:
    """The number that the host will call, which the form asks for when the visit is by phone."""
    chosen = _chosen_place(source)
    return fields.phone(chosen, "optionValue") if _place_kind(source) == "phone" else ""


def _place_kind(source: Mapping[str, Any]) -> str:
    return fields.text(_chosen_place(source), "value", limit=40)


def _chosen_place(source: Mapping[str, Any]) -> Mapping[str, Any]:
    """`responses.location.value` of a webhook, `bookingFieldsResponses.location` of the API."""
    told = fields.mapping(fields.mapping(fields.mapping(source, "responses"), "location"), "value")
    return told or fields.mapping(fields.mapping(source, "bookingFieldsResponses"), "location")
