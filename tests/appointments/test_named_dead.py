"""A name that says that its person has died: nothing is sent to them, and a case asks."""

from __future__ import annotations

import pytest

from appointments.case_reasons import DECEASED
from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Escalation
from appointments.services import escalations
from appointments.services.booking import bookings
from aro import clock
from aro.ids import new_id
from tests.factories import BusinessFactory, booking

pytestmark = pytest.mark.django_db
PHONE = "+12125550101"


def booked(name: str) -> Appointment:
    news = BookingCreated(
        booking=booking(external_id="v/1", person=Person(name=name, phone=PHONE)), occurred_at=clock.now()
    )
    bookings.created(news, correlation_id=new_id())
    return Appointment.objects.get()


def is_silent(visit: Appointment) -> bool:
    return escalations.is_told_of_death(PHONE, visit, tenant_id=visit.tenant_id)


@pytest.mark.parametrize(
    "name",
    [
        "Bea Ruiz (DECEASED)", "DECEASED", "Deceased - Bea Ruiz", "Estate of Bea Ruiz", "Bea Ruiz, fallecida",
        "Bea Ruiz (passed away)", "Bea Ruiz †", "The Late Bea Ruiz", "Bea Ruiz (R.I.P.)", "RIP Bea Ruiz", "Bea RIP",
        "Bea Ruiz - died 2024", "Bea Ruiz (dec'd)", "Bea Ruiz (murió)", "Bea Ruiz q.e.p.d.", "la difunta Bea Ruiz",
    ],
)  # fmt: skip
def test_nothing_is_sent_and_a_person_looks(name: str) -> None:
    BusinessFactory.create()
    visit = booked(name)
    assert is_silent(visit)
    assert Escalation.objects.get(reason=DECEASED).appointment == visit


@pytest.mark.parametrize(
    "name",
    [
        "Bea Ruiz",
        "Predeceased Ruiz",
        "Family of Leo",
        "Estate Brown",
        "Bea Deceasedo",
        "Rip Torn",
        "Late Bea",
        "RIP TORN",
    ],
)
def test_a_part_of_another_word_says_nothing(name: str) -> None:
    BusinessFactory.create()
    assert not is_silent(booked(name))


def test_a_name_that_is_corrected_to_it_is_told_once_and_not_again_after_staff_settled_it() -> None:
    BusinessFactory.create()
    booked("Bea Ruiz")
    visit = booked("Bea Ruiz (DECEASED)")
    assert is_silent(visit)
    escalations.resolve(Escalation.objects.get(reason=DECEASED), by="staff", resolution="A mistake.")
    assert not is_silent(booked("Bea Ruiz (DECEASED)"))
