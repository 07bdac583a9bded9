"""Cancelled at the booking system, and booked there again under the same id."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from appointments.inbound import BookingCancelled, BookingCreated, NoShowReported, Person
from appointments.models import Appointment, Deposit, Escalation
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro import clock
from aro.ids import new_id
from aro.queue import tick
from compliance.models import Actor
from tests.factories import BusinessFactory, booking
from tests.workflows.answers.test_readdressed import go_on, texts
from workflows.models import WorkflowInstance

pytestmark = pytest.mark.django_db(transaction=True)
S = Appointment.Status
PHONE = "+12125550101"


@pytest.fixture(autouse=True)
def clinic() -> None:
    BusinessFactory.create(reminder_hours=[48, 24])


def what(days: int = 4, phone: str = PHONE, **more: Any) -> Any:
    at = (clock.now() + timedelta(days=days)).replace(hour=15, minute=0, second=0, microsecond=0)
    return booking(source="custom", external_id="1", person=Person(name="Bea Ruiz", phone=phone), starts_at=at, **more)


def is_told(minutes_ago: float, **more: Any) -> str:
    news = BookingCreated(booking=what(**more), occurred_at=at(minutes_ago))
    outcome = bookings.created(news, correlation_id=new_id()).outcome
    go_on()
    return outcome


def is_cancelled(minutes_ago: float) -> None:
    bookings.cancelled(BookingCancelled(booking=what(), occurred_at=at(minutes_ago)), correlation_id=new_id())
    go_on()


def at(minutes_ago: float) -> Any:
    return clock.now().replace(microsecond=0) - timedelta(minutes=minutes_ago)


def visit() -> Appointment:
    return Appointment.objects.select_related("customer").get()


def test_it_stands_again_and_is_confirmed_and_counted_like_a_new_one() -> None:
    is_told(30)
    is_cancelled(20)
    assert (is_told(10), visit().status, visit().cancelled_at) == ("applied", S.BOOKED, None)
    assert texts() == [("confirmation", PHONE)] * 2
    assert (visit().customer.cancellations, visit().moves) == (0, 0)
    assert visit().history.order_by("-at", "-id")[0].reason == "booked again at the booking system"


def test_as_often_as_it_is_booked_again() -> None:
    for n in range(3):
        is_told(60 - 20 * n)
        is_cancelled(50 - 20 * n)
    assert visit().status == S.CANCELLED
    assert texts() == [("confirmation", PHONE)] * 3


def test_it_may_come_back_at_another_time_and_to_another_number() -> None:
    is_told(30)
    is_cancelled(20)
    is_told(10, days=6, phone="+12125550102")
    assert (visit().status, visit().starts_at, visit().moves) == (S.BOOKED, what(6).starts_at, 0)
    assert texts() == [("confirmation", PHONE), ("confirmation", "+12125550102")]


@pytest.mark.parametrize("minutes_ago", [30, 25, 20.5])
def test_the_first_booking_told_late_or_again_changes_nothing(minutes_ago: float) -> None:
    is_told(30)
    is_cancelled(20)
    assert (is_told(minutes_ago), visit().status) == ("stale", S.CANCELLED)
    assert texts() == [("confirmation", PHONE)]


def test_a_booking_that_comes_after_its_cancellation_does_not_bring_it_back() -> None:
    is_cancelled(20)
    assert (is_told(30), is_told(10), visit().status, texts()) == ("stale", "stale", S.CANCELLED, [])


def test_of_the_same_second_what_comes_later_counts_unless_it_is_the_first_booking() -> None:
    now = at(5)
    for booked_at, expected in ((now, S.CANCELLED), (now - timedelta(seconds=9), S.BOOKED)):
        Appointment.objects.all().delete()
        for news in (
            BookingCreated(booking=what(booked_at=booked_at), occurred_at=booked_at),
            BookingCancelled(booking=what(), occurred_at=now),
            BookingCreated(booking=what(booked_at=booked_at), occurred_at=now),
        ):
            apply = bookings.cancelled if isinstance(news, BookingCancelled) else bookings.created
            apply(news, correlation_id=new_id())  # type: ignore[arg-type]
        assert visit().status == expected


def test_square_tells_an_unmarked_no_show_and_a_booking_accepted_again_at_once() -> None:
    is_told(30)
    is_cancelled(20)
    unmarked = NoShowReported(source="custom", external_id="1", absent=False, occurred_at=at(10))
    bookings.no_show(unmarked, correlation_id=new_id())
    assert (is_told(10), visit().status) == ("applied", S.BOOKED)


def test_what_staff_cancelled_stays_so_and_they_are_told_once() -> None:
    is_told(30)
    visits.cancel(visit(), actor=Actor.ADMIN)
    is_told(10)
    assert visit().status == S.CANCELLED
    assert Escalation.objects.filter(reason="still_booked").count() == 1
    Escalation.objects.update(status="resolved")
    is_told(5)
    assert (visit().status, Escalation.objects.filter(status="open").count()) == (S.CANCELLED, 0)


def test_what_is_past_is_not_booked_again() -> None:
    is_told(30)
    is_cancelled(20)
    assert (is_told(10, days=-1), visit().status) == ("stale", S.CANCELLED)


def test_a_deposit_is_asked_for_anew() -> None:
    BusinessFactory._meta.model.objects.update(deposit_threshold=0)
    is_told(30)
    is_cancelled(20)
    is_told(10)
    assert sorted(Deposit.objects.values_list("status", flat=True)) == ["closed", "requested"]


def test_a_cancellation_and_a_booking_that_are_looked_at_together_leave_it_reminded() -> None:
    is_told(30)
    bookings.cancelled(BookingCancelled(booking=what(), occurred_at=at(20)), correlation_id=new_id())
    bookings.created(BookingCreated(booking=what(), occurred_at=at(10)), correlation_id=new_id())
    tick.drain(["events", "timers"])
    runs = WorkflowInstance.objects.filter(definition="appointment-reminder-sequence").order_by("started_at")
    assert list(runs.values_list("status", flat=True)) == ["cancelled", "waiting"]
