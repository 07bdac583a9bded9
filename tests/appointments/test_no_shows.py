"""A no-show that a booking system reports is believed only when the visit has begun and nobody wrote that they came."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from appointments.inbound import BookingCancelled, BookingCreated, BookingMoved, NoShowReported
from appointments.models import Appointment, Customer, Escalation, Message
from appointments.services.booking import bookings
from aro import clock
from aro.errors import ConflictError
from aro.ids import new_id
from aro.queue import tick
from compliance.models import Actor
from tests.factories import BusinessFactory, booking
from tests.workflows.phone import asked_about, cases, status_of, writes
from workflows.commands import bus

pytestmark = [pytest.mark.django_db(transaction=True)]
SOURCE, ID = booking().source, booking().external_id


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=True):
        yield


def tells(news: object) -> str:
    functions = {
        BookingCreated: bookings.created,
        BookingMoved: bookings.moved,
        BookingCancelled: bookings.cancelled,
        NoShowReported: bookings.no_show,
    }
    with transaction.atomic():
        done = functions[type(news)](news, correlation_id=new_id())  # type: ignore[operator]
    tick.drain(["events", "timers"])
    return str(done.outcome)


def missed(external_id: str = ID, **more: object) -> NoShowReported:
    news = {"source": SOURCE, "external_id": external_id, "absent": True, "occurred_at": clock.now(), **more}
    return NoShowReported(**news)  # type: ignore[arg-type]


def moved(starts_at: datetime, external_id: str = ID) -> BookingMoved:
    there = booking(starts_at=starts_at, external_id=external_id)
    return BookingMoved(booking=there, previous_external_id=ID, occurred_at=clock.now())


def cancelled(occurred_at: datetime) -> BookingCancelled:
    return BookingCancelled(booking=booking(), occurred_at=occurred_at, by="customer")


def was_scolded() -> bool:
    return Message.objects.filter(kind="no_show_followup").exists() or Customer.objects.get().no_shows > 0


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    tells(BookingCreated(booking=booking(), occurred_at=clock.now()))
    return Appointment.objects.get()


def test_a_no_show_of_a_visit_that_has_begun_is_believed(visit: Appointment) -> None:
    with at(visit.starts_at + timedelta(minutes=20)):
        assert tells(missed()) == "applied"
        assert (status_of(visit), was_scolded(), cases()) == ("no_show", True, [])


@pytest.mark.parametrize(
    ("before", "opened"),
    [(timedelta(hours=28), ["no_show_early"]), (timedelta(minutes=1), ["no_show_early", "not_reminded"])],
)
def test_a_no_show_of_a_visit_that_has_not_begun_is_a_case(
    visit: Appointment, before: timedelta, opened: list[str]
) -> None:
    """A minute before, ARO was away for both reminders, too."""
    with at(visit.starts_at - before):
        assert [tells(missed()), tells(missed())] == ["ignored", "ignored"]
        assert (status_of(visit), was_scolded(), cases()) == ("booked", False, opened)


def test_a_no_show_of_a_visit_that_was_not_heard_of_and_has_not_begun_leaves_it_booked() -> None:
    BusinessFactory.create()
    assert tells(missed(booking=booking())) == "ignored"
    assert (status_of(Appointment.objects.get()), was_scolded(), cases()) == ("booked", False, ["no_show_early"])


@pytest.mark.parametrize("external_id", [ID, "https://x/invitees/next"])
def test_a_no_show_of_the_former_day_after_a_move_does_not_touch_the_new_one(
    visit: Appointment, external_id: str
) -> None:
    tells(moved(visit.starts_at + timedelta(days=1), external_id))
    with at(visit.starts_at + timedelta(minutes=20)):
        assert tells(missed()) in ("ignored", "stale")
        assert (status_of(visit), was_scolded()) == ("booked", False)


def test_a_no_show_of_the_former_day_that_is_told_late_does_not_touch_the_new_one(visit: Appointment) -> None:
    former_day = visit.starts_at + timedelta(minutes=20)
    tells(moved(visit.starts_at + timedelta(days=1)))
    with at(visit.starts_at + timedelta(days=1, minutes=30)):
        assert tells(missed(occurred_at=former_day)) == "ignored"
        assert (status_of(visit), was_scolded()) == ("booked", False)


def test_a_no_show_while_the_visit_is_being_moved_is_for_a_person(visit: Appointment) -> None:
    half = BookingCancelled(booking=booking(), occurred_at=clock.now(), moved_to="to be chosen")
    tells(half)
    with at(visit.starts_at + timedelta(minutes=20)):
        tells(missed())
        assert (status_of(visit), was_scolded(), cases()) == ("rescheduled", False, ["past_no_outcome"])


def test_what_was_reported_too_early_is_asked_about_when_the_visit_is_over(visit: Appointment) -> None:
    tells(missed())
    with at(visit.starts_at + timedelta(hours=4)):
        tick.drain(["sweeps", "events", "timers"])
        assert (status_of(visit), cases()) == ("booked", ["past_no_outcome"])


def test_who_says_that_they_come_has_answered_the_early_no_show(visit: Appointment) -> None:
    tells(missed())
    asked_about(visit)
    writes(visit, "C")
    assert (status_of(visit), cases()) == ("confirmed", [])


def test_a_cancelled_visit_stays_cancelled(visit: Appointment) -> None:
    tells(cancelled(clock.now()))
    with at(visit.starts_at + timedelta(minutes=20)):
        assert tells(missed()) == "ignored"
        assert (status_of(visit), was_scolded()) == ("cancelled", False)


def test_a_cancellation_that_is_told_after_the_no_show_it_came_before_takes_it_back(visit: Appointment) -> None:
    called_off = clock.now()
    with at(visit.starts_at + timedelta(minutes=20)):
        tells(missed())
        assert tells(cancelled(called_off)) == "applied"
        assert status_of(visit) == "cancelled"
        person = Customer.objects.get()
        assert (person.no_shows, person.cancellations) == (0, 1)


def test_who_did_not_come_did_not_cancel_by_being_taken_off_the_calendar(visit: Appointment) -> None:
    with at(visit.starts_at + timedelta(minutes=20)):
        tells(missed())
        assert tells(cancelled(clock.now())) == "ignored"
        assert status_of(visit) == "no_show"


@pytest.mark.parametrize("text", ["I'm here in the waiting room, nobody is at the desk", "Which door do I go in?"])
def test_a_no_show_of_somebody_who_writes_from_the_waiting_room_is_for_a_person(visit: Appointment, text: str) -> None:
    asked_about(visit)
    with at(visit.starts_at + timedelta(minutes=4)):
        writes(visit, text)
        wrote = cases()
    with at(visit.starts_at + timedelta(minutes=25)):
        assert tells(missed()) == "ignored"
        assert (status_of(visit), was_scolded()) == ("booked", False)
        assert cases() == sorted([*wrote, "past_no_outcome"])
        assert "wrote" in Escalation.objects.get(reason="past_no_outcome").title


def test_what_was_written_days_before_does_not_contradict_a_no_show(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "Is there parking?")
    with at(visit.starts_at + timedelta(minutes=25)):
        tells(missed())
        assert status_of(visit) == "no_show"


@pytest.mark.parametrize(("arrived", "ends"), [(False, "booked"), (True, "completed")])
def test_staff_complete_a_visit_before_its_time_only_when_the_patient_is_there(
    visit: Appointment,
    arrived: bool,  # noqa: FBT001
    ends: str,
) -> None:
    if arrived:
        does("appointment.start", visit)
        does("appointment.complete", visit)
    else:
        with pytest.raises(ConflictError, match="not begun"):
            does("appointment.complete", visit)
    assert status_of(visit) == ends


def does(command: str, visit: Appointment) -> None:
    bus.execute(command=command, payload={"appointment_id": str(visit.id)}, actor=Actor.ADMIN, actor_id="ada")
