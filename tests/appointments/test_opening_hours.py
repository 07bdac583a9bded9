"""A booking at a time when nobody is there is a case; a move inside ends it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from appointments.inbound import BookingCreated, BookingMoved
from appointments.models import Appointment, ClosedDay, Escalation, Message
from appointments.models.business import weekday_hours
from appointments.services import bookings, reviews, visits
from aro import clock
from compliance.models import Actor
from tests.factories import BusinessFactory, booking

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
TODAY = datetime(2026, 11, 19, 10, tzinfo=NEW_YORK)
INSIDE, NIGHT = datetime(2026, 11, 24, 10, tzinfo=NEW_YORK), datetime(2026, 11, 24, 3, 15, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def thursday() -> Any:
    with time_machine.travel(TODAY, tick=True):
        BusinessFactory.create(hours=weekday_hours())
        yield


def books(starts_at: datetime, **more: Any) -> Appointment:
    news = BookingCreated(booking=booking(starts_at=starts_at, **more), occurred_at=clock.now())
    bookings.created(news, correlation_id=uuid4())
    return Appointment.objects.get()


def moves(starts_at: datetime) -> None:
    news = BookingMoved(
        booking=booking(starts_at=starts_at), occurred_at=clock.now(), previous_external_id=booking().external_id
    )
    bookings.moved(news, correlation_id=uuid4())


def told() -> list[str]:
    found = Escalation.objects.filter(status="open", reason="outside_hours")
    return list(found.values_list("title", flat=True))


@pytest.mark.parametrize("starts_at", [NIGHT, datetime(2026, 11, 28, 12, tzinfo=NEW_YORK)])
def test_a_booking_outside_the_opening_hours_is_a_case_of_low_priority(starts_at: datetime) -> None:
    books(starts_at)
    case = Escalation.objects.get()
    assert (case.reason, case.priority) == ("outside_hours", Escalation.Priority.LOW)
    assert "while you are closed" in case.title
    assert case.next_step


def test_a_booking_on_a_closed_day_is_a_case_that_names_it() -> None:
    ClosedDay.objects.create(day=date(2026, 11, 24), name="Staff day")
    books(INSIDE)
    assert "closed day (Staff day)" in told()[0]


def test_a_booking_inside_the_hours_is_none_even_for_a_call_from_another_zone() -> None:
    books(INSIDE, at_business=False, timezone="Asia/Tokyo")
    assert not told()


def test_the_case_ends_when_the_visit_moves_inside_and_begins_when_it_moves_outside() -> None:
    books(NIGHT)
    moves(INSIDE)
    assert not told()
    moves(NIGHT)
    assert len(told()) == 1


def test_the_case_ends_when_staff_move_the_visit() -> None:
    visit = books(NIGHT)
    visits.move(visit, INSIDE, actor=Actor.ADMIN, actor_id="ada")
    assert not told()


def test_telling_the_same_again_opens_no_second_case() -> None:
    books(NIGHT)
    books(NIGHT)
    assert len(told()) == 1


def test_a_clinic_without_hours_is_told_nothing() -> None:
    BusinessFactory.create().__class__.objects.update(hours={})
    books(NIGHT)
    assert not told()


def test_a_day_is_on_the_list_once() -> None:
    ClosedDay.objects.create(day=date(2026, 12, 25), name="Christmas Day")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedDay.objects.create(day=date(2026, 12, 25), name="Again")


@pytest.mark.parametrize(
    ("status", "field", "hours"), [("held", "held_until", 15), ("delivered", "sent_at", -3), ("held", "held_until", -1)]
)
def test_an_offer_keeps_behind_the_review_request(status: str, field: str, hours: int) -> None:
    visit, now = books(INSIDE), clock.now()
    Message.objects.create(
        appointment=visit,
        customer=visit.customer,
        direction=Message.Direction.OUT,
        kind="review",
        status=status,
        **{field: now + timedelta(hours=hours)},
    )
    at = max(hours, 0) if field == "held_until" else hours
    assert reviews.offer_from(visit, now) == now + timedelta(hours=at + 12)


def test_without_a_review_request_an_offer_waits_for_none() -> None:
    assert reviews.offer_from(books(INSIDE), clock.now()) is None
