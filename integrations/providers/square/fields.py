"""Reads a booking of Square, and what was fetched around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appointments.inbound import Booking, Person
from integrations.providers.shared import fields
from integrations.providers.shared.base import MalformedError

SOURCE = "square"
DEFAULT_MINUTES = 30
WHOLE_DAY = 24 * 60
LONGEST_MINUTES = 14 * WHOLE_DAY
_HIGHEST_COUNT = 2_147_483_647
# PENDING waits for the business: nobody may be reminded of it. It becomes ACCEPTED or DECLINED.
_STATUSES = frozenset({"ACCEPTED", "CANCELLED_BY_CUSTOMER", "CANCELLED_BY_SELLER", "DECLINED", "NO_SHOW"})
_WAITING = "PENDING"


def status(told: Mapping[str, Any]) -> str:
    """Raises `MalformedError` for one that is not documented: guessing could cancel a visit or remind of none."""
    found = fields.text(told, "status")
    if found not in _STATUSES and found != _WAITING:
        raise MalformedError("status is missing or not one that Square documents")
    return found


def counts(told: Mapping[str, Any]) -> bool:
    """Whether the business has answered the request. Raises `MalformedError`."""
    return status(told) != _WAITING


def version(told: Mapping[str, Any]) -> int:
    """Counts the changes, from 0."""
    return _count(told) or 0


def _count(told: Mapping[str, Any]) -> int | None:
    """None where it is left out, or is no count."""
    value = told.get("version")
    value = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else value
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _HIGHEST_COUNT
    return value if is_count else None


def booking(told: Mapping[str, Any], found: Mapping[str, Any]) -> Booking:
    """`found` has `customer`, `location` and `service`, each empty when there is none. Raises `MalformedError`.

    The zone is the location's; without one that is known the visit takes place by the business's clocks.
    """
    location = fields.mapping(found, "location")
    zone = fields.zone(location, "timezone")
    return Booking(
        source=SOURCE,
        external_id=fields.identifier(told, "id"),
        starts_at=fields.required_moment(told, "start_at"),
        duration_minutes=_minutes(told),
        person=_person(fields.mapping(found, "customer")),
        timezone=zone,
        at_business=not zone,
        service=fields.text(found, "service"),
        location=_place(told, location),
        booked_at=fields.moment(told, "created_at"),
        sequence=_count(told),
    )


def _minutes(told: Mapping[str, Any]) -> int:
    """There is no end: the segments' lengths and the breaks after them, else a whole day, else half an hour."""
    segments = fields.mappings(told, "appointment_segments")
    total = sum(_length(one, "duration_minutes") + _length(one, "intermission_minutes") for one in segments)
    usual = WHOLE_DAY if told.get("all_day") is True else DEFAULT_MINUTES
    return min(total, LONGEST_MINUTES) or usual


def _length(segment: Mapping[str, Any], key: str) -> int:
    value = segment.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return 0
    return min(value, LONGEST_MINUTES)


def _person(customer: Mapping[str, Any]) -> Person:
    both = f"{fields.text(customer, 'given_name')} {fields.text(customer, 'family_name')}".strip()
    return Person(
        name=both[:200] or fields.text(customer, "nickname") or fields.text(customer, "company_name"),
        phone=fields.phone(customer, "phone_number"),
        email=fields.text(customer, "email_address", limit=254),
    )


def _place(told: Mapping[str, Any], location: Mapping[str, Any]) -> str:
    """Where the person goes: nowhere for a visit by phone or at their own place."""
    if fields.text(told, "location_type") in ("PHONE", "CUSTOMER_LOCATION"):
        return ""
    street = fields.text(fields.mapping(location, "address"), "address_line_1")
    return ", ".join(part for part in (fields.text(location, "name"), street) if part)[:200]
