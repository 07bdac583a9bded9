"""The clock by which a visit is told is corrected, and the moment stays: the next text says the right hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from appointments.inbound import BookingCreated, BookingMoved, Person
from appointments.models import Appointment, Business
from appointments.services.booking import bookings
from aro import clock
from aro.ids import new_id
from compliance.models import Event
from tests.factories import BusinessFactory, booking
from tests.workflows.phone import asked_about

pytestmark = pytest.mark.django_db
HERE, THERE, SAME_HOUR = "America/New_York", "America/Chicago", "America/Detroit"
PHONE = "+12125550101"


@pytest.fixture(autouse=True)
def clinic() -> Business:
    return BusinessFactory.create(timezone=HERE)


def start() -> datetime:
    return (clock.now() + timedelta(days=4)).replace(hour=19, minute=9, second=0, microsecond=0)


def news(*, at_business: bool, zone: str = "", persons: str = "") -> Any:
    person = Person(name="Bea Ruiz", phone=PHONE, timezone=persons)
    return booking(
        source="custom", external_id="video-1", starts_at=start(), person=person, at_business=at_business, timezone=zone
    )


def booked(**said: Any) -> Appointment:
    bookings.created(BookingCreated(booking=news(**said), occurred_at=clock.now()), correlation_id=new_id())
    return Appointment.objects.select_related("customer").get()


def moved_to_the_same_time(**said: Any) -> Appointment:
    same = BookingMoved(booking=news(**said), previous_external_id="video-1", occurred_at=clock.now())
    bookings.moved(same, correlation_id=new_id())
    return Appointment.objects.get()


def retold() -> int:
    return Event.objects.filter(type="appointment.rescheduled").count()


@pytest.mark.parametrize("tell", [booked, moved_to_the_same_time])
def test_a_corrected_zone_is_taken_and_nobody_who_knows_no_hour_is_told_of_a_move(tell: Any) -> None:
    booked(at_business=False, zone=HERE)
    visit = tell(at_business=False, zone=THERE)
    assert (visit.timezone, visit.starts_at, visit.moves, retold()) == (THERE, start(), 0, 0)


@pytest.mark.parametrize("tell", [booked, moved_to_the_same_time])
@pytest.mark.parametrize("status", ["booked", "confirmed"])
def test_who_knows_it_by_another_hour_is_told_and_asked_anew(tell: Any, status: str) -> None:
    asked_about(booked(at_business=False, zone=HERE), kind="confirmation")
    Appointment.objects.update(status=status, confirmation_received=status == "confirmed")
    visit = tell(at_business=False, zone=THERE)
    assert (visit.timezone, visit.starts_at, visit.status, retold()) == (THERE, start(), "booked", 1)
    assert not visit.confirmation_received
    tell(at_business=False, zone=THERE)
    assert retold() == 1


def test_a_zone_with_the_same_hour_is_taken_without_a_text() -> None:
    asked_about(booked(at_business=False, zone=HERE), kind="confirmation")
    visit = booked(at_business=False, zone=SAME_HOUR)
    assert (visit.timezone, retold()) == (SAME_HOUR, 0)


@pytest.mark.parametrize("knows", [True, False])
def test_a_video_visit_that_takes_place_at_the_clinic_after_all_is_told_by_its_clock(knows: bool) -> None:
    visit = booked(at_business=False, zone=THERE)
    if knows:
        asked_about(visit, kind="confirmation")
    assert booked(at_business=True).timezone == HERE
    assert retold() == int(knows)
    assert booked(at_business=False, zone=THERE).timezone == THERE


@pytest.mark.parametrize("said", [{"zone": THERE}, {"persons": THERE}, {"zone": THERE, "persons": THERE}])
def test_the_person_is_known_by_the_corrected_clock_too(said: dict[str, str]) -> None:
    booked(at_business=False, zone=HERE, persons=HERE)
    visit = booked(at_business=False, **said)
    assert (visit.timezone, visit.customer.timezone) == (THERE, THERE)


def test_what_is_left_out_corrects_nothing() -> None:
    booked(at_business=False, zone=THERE)
    assert booked(at_business=False).timezone == THERE


def test_what_is_only_said_again_does_not_undo_what_staff_chose(clinic: Business) -> None:
    booked(at_business=True)
    Business.objects.update(timezone=THERE)
    assert booked(at_business=True).timezone == HERE
