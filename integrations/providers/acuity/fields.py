"""Reads an appointment of Acuity's API v1 as a booking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from appointments.inbound import Booking, Person
from integrations.providers.shared import fields, phone_answers
from integrations.providers.shared.base import MalformedError

SOURCE = "acuity"
DEFAULT_MINUTES = 30
LONGEST_MINUTES = 14 * 24 * 60
HIGHEST_PRICE = Decimal(1_000_000)


def booking(row: Mapping[str, Any], phone_question: str) -> Booking:
    """Raises `MalformedError` when there is no id or no time.

    `timezone` is where the client's browser was; the visit takes place by the clocks of its calendar. Without a zone
    that is known, it takes place by the business's.
    """
    place = fields.zone(row, "calendarTimezone")
    page = fields.url(row, "confirmationPage")
    return Booking(
        source=SOURCE,
        external_id=identifier(row),
        starts_at=fields.required_moment(row, "datetime"),
        duration_minutes=_minutes(row.get("duration")),
        person=_person(row, phone_question),
        timezone=place,
        at_business=not place,
        service=fields.text(row, "type"),
        service_cost=_price(row.get("price")),
        staff_member=fields.text(row, "calendar", limit=120),
        location=fields.text(row, "location"),
        booked_at=fields.moment(row, "datetimeCreated"),
        reschedule_url=page if row.get("canClientReschedule") is True else "",
        cancel_url=page if row.get("canClientCancel") is True else "",
    )


def identifier(row: Mapping[str, Any]) -> str:
    """The number that stays the same when the visit is moved. Raises `MalformedError`."""
    number = row.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 10**20:
        raise MalformedError("id is missing or not a number")
    return str(number)


def _minutes(value: object) -> int:
    """`duration` is text: "60"."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    usable = text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0
    return min(int(text), LONGEST_MINUTES) if usable else DEFAULT_MINUTES


def _price(value: object) -> Decimal:
    """`price` is text: "10.00"; nothing usable is nothing."""
    try:
        price = Decimal(value) if isinstance(value, str) and len(value) < 20 else Decimal(0)
    except InvalidOperation:
        return Decimal("0.00")
    return price.quantize(Decimal("0.01")) if price.is_finite() and 0 <= price < HIGHEST_PRICE else Decimal("0.00")


def _person(row: Mapping[str, Any], phone_question: str) -> Person:
    """The phone is as the client typed it, else an answer on an intake form; of the forms nothing else is read."""
    return Person(
        name=f"{fields.text(row, 'firstName')} {fields.text(row, 'lastName')}".strip()[:200],
        phone=_phone(row, phone_question),
        email=fields.text(row, "email", limit=254),
        timezone=fields.zone(row, "timezone"),
    )


def _phone(row: Mapping[str, Any], phone_question: str) -> str:
    typed = fields.phone(row, "phone")
    return typed if phone_answers.has_digits(typed) else phone_answers.first(_answers(row), phone_question) or typed


def _answers(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for form in fields.mappings(row, "forms"):
        for one in fields.mappings(form, "values"):
            yield fields.text(one, "name"), fields.phone(one, "value")
