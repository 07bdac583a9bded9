"""With several visits on one phone, C, X and R answer the text that asked, when only one question is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments.models import Appointment, Customer, Escalation, NamedVisit
from aro import clock
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOOKED = "Bright Dental: your visit is booked. Reply R to reschedule, X if you cannot come."


def at_two(days: int) -> datetime:
    there = (clock.now() + days * DAY).astimezone(ZoneInfo("America/New_York"))
    return there.replace(hour=14, minute=0, second=0, microsecond=0)


def visit_of(person: Customer, days: int) -> Appointment:
    return AppointmentFactory.create(
        customer=person, starts_at=at_two(days), reschedule_url=f"https://clinic.example/move/{days}"
    )


@pytest.fixture
def series() -> tuple[Appointment, Appointment]:
    """Two visits of one person, booked a day ago; the first one's reminder has just asked."""
    BusinessFactory.create()
    ana = CustomerFactory.create(name="Ana Diaz")
    first, second = visit_of(ana, 2), visit_of(ana, 10)
    for one in (first, second):
        asked_about(one, BOOKED, kind="confirmation", ago=20 * HOUR)
    asked_about(first)
    return first, second


Series = tuple[Appointment, Appointment]


def about() -> list[tuple[str, object]]:
    return list(Escalation.objects.values_list("reason", "appointment_id"))


@pytest.mark.parametrize("words", ["C", "Yes", "yes thanks", "Sí", "c. thank you!", "Yes, Ana"])
def test_a_yes_confirms_the_visit_that_the_text_asked_about(series: Series, words: str) -> None:
    first, second = series
    message = writes(first, words)
    assert (status_of(first), status_of(second)) == ("confirmed", "booked")
    assert (answers_to(message), cases()) == (["thank_you"], [])


@pytest.mark.parametrize("words", ["X", "I can't make it", "no puedo ir"])
def test_a_no_is_a_case_of_that_visit(series: Series, words: str) -> None:
    first, _ = series
    writes(first, words)
    assert about() == [("cancel_request", first.id)]


@pytest.mark.parametrize("words", ["R", "I need another time please"])
def test_a_wish_for_another_time_gets_that_visits_link(series: Series, words: str) -> None:
    first, _ = series
    message = writes(first, words)
    assert (answers_to(message), about()) == (["reschedule_link"], [("reschedule_request", first.id)])


def test_the_visits_own_day_confirms_it(series: Series) -> None:
    first, second = series
    writes(first, f"See you {first.starts_at:%A} at 2")
    assert (status_of(first), status_of(second)) == ("confirmed", "booked")


@pytest.mark.parametrize(
    "words", ["can't make the second one", "yes to both", "I can't make the other one", "X to all of them"]
)
def test_words_about_another_visit_or_several_are_not_taken_for_an_answer(series: Series, words: str) -> None:
    first, second = series
    writes(first, words)
    assert {visit for _, visit in about()} <= {None}
    assert status_of(second) == status_of(first)


def test_the_other_visits_day_is_not_taken_for_this_one(series: Series) -> None:
    first, second = series
    writes(first, f"I can't come on {second.starts_at:%B} {second.starts_at.day}")
    assert first.id not in {visit for _, visit in about()}
    assert status_of(first) == "booked"


def test_a_yes_to_two_open_questions_still_asks_which(series: Series) -> None:
    first, second = series
    asked_about(second, ago=5 * HOUR)
    message = writes(first, "C")
    assert (status_of(first), status_of(second)) == ("booked", "booked")
    assert (answers_to(message), cases()) == (["which_visit"], ["which_visit"])


def test_nor_where_another_booking_was_told_of_since(series: Series) -> None:
    first, second = series
    asked_about(second, BOOKED, kind="confirmation", ago=5 * timedelta(minutes=1))
    message = writes(first, "C")
    assert (answers_to(message), cases()) == (["which_visit"], ["which_visit"])


def test_an_answered_question_is_not_open(series: Series) -> None:
    first, second = series
    writes(first, "C")
    asked_about(second, ago=timedelta(0))
    writes(second, "C")
    assert (status_of(first), status_of(second)) == ("confirmed", "confirmed")


@pytest.mark.parametrize("words", ["Amy can't come", "Tom yes, Amy no"])
def test_another_of_the_family_who_is_named_is_not_overheard(words: str) -> None:
    BusinessFactory.create()
    tom, amy = (CustomerFactory.create(name=name, phone="+12025550177") for name in ("Tom Ray", "Amy Ray"))
    first, second = visit_of(tom, 2), visit_of(amy, 3)
    for one in (first, second):
        asked_about(one, BOOKED, kind="confirmation", ago=20 * HOUR)
    asked_about(first)
    writes(first, words)
    assert ("cancel_request", second.id) in about()
    assert first.id not in {visit for _, visit in about()}


def test_one_of_a_family_who_was_asked_in_their_text_counts_as_asked() -> None:
    BusinessFactory.create()
    tom, amy, zoe = (CustomerFactory.create(name=f"{name} Ray", phone="+12025550177") for name in ("Tom", "Amy", "Zoe"))
    first, second, third = visit_of(tom, 2), visit_of(amy, 3), visit_of(zoe, 4)
    told = asked_about(first, ago=20 * HOUR)
    for one in (first, second):
        NamedVisit.objects.create(message=told, appointment=one, visit_start=one.starts_at, planned_for=clock.now())
    writes(first, "Tom yes")
    assert status_of(first) == "confirmed"
    asked_about(third)
    message = writes(third, "C")
    assert (answers_to(message), status_of(third)) == (["which_visit"], "booked")


def test_who_cannot_come_the_first_time_confirms_the_second(series: Series) -> None:
    first, second = series
    writes(first, "X")
    asked_about(second, ago=timedelta(0))
    writes(second, "C")
    assert (status_of(first), status_of(second)) == ("booked", "confirmed")
