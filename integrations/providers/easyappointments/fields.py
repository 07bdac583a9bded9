"""Reads Easy!Appointments' rows: a visit as its REST API shows it with `with=customer,provider,service`.

The visit's own fields have the API's names; the attached customer, provider and service are rows of its database. Times
have no offset: they are by the clocks of the provider, the member of staff.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from appointments.inbound import (
    Booking,
    BookingCancelled,
    BookingCreated,
    Inbound,
    NoShowReported,
    NothingToDo,
    Person,
)
from integrations.providers.shared import fields, phone_answers
from integrations.providers.shared.base import MalformedError, Page, Window

SOURCE = "easyappointments"
DEFAULT_DURATION = timedelta(minutes=30)
LONGEST_DURATION = timedelta(days=14)
LARGEST_NUMBER = 2**63
# A status is a word that the clinic can change; these are the ones it comes with and the usual others.
_CANCELLED = re.compile(r"cancell?ed", re.IGNORECASE)
_NO_SHOW = re.compile(r"no[ -]?show", re.IGNORECASE)
_DRAFT = re.compile(r"draft", re.IGNORECASE)
_LINK = re.compile(r"https?://.*", re.DOTALL)
Row = Mapping[str, Any]


def told(row: Row, asked_at: datetime) -> Inbound:
    """What the row says. `asked_at` stands for the time of the change, which the API does not show."""
    status, booking = fields.text(row, "status"), _booking(row)
    if _CANCELLED.fullmatch(status):
        return BookingCancelled(booking=booking, occurred_at=asked_at)
    if _NO_SHOW.fullmatch(status):
        return NoShowReported(
            source=SOURCE, external_id=booking.external_id, absent=True, occurred_at=asked_at, booking=booking
        )
    if _DRAFT.fullmatch(status):
        return NothingToDo(detail="a draft")
    return BookingCreated(booking=booking, occurred_at=asked_at)


def listed(rows: Sequence[Row], window: Window, *, asked_at: datetime, following: str) -> Page:
    """The visits that start in the window; a row that makes no sense is counted, the others are told."""
    found, unreadable = list[Inbound](), 0
    for row in rows:
        try:
            if window.starts_from <= _moment(row, "start", _provider_zone(row)) < window.starts_until:
                found.append(told(row, asked_at))
        except MalformedError:
            unreadable += 1
    return Page(news=found, next=following, unreadable=unreadable)


def deleted(payload: Row, provider: Row) -> Booking:
    """A visit that is gone, from the row in the delivery; `provider` as the API shows one, empty when gone, too."""
    zone = ZoneInfo(_zone_in(provider) or "UTC")
    starts_at = _moment(payload, "start_datetime", zone)
    ends_at = _local(payload, "end_datetime", zone)
    return Booking(
        source=SOURCE,
        external_id=str(number(payload.get("id"))),
        starts_at=starts_at,
        duration_minutes=_minutes(starts_at, ends_at),
        person=Person(),
        timezone=zone.key,
        at_business=True,
    )


def number(value: object) -> int:
    """The id, which some versions write as text; 0 when it is none."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return found if found < LARGEST_NUMBER else 0


def _booking(row: Row) -> Booking:
    zone, customer = _provider_zone(row), fields.mapping(row, "customer")
    starts_at, visit = _moment(row, "start", zone), number(row.get("id"))
    if not visit:
        raise MalformedError("id is missing or not a number")
    person = _person(customer)
    remote = _is_remote(row)
    return Booking(
        source=SOURCE,
        external_id=str(visit),
        starts_at=starts_at,
        duration_minutes=_minutes(starts_at, _local(row, "end", zone)),
        person=person,
        timezone=person.timezone if remote else zone.key,
        at_business=not remote,
        service=fields.text(fields.mapping(row, "service"), "name"),
        staff_member=_name(fields.mapping(row, "provider"))[:120],
        location=_place(row),
        booked_at=_local(row, "book", zone),
    )


def _person(customer: Row) -> Person:
    return Person(
        name=_name(customer),
        phone=phone_answers.best(fields.phone(customer, "mobile_number"), fields.phone(customer, "phone_number")),
        email=fields.text(customer, "email", limit=254),
        timezone=fields.zone(customer, "timezone"),
    )


def _name(user: Row) -> str:
    return f"{fields.text(user, 'first_name')} {fields.text(user, 'last_name')}".strip()[:200]


def _is_remote(row: Row) -> bool:
    return bool(fields.text(row, "meetingLink")) or bool(_LINK.fullmatch(fields.text(row, "location")))


def _place(row: Row) -> str:
    location = fields.text(row, "location")
    return "" if _LINK.fullmatch(location) else location


def _provider_zone(row: Row) -> ZoneInfo:
    name = _zone_in(fields.mapping(row, "provider"))
    if not name:
        raise MalformedError("the provider has no time zone. Set one in Easy!Appointments, under Users, Providers")
    return ZoneInfo(name)


def _zone_in(provider: Row) -> str:
    return fields.zone(provider, "timezone")


def _moment(row: Row, key: str, zone: ZoneInfo) -> datetime:
    found = _local(row, key, zone)
    if found is None:
        raise MalformedError(f"{key} is missing or not a time")
    return found


def _local(row: Row, key: str, zone: ZoneInfo) -> datetime | None:
    """`2026-12-01 15:00:00` by the clocks of `zone`, in UTC; None when it is not such a time."""
    try:
        return datetime.fromisoformat(fields.text(row, key)).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _minutes(starts_at: datetime, ends_at: datetime | None) -> int:
    length = ends_at - starts_at if ends_at and ends_at > starts_at else DEFAULT_DURATION
    return max(1, round(min(length, LONGEST_DURATION).total_seconds() / 60))
