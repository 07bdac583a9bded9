"""Moved to the time that the visit has, or within its minute: nobody is told of a move."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from appointments.inbound import BookingCancelled, BookingCreated, BookingMoved
from appointments.models import Appointment
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro import clock
from aro.ids import new_id
from compliance.models import Actor
from tests.factories import BusinessFactory, booking
from tests.workflows.answers.test_readdressed import go_on, texts

pytestmark = pytest.mark.django_db(transaction=True)
S = Appointment.Status
PHONE = "+12025550142"


@pytest.fixture
def at() -> datetime:
    BusinessFactory.create()
    start = (clock.now() + timedelta(days=4)).replace(second=7, microsecond=0)
    tell("booked", start)
    return start


def tell(kind: str, starts_at: datetime, name: str = "1", before: str = "1", moved_to: str = "") -> None:
    what = booking(source="custom", external_id=name, starts_at=starts_at, service=f"as {name}")
    with transaction.atomic():
        if kind == "booked":
            bookings.created(BookingCreated(booking=what, occurred_at=clock.now()), correlation_id=new_id())
        elif kind == "moved":
            moved = BookingMoved(booking=what, previous_external_id=before, occurred_at=clock.now())
            bookings.moved(moved, correlation_id=new_id())
        else:
            half = BookingCancelled(booking=what, occurred_at=clock.now(), moved_to=moved_to)
            bookings.cancelled(half, correlation_id=new_id())
    go_on()


def visit() -> Appointment:
    return Appointment.objects.get()


@pytest.mark.parametrize("kind", ["booked", "moved"])
@pytest.mark.parametrize("seconds", [0, 20, -7])
def test_within_its_minute_it_is_not_moved(at: datetime, kind: str, seconds: int) -> None:
    tell(kind, at + timedelta(seconds=seconds))
    assert texts() == [("confirmation", PHONE)]
    assert (visit().starts_at, visit().moves, visit().status) == (at, 0, S.BOOKED)


def test_a_move_to_another_minute_is_told(at: datetime) -> None:
    tell("moved", at + timedelta(minutes=1))
    assert texts() == [("confirmation", PHONE), ("moved", PHONE)]


def test_a_new_name_at_the_same_time_is_taken_and_a_confirmation_kept(at: datetime) -> None:
    with transaction.atomic():
        visits.confirm(visit(), actor=Actor.USER)
    tell("moved", at, name="2")
    assert (visit().external_id, visit().status, visit().service) == ("2", S.CONFIRMED, "as 2")
    assert texts() == [("confirmation", PHONE)]


@pytest.mark.parametrize("confirmed", [True, False])
def test_two_halves_of_a_move_to_the_same_time_leave_it_as_it_was(at: datetime, confirmed: bool) -> None:  # noqa: FBT001
    if confirmed:
        with transaction.atomic():
            visits.confirm(visit(), actor=Actor.USER)
    tell("cancelled", at, moved_to="2")
    assert visit().status == S.RESCHEDULED
    tell("moved", at, name="2")
    assert (visit().external_id, visit().status) == ("2", S.CONFIRMED if confirmed else S.BOOKED)
    assert (visit().moves, texts()) == (0, [("confirmation", PHONE)])


def test_cancelled_and_then_moved_to_the_same_time_is_booked_again(at: datetime) -> None:
    tell("cancelled", at)
    tell("moved", at)
    assert (visit().status, texts()) == (S.BOOKED, [("confirmation", PHONE)] * 2)
