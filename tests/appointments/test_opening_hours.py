"""A booking at a time when nobody is there is a case; a move inside ends it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from appointments.desk.screens import family_links
from appointments.inbound import BookingCreated, BookingMoved
from appointments.models import Appointment, Business, ClosedDay, Escalation, Message
from appointments.models.business import weekday_hours
from appointments.services import escalations
from appointments.services.booking import bookings
from appointments.services.visit import closed_visits, offers, visits
from aro import clock
from aro.queue import tick
from compliance.models import Actor
from tests.factories import AppointmentFactory, BusinessFactory, booking

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
    assert offers.welcome_from(offer(visit), [], now) == now + timedelta(hours=at + 12)


def offer(visit: Appointment) -> Message:
    return Message(appointment=visit, customer=visit.customer, kind="rebooking")


def test_without_a_review_request_an_offer_waits_for_none() -> None:
    assert offers.welcome_from(offer(books(INSIDE)), [], clock.now()) is None


def closed_cases() -> list[Escalation]:
    return list(Escalation.objects.filter(status="open", reason="closed_day"))


def day_off(day: date = date(2026, 11, 24)) -> ClosedDay:
    row = ClosedDay.objects.create(day=day, name="Staff day")
    closed_visits.look(Business.objects.get())
    return row


def test_a_day_closed_after_visits_were_booked_is_one_case_with_all_of_them() -> None:
    first = books(INSIDE)
    second = AppointmentFactory.create(starts_at=INSIDE + timedelta(hours=2))
    AppointmentFactory.create(starts_at=INSIDE + timedelta(days=1))
    day_off()
    (case,) = closed_cases()
    assert case.title.startswith("2 visits are booked while you are closed. Tuesday, 24 November 2026 is a closed day")
    assert set(case.visits.all()) == {first, second}
    assert told() == []


def test_its_case_says_how_many_are_left_and_lists_only_those() -> None:
    first = books(INSIDE)
    second = AppointmentFactory.create(starts_at=INSIDE + timedelta(hours=2))
    day_off()
    visits.cancel(first, actor=Actor.ADMIN)
    (case,) = closed_cases()
    assert case.title.startswith("1 visit is booked while you are closed. Tuesday, 24 November 2026 is a closed day")
    assert f"/{second.pk}/" in family_links(case)
    assert f"/{first.pk}/" not in family_links(case)


def test_looking_twice_or_after_a_person_settled_it_says_nothing_new() -> None:
    books(INSIDE)
    day_off()
    closed_visits.look(Business.objects.get())
    (case,) = closed_cases()
    assert case.times == 1
    escalations.resolve(case, by="ada")
    closed_visits.look(Business.objects.get())
    assert closed_cases() == []


def test_hours_that_were_narrowed_are_told_by_day_too() -> None:
    books(INSIDE)
    business = Business.objects.get()
    business.hours["1"] = {"open": "13:00", "close": "17:00"}
    business.save()
    closed_visits.look(business)
    (case,) = closed_cases()
    assert "you are open from 13:00 to 17:00 then" in case.title


def test_it_ends_with_the_last_of_its_visits_or_when_the_day_is_open_again() -> None:
    visit = books(INSIDE)
    day_off()
    visits.cancel(visit, actor=Actor.ADMIN, patient_knows=True)
    assert closed_cases() == []
    AppointmentFactory.create(starts_at=INSIDE + timedelta(hours=1))
    closed_visits.look(Business.objects.get())
    assert len(closed_cases()) == 1
    ClosedDay.objects.all().delete()
    closed_visits.look(Business.objects.get())
    assert closed_cases() == []


def test_nobody_is_thanked_by_itself_for_a_day_on_which_nobody_was_there() -> None:
    visit = books(INSIDE)
    day_off()
    assert after(visit) == (Appointment.Status.BOOKED, ["past_no_outcome"])
    assert Escalation.objects.get(reason="past_no_outcome").title == (
        "Past, no outcome: it was on a day on which you are closed."
    )


def test_a_person_who_closed_the_case_says_that_somebody_was_there() -> None:
    visit = books(INSIDE)
    day_off()
    escalations.resolve(closed_cases()[0], by="ada")
    assert after(visit) == (Appointment.Status.COMPLETED, [])


def after(visit: Appointment) -> tuple[str, list[str]]:
    """What has become of it three hours after its time, and the open cases."""
    with time_machine.travel(visit.starts_at + timedelta(hours=4), tick=True):
        tick.drain(["sweeps"])
    cases = Escalation.objects.filter(status="open").values_list("reason", flat=True)
    return Appointment.objects.get(pk=visit.pk).status, sorted(cases)
