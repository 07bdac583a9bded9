"""Rows for tests, valid by every constraint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from appointments.inbound import Booking, Person
from appointments.models import Appointment, Business, Customer
from aro import clock

# Most tests are about other things than the hour at which they happen to run.
ALWAYS_OPEN: dict[str, Any] = {str(day): {"open": "00:00", "close": "24:00", "closed": False} for day in range(7)}


class BusinessFactory(DjangoModelFactory[Business]):
    class Meta:
        model = Business
        django_get_or_create = ("tenant_id",)

    tenant_id = "default"
    name = "Bright Dental"
    phone = "+12025550100"
    booking_url = "https://book.example.com/bright"
    google_place_id = "ChIJN1t_tDeuEmsRUsoyG83frY4"
    booking_consent_marketing = True
    hours = factory.LazyFunction(lambda: dict(ALWAYS_OPEN))  # type: ignore[no-untyped-call]


class CustomerFactory(DjangoModelFactory[Customer]):
    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Ana Diaz {chr(65 + n % 26)}")  # type: ignore[no-untyped-call]
    phone = factory.Sequence(lambda n: f"+1202555{n % 10_000:04d}")  # type: ignore[no-untyped-call]


class AppointmentFactory(DjangoModelFactory[Appointment]):
    class Meta:
        model = Appointment

    source = "calendly"
    external_id = factory.Sequence(lambda n: f"https://api.example.com/invitees/{n}")  # type: ignore[no-untyped-call]
    customer = factory.SubFactory(CustomerFactory)  # type: ignore[no-untyped-call]
    timezone = "America/New_York"
    starts_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=4))  # type: ignore[no-untyped-call]


def booking(**changes: Any) -> Booking:
    """A booking four days ahead by Ana, with a phone."""
    values: dict[str, Any] = {
        "source": "calendly",
        "external_id": "https://api.example.com/invitees/ana",
        "starts_at": clock.now() + timedelta(days=4),
        "duration_minutes": 30,
        "person": Person(name="Ana Diaz", phone="+12025550142", timezone="America/New_York"),
        "timezone": "America/New_York",
        "service": "Checkup",
    }
    return Booking(**{**values, **changes})
