"""What is written while a visit is on is about that visit, and not about the next one of this phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from appointments.models import Appointment, Escalation, Message, StatusChange
from aro import clock
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.family import PHONE
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows import past_visits

pytestmark = pytest.mark.django_db
# A Tuesday morning, 10:10 in New York.
TEN_PAST = datetime(2026, 12, 1, 15, 10, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Two = tuple[Appointment, Appointment]


@pytest.fixture(autouse=True)
def _in_the_morning() -> Iterator[None]:
    with time_machine.travel(TEN_PAST, tick=True):
        yield


def two(first: str = "Ana Diaz", second: str = "Ana Diaz", *, ago: timedelta = 10 * MINUTE) -> Two:
    """A visit that began so long ago, and another one next week; both were asked about before."""
    BusinessFactory.create()
    now = clock.now()
    ana = CustomerFactory.create(name=first, phone=PHONE)
    other = ana if second == first else CustomerFactory.create(name=second, phone=PHONE)
    visits = [
        AppointmentFactory.create(
            customer=who, starts_at=at, booked_at=now - 9 * DAY, reschedule_url="https://clinic.example/m"
        )
        for who, at in ((ana, now - ago), (other, now + 7 * DAY + 4 * HOUR))
    ]
    asked_about(visits[0], ago=2 * DAY)
    asked_about(visits[1], ago=20 * HOUR)
    return visits[0], visits[1]


def about() -> set[UUID]:
    """The visits that any case is about."""
    own = Escalation.objects.values_list("appointment", flat=True)
    return {*own, *Escalation.objects.values_list("visits", flat=True)} - {None}


WORDS = [
    "X",
    "R",
    "C",
    "running 20 late",
    "I'm outside, door is locked",
    "flat tire, not going to make it",
    "can't make it today, Tom is sick",
    "I overslept so sorry",
    "I was there at 10 but nobody was there",
    "can we do another day instead",
    "no voy a poder llegar",
    "perdón, no pude llegar hoy en la mañana",
    "I have chest pain",
]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("names", [("Ana Diaz", "Ana Diaz"), ("Tom Ray", "Amy Ray")])
def test_it_is_about_the_visit_that_has_begun(names: tuple[str, str], words: str) -> None:
    first, second = two(*names)
    message = writes(first, words)
    assert about() == {first.id}
    assert (status_of(second), message.appointment_id) == ("booked", first.id)
    assert not {"reschedule_link", "which_visit", "thank_you"} & set(answers_to(message))


@pytest.mark.parametrize("words", WORDS)
def test_the_next_one_is_not_in_question_by_it_and_this_one_is_not_thanked_for(words: str) -> None:
    first, second = two()
    writes(first, words)
    with time_machine.travel(clock.now() + 4 * HOUR, tick=True):
        past_visits._look_at(first, clock.now(), past_visits._doubtful([first, second]))
    assert status_of(first) == "booked"
    second.refresh_from_db()
    assert second.last_reply_label == ""


@pytest.mark.parametrize(("words", "status"), [("C", "confirmed"), ("X", "booked"), ("R", "booked")])
def test_what_was_asked_since_about_the_next_one_is_answered(words: str, status: str) -> None:
    first, second = two()
    asked_about(second, ago=2 * MINUTE)
    writes(first, words)
    assert status_of(second) == status
    assert about() <= {second.id}


def test_but_who_is_late_speaks_of_the_one_that_is_on() -> None:
    first, second = two()
    asked_about(second, ago=2 * MINUTE)
    writes(first, "stuck in traffic, the door is locked")
    assert about() == {first.id}


@pytest.mark.parametrize("words", ["Amy can't come next week", "I can't make the next appointment"])
def test_what_names_the_other_one_is_about_it(words: str) -> None:
    first, second = two("Tom Ray", "Amy Ray")
    writes(first, words)
    assert about() == {second.id}


def test_the_other_ones_day_is_about_it() -> None:
    first, second = two()
    writes(first, f"I can't come on {second.starts_at:%B} {second.starts_at.day}")
    assert about() == {second.id}


@pytest.mark.parametrize("words", ["running 20 late", "flat tire, can't make it", "X"])
def test_a_visit_that_is_about_to_begin_counts_too(words: str) -> None:
    first, second = two(ago=-20 * MINUTE)
    writes(first, words)
    assert about() == {first.id}


def test_before_it_has_begun_a_yes_still_confirms_it() -> None:
    first, second = two(ago=-20 * MINUTE)
    Message.objects.filter(appointment=second).delete()
    writes(first, "C")
    assert (status_of(first), status_of(second)) == ("confirmed", "booked")


@pytest.mark.parametrize("words", ["X", "R", "can't come"])
def test_a_visit_that_is_surely_over_is_out_of_question(words: str) -> None:
    first, second = two(ago=5 * HOUR)
    Appointment.objects.filter(pk=first.pk).update(status="completed")
    writes(first, words)
    assert about() == {second.id}


@pytest.mark.parametrize("words", ["so sorry I couldn't make it this morning", "I overslept", "no pude ir, perdón"])
@pytest.mark.parametrize("status", ["completed", "no_show", "booked"])
def test_unless_they_write_that_they_missed_it(words: str, status: str) -> None:
    first, second = two(ago=5 * HOUR)
    Appointment.objects.filter(pk=first.pk).update(status=status, completed_at=clock.now() - HOUR)
    writes(first, words)
    assert about() == {first.id}
    if status == "completed":
        past_visits._look_at(Appointment.objects.get(pk=first.pk), clock.now(), set())
        assert cases() == ["past_no_outcome"]
        assert StatusChange.objects.filter(appointment=first, after="booked").exists()


def test_two_that_are_on_at_once_stay_two() -> None:
    first, second = two("Tom Ray", "Amy Ray")
    Appointment.objects.filter(pk=second.pk).update(starts_at=clock.now() + 20 * MINUTE)
    writes(first, "running 20 late")
    assert about() == {first.id, second.id}
    writes(first, "Tom can't make it")
    assert [*Escalation.objects.filter(reason="cancel_request").values_list("appointment_id", flat=True)] == [first.id]


@pytest.mark.parametrize("words", ["C", "yes all three"])
def test_a_yes_for_a_family_confirms_nobody_who_should_be_there(words: str) -> None:
    first, second = two("Tom Ray", "Amy Ray")
    Appointment.objects.filter(pk=second.pk).update(starts_at=clock.now() + 20 * MINUTE)
    message = writes(first, words)
    assert (status_of(first), status_of(second)) == ("booked", "booked")
    assert answers_to(message) == []
