"""A visit to come is moved to a time that is over: nobody is thanked, and a person hears whom to expect when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from appointments.case_reasons import MOVED_INTO_PAST
from appointments.inbound import BookingCancelled, BookingCreated, BookingMoved
from appointments.models import Appointment, Escalation, Message
from appointments.services import escalations
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro import clock
from aro.desk.show import day_and_time
from aro.ids import new_id
from aro.queue import tick
from compliance.models import Actor
from tests.factories import BusinessFactory, booking
from tests.workflows.phone import asked_about, cases
from workflows.commands import bus

pytestmark = [pytest.mark.django_db(transaction=True)]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LANES = ["events", "timers", "sweeps"]


def works() -> None:
    for _ in range(3):
        tick.drain(LANES)


def booked(starts_at: datetime) -> Appointment:
    BusinessFactory.create()
    news = BookingCreated(
        booking=booking(starts_at=starts_at, booked_at=clock.now() - 5 * DAY), occurred_at=clock.now()
    )
    with transaction.atomic():
        bookings.created(news, correlation_id=new_id())
    return Appointment.objects.get()


def moved(visit: Appointment, starts_at: datetime) -> Appointment:
    news = BookingMoved(booking=booking(starts_at=starts_at), previous_external_id="", occurred_at=clock.now())
    with transaction.atomic():
        bookings.moved(news, correlation_id=new_id())
    works()
    visit.refresh_from_db()
    return visit


def does(command: str, visit: Appointment) -> None:
    payload = {"appointment_id": str(visit.id)}
    bus.execute(command=command, payload=payload, actor=Actor.ADMIN, actor_id="ada")
    works()
    visit.refresh_from_db()


def thanks() -> list[str]:
    return list(Message.objects.filter(kind__in=["review", "rebooking"]).values_list("kind", flat=True))


@pytest.fixture
def visit() -> Appointment:
    """In four days, and a reminder of it has gone out."""
    found = booked(clock.now() + 4 * DAY)
    asked_about(found)
    return found


@pytest.mark.parametrize("back", [timedelta(minutes=10), 20 * HOUR, 7 * DAY])
def test_nobody_is_thanked_and_a_person_hears_when_the_patient_comes(visit: Appointment, back: timedelta) -> None:
    known = visit.starts_at
    moved(visit, clock.now() - back)
    assert (visit.status, thanks(), cases()) == ("booked", [], [MOVED_INTO_PAST])
    case = Escalation.objects.get()
    assert day_and_time(known, visit.timezone) in case.title
    assert case.priority == escalations.HIGH


def test_who_was_there_after_all_is_said_to_have_come(visit: Appointment) -> None:
    moved(visit, clock.now() - 20 * HOUR)
    does("appointment.complete", visit)
    assert (visit.status, cases()) == ("completed", [])


def test_moved_back_the_case_is_over(visit: Appointment) -> None:
    known = visit.starts_at
    moved(visit, clock.now() - 20 * HOUR)
    moved(visit, known)
    assert (visit.status, visit.starts_at, cases()) == ("booked", known, [])


def test_closing_the_case_without_a_word_completes_nothing(visit: Appointment) -> None:
    moved(visit, clock.now() - 20 * HOUR)
    escalations.resolve(Escalation.objects.get(), by="ada")
    visits.watch_for_end(visit)
    works()
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_cancelled_then_the_patient_who_still_counts_on_it_is_told(visit: Appointment) -> None:
    known = visit.starts_at
    moved(visit, clock.now() - 20 * HOUR)
    with transaction.atomic():
        news = BookingCancelled(booking=booking(), occurred_at=clock.now(), by="business")
        bookings.cancelled(news, correlation_id=new_id())
    assert cases() == ["cancelled_untold"]
    assert day_and_time(known, visit.timezone) in Escalation.objects.get(status="open").title


@pytest.mark.parametrize("status", ["completed", "no_show", "cancelled"])
def test_of_a_visit_that_is_over_only_the_time_is_corrected(status: str) -> None:
    visit = booked(clock.now() - DAY)
    does(
        {"completed": "appointment.complete", "cancelled": "appointment.cancel"}.get(status, "appointment.no_show"),
        visit,
    )
    told = Message.objects.count()
    moved(visit, visit.starts_at - 3 * HOUR)
    assert (visit.status, visit.moves, cases(), Message.objects.count()) == (status, 0, [], told)


def test_what_is_asked_about_a_visit_that_is_over_is_still_asked_after_its_time_was_corrected() -> None:
    visit = booked(clock.now() - 5 * HOUR)
    escalations.escalate(key="c", reason="cancel_request", appointment=visit)
    works()
    assert cases() == ["past_no_outcome"]
    moved(visit, visit.starts_at - 3 * HOUR)
    assert (visit.status, cases()) == ("booked", ["past_no_outcome"])
