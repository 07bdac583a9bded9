"""Who a Cal.com booking is for. An event type with seats has one booking, one `uid`, for several people.

Read in calcom/cal.com `handleSeats`: the second booker's BOOKING_CREATED has the uid of the booking that exists and a
list of attendees that grows (the new one last); a seat that is cancelled comes as BOOKING_CANCELLED with that attendee
alone; a seat that is moved names its booker first, then those who were there already; the host moves all of them in
place, under the same uid. `smsReminderNumber` is then the first booker's, whoever the delivery is about. Of a booking
without seats the first attendee booked, and the others are guests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aro.secrets import fingerprint
from integrations.providers.shared import fields

Attendee = Mapping[str, Any]


@dataclass(frozen=True)
class Seat:
    """One person of a booking. `answers`: the form's answers are theirs."""

    attendee: Attendee
    label: str = ""
    ref: str = ""
    shared: bool = False
    answers: bool = True


def booked(payload: Mapping[str, Any]) -> list[Seat]:
    """Everybody whom a booking is for."""
    return _everybody(payload, newest=-1)


def moved(payload: Mapping[str, Any]) -> list[Seat]:
    """Who was moved: everybody, when the booking keeps its uid or no seat is named; else the one who did it."""
    seats, previous = _everybody(payload, newest=0), fields.text(payload, "rescheduleUid", limit=255)
    one_only = _ref(payload) and previous and previous != fields.text(payload, "uid", limit=255)
    return [seat for seat in seats if seat.answers] if one_only and len(seats) > 1 else seats


def named(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the name that the booking had before, where an old Cal.com leaves out the new one."""
    return payload if payload.get("uid") else {**payload, "uid": payload.get("rescheduleUid")}


def cancelled(payload: Mapping[str, Any]) -> list[Seat]:
    """Who does not come. A seat that nobody is named for is told by its own id alone, and nobody else leaves."""
    seats, ref = _everybody(payload, newest=-1), _ref(payload)
    if not ref or len(seats) <= 1:
        return seats
    mails = {_answer(payload, "email"), fields.text(payload, "cancelledBy", limit=254).lower()}
    named = [seat for seat in seats if _mail(seat.attendee) in mails]
    return named if len(named) == 1 else [Seat({}, ref=ref, shared=True, answers=False)]


def listed(row: Mapping[str, Any]) -> list[Seat]:
    """Everybody in a booking as API v2 shows it."""
    people = fields.mappings(row, "attendees")
    if not any(fields.text(one, "seatUid", limit=255) for one in people):
        return [_first(people)]
    return [
        Seat(
            one,
            label=label(one),
            ref=fields.text(one, "seatUid", limit=255),
            shared=True,
            answers=bool(one.get("bookingFieldsResponses")) or len(people) == 1,
        )
        for one in people
    ]


def label(attendee: Attendee) -> str:
    """Tells the people of one booking apart: each e-mail address books once. A keyed hash, so that it tells nobody."""
    who = _mail(attendee) or fields.phone(attendee, "phoneNumber", limit=40) or fields.text(attendee, "name").lower()
    return fingerprint(who, purpose="seat")[:16] if who else ""


def _everybody(payload: Mapping[str, Any], *, newest: int) -> list[Seat]:
    people = fields.mappings(payload, "attendees")
    if not _is_shared(payload) or not people:
        return [_first(people)]
    booker = _booker(payload, people, newest)
    return [
        Seat(
            one,
            label=label(one),
            ref=_ref(payload) if one is booker else "",
            shared=True,
            answers=one is booker,
        )
        for one in people
    ]


def _first(people: list[dict[str, Any]]) -> Seat:
    one = next(iter(people), {})
    return Seat(one, label=label(one))


def _booker(payload: Mapping[str, Any], people: list[dict[str, Any]], newest: int) -> Attendee:
    """Whose delivery this is: the one of the form's answers, else the one whom Cal.com puts there."""
    mail = _answer(payload, "email")
    return next((one for one in people if mail and _mail(one) == mail), people[newest])


def _is_shared(payload: Mapping[str, Any]) -> bool:
    places = payload.get("seatsPerTimeSlot")
    return bool(_ref(payload)) or (isinstance(places, int) and not isinstance(places, bool) and places > 0)


def _ref(payload: Mapping[str, Any]) -> str:
    return fields.text(payload, "attendeeSeatId", limit=255) or fields.text(payload, "seatReferenceUid", limit=255)


def _answer(payload: Mapping[str, Any], name: str) -> str:
    return fields.text(fields.mapping(fields.mapping(payload, "responses"), name), "value", limit=254).lower()


def _mail(attendee: Attendee) -> str:
    return fields.text(attendee, "email", limit=254).lower()
