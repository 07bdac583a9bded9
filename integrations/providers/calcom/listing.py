"""Reads a page of Cal.com's list of bookings (API v2, 2024-08-13) as its webhooks would have told it.

The list shows a moved booking as a cancelled one with `rescheduledToUid` beside a new one with `rescheduledFromUid`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from appointments.inbound import Booking, BookingCancelled, BookingCreated, BookingMoved, Inbound, NoShowReported
from aro import clock
from integrations.providers.calcom import fields as calcom_fields
from integrations.providers.calcom import seats as calcom_seats
from integrations.providers.calcom.fields import SOURCE
from integrations.providers.calcom.seats import Seat
from integrations.providers.shared import fields
from integrations.providers.shared.base import MalformedError, Page, Window

BOOKING_PAGE = "https://cal.com"
_OVER = frozenset({"cancelled", "rejected"})
Rows = Mapping[str, Mapping[str, Any]]


def read(rows: Sequence[Mapping[str, Any]], window: Window, following: str) -> Page:
    """The bookings that start in the window; a row that makes no sense is counted, the others are told."""
    found, unreadable = list[Inbound](), 0
    page = {fields.text(row, "uid", limit=255): row for row in rows}
    for row in page.values():
        try:
            if window.starts_from <= fields.required_moment(row, "start") < window.starts_until:
                found += _of(row, page, window.phone_question)
        except MalformedError:
            unreadable += 1
    return Page(news=found, next=following, unreadable=unreadable)


def _of(row: Mapping[str, Any], page: Rows, phone_question: str) -> list[Inbound]:
    status, seats = fields.text(row, "status").lower(), calcom_seats.listed(row)
    if status == "accepted":
        return [news for seat in seats for news in _standing(row, page, phone_question, seat)]
    if status not in _OVER or _goes_on(row, page):
        return []
    return [_over(row, status, phone_question, seat) for seat in seats]


def _standing(row: Mapping[str, Any], page: Rows, phone_question: str, seat: Seat) -> Iterator[Inbound]:
    booking, at = _booking(row, phone_question, seat), _changed_at(row)
    earlier = list(_earlier(row, page))
    if not earlier:
        yield BookingCreated(booking=booking, occurred_at=at)
    for uid in earlier:
        yield BookingMoved(booking=booking, previous_external_id=uid, occurred_at=at)
    if seat.attendee.get("absent") is True:
        # A mark does not change `updatedAt`. It cannot come before the visit, so it is at least that new.
        marked_at = max(at, booking.starts_at)
        who = seat.label if seat.shared else ""
        yield NoShowReported(
            source=SOURCE, external_id=booking.external_id, absent=True, occurred_at=marked_at, seat=who
        )


def _earlier(row: Mapping[str, Any], page: Rows) -> Iterator[str]:
    """The names that the visit had before, nearest first, as far as the page shows them."""
    seen, uid = set[str](), fields.text(row, "rescheduledFromUid", limit=255)
    while uid and uid not in seen:
        yield uid
        seen.add(uid)
        uid = fields.text(page.get(uid, {}), "rescheduledFromUid", limit=255)


def _goes_on(row: Mapping[str, Any], page: Rows) -> bool:
    """Whether the same page shows where the visit was moved to: then that row tells the move."""
    seen, uid = set[str](), fields.text(row, "rescheduledToUid", limit=255)
    while uid in page and uid not in seen:
        if fields.text(page[uid], "status").lower() == "accepted":
            return True
        seen.add(uid)
        uid = fields.text(page[uid], "rescheduledToUid", limit=255)
    return False


def _over(row: Mapping[str, Any], status: str, phone_question: str, seat: Seat) -> BookingCancelled:
    return BookingCancelled(
        booking=_booking(row, phone_question, seat),
        occurred_at=_changed_at(row),
        by="business" if status == "rejected" else calcom_fields.canceller(row, "cancelledByEmail"),
        moved_to=fields.text(row, "rescheduledToUid", limit=255),
        declined=status == "rejected",
    )


def _changed_at(row: Mapping[str, Any]) -> datetime:
    return fields.moment(row, "updatedAt") or clock.now()


def _booking(row: Mapping[str, Any], phone_question: str, seat: Seat) -> Booking:
    starts_at, uid = fields.required_moment(row, "start"), fields.identifier(row, "uid")
    person = calcom_fields.person(_told_by(row, seat), phone_question, seat)
    hosts = fields.mappings(row, "hosts")
    return Booking(
        source=SOURCE,
        external_id=uid,
        starts_at=starts_at,
        duration_minutes=calcom_fields.minutes(starts_at, fields.moment(row, "end"), length=row.get("duration")),
        person=person,
        timezone=person.timezone,
        at_business=not calcom_fields.is_remote(row),
        service=fields.text(row, "title"),
        staff_member=", ".join(filter(None, (fields.text(host, "name") for host in hosts)))[:120],
        location=calcom_fields.place(row),
        booked_at=fields.moment(row, "createdAt"),
        seat=seat.label,
        seat_ref=seat.ref,
        shared=seat.shared,
        **calcom_fields.links(BOOKING_PAGE, uid),
    )


def _told_by(row: Mapping[str, Any], seat: Seat) -> Mapping[str, Any]:
    """Each seat has the answers of its own form."""
    own = fields.mapping(seat.attendee, "bookingFieldsResponses")
    return {**row, "bookingFieldsResponses": own} if own else row
