"""Who has said STOP and books all the same: one quiet case per patient, so that somebody calls."""

from __future__ import annotations

import pytest
from django.db import transaction

from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Customer, Escalation
from appointments.services.booking import bookings
from aro import clock
from aro.ids import new_id
from compliance import consent
from compliance.models import Actor, Channel, Purpose
from tests.factories import BusinessFactory, booking
from tests.workflows.phone import cases, writes
from workflows.commands import bus

pytestmark = [pytest.mark.django_db(transaction=True)]
PHONE = "+12025550142"


@pytest.fixture(autouse=True)
def clinic() -> None:
    BusinessFactory.create()


def books(external_id: str, name: str = "Ana Diaz") -> None:
    there = booking(external_id=external_id, person=Person(name=name, phone=PHONE, email="ana@example.com"))
    with transaction.atomic():
        bookings.created(BookingCreated(booking=there, occurred_at=clock.now()), correlation_id=new_id())


def test_a_booking_of_who_said_stop_is_one_case_of_low_priority_per_patient() -> None:
    consent.suppress(PHONE, source="keyword")
    books("1")
    books("2")
    case = Escalation.objects.get()
    assert (case.reason, case.priority, case.times) == ("said_stop", Escalation.Priority.LOW, 2)
    assert f"said STOP on {clock.now():%Y-%m}" in case.title
    assert "Call" in case.next_step
    books("3", name="Tom Diaz")
    assert cases() == ["said_stop", "said_stop"]


def test_who_never_said_stop_is_no_case() -> None:
    books("1")
    assert cases() == []


def test_who_is_reminded_by_e_mail_is_no_case() -> None:
    books("1")
    Customer.objects.update(preferred_channel="email")
    consent.suppress(PHONE, source="keyword")
    books("2")
    assert cases() == []


@pytest.mark.parametrize("by", ["patient", "staff"])
def test_the_case_ends_when_texts_are_wanted_again(by: str) -> None:
    consent.suppress(PHONE, source="keyword")
    books("1")
    if by == "patient":
        writes(Appointment.objects.get(), "START")
    else:
        payload = {"customer_id": str(Customer.objects.get().id), "evidence": "asked at the desk"}
        bus.execute(command="customer.opt_in", payload=payload, actor=Actor.ADMIN, actor_id="ada")
    assert consent.state(PHONE, Channel.SMS, Purpose.CARE) is True
    assert cases() == []
