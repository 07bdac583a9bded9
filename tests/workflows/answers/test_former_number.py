"""A number that was corrected is nobody's: what it writes settles nothing, and it is told nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Customer, Escalation, Message
from appointments.services.person import contacts
from appointments.services.visit import visits
from aro import clock
from compliance import consent, wrong_numbers
from compliance.models import Actor
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.commands import bus, undo
from workflows.models import Undoable
from workflows.replies.acting import postponed

pytestmark = pytest.mark.django_db
FORMER, NOW = "+12125550101", "+12125550102"
FROM_FORMER = {"sender": FORMER}


@pytest.fixture
def visit() -> Appointment:
    """Ana was asked at a number that was corrected since."""
    BusinessFactory.create()
    one: Appointment = AppointmentFactory.create(customer=CustomerFactory.create(name="Ana Diaz", phone=FORMER))
    asked_about(one)
    corrected(one)
    return one


def corrected(one: Appointment, to: str = NOW) -> None:
    contacts.correct_phone(one.customer, to, by="ada")


WORDS = ["C", "yes", "X", "R", "can we do Friday at 3?", "what time is my appointment?", "running late", "see you then"]


@pytest.mark.parametrize("words", WORDS)
def test_the_former_number_settles_nothing_and_is_told_nothing(visit: Appointment, words: str) -> None:
    message = writes(visit, words, **FROM_FORMER)
    assert (status_of(visit), answers_to(message), message.appointment) == ("booked", [], None)
    case = Escalation.objects.get()
    assert (case.reason, case.customer, case.appointment) == ("former_number", visit.customer, None)
    assert case.title == "A patient's former number wrote, and not the one they have now."


def test_nor_after_the_visit_was_moved_as_well(visit: Appointment) -> None:
    visits.move(visit, visit.starts_at + timedelta(days=1), actor=Actor.ADMIN)
    message = writes(visit, "C", **FROM_FORMER)
    assert (status_of(visit), answers_to(message)) == ("booked", [])


def test_nor_when_another_persons_row_has_the_visit_now(visit: Appointment) -> None:
    other = CustomerFactory.create(name="Ana Diaz", phone="+12125550103")
    contacts.hand_over(visit, other)
    message = writes(visit, "C", **FROM_FORMER)
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], ["former_number"])


def test_a_reply_under_the_text_itself_settles_nothing(visit: Appointment) -> None:
    Message.objects.update(provider_id="SM77")
    message = writes(visit, "C", answers="SM77", **FROM_FORMER)
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], ["former_number"])


def test_a_like_under_the_text_settles_nothing(visit: Appointment) -> None:
    body = Message.objects.get().body
    writes(visit, f"Liked “{body}”", **FROM_FORMER)
    assert (status_of(visit), cases()) == ("booked", [])


def test_the_present_number_answers_for_the_visit(visit: Appointment) -> None:
    asked_about(visit)
    message = writes(visit, "C")
    assert (status_of(visit), answers_to(message), cases()) == ("confirmed", ["thank_you"], [])


def test_a_number_that_was_corrected_back_is_theirs_again(visit: Appointment) -> None:
    writes(visit, "X", **FROM_FORMER)
    corrected(visit, FORMER)
    assert cases() == []
    message = writes(visit, "C")
    assert (status_of(visit), answers_to(message)) == ("confirmed", ["thank_you"])


def test_stop_holds_for_the_former_number_alone(visit: Appointment) -> None:
    writes(visit, "STOP", **FROM_FORMER)
    assert consent.is_suppressed(FORMER)
    assert not consent.is_suppressed(NOW)
    assert cases() == []


def test_a_bare_cancel_from_there_is_no_cancellation(visit: Appointment) -> None:
    writes(visit, "CANCEL", **FROM_FORMER)
    assert consent.is_suppressed(FORMER)
    assert cases() == ["former_number"]


def test_who_says_so_late_is_held_and_nobody_need_find_the_number_again(visit: Appointment) -> None:
    writes(visit, "wrong number", **FROM_FORMER)
    assert wrong_numbers.is_held(FORMER)
    assert cases() == []
    writes(visit, "C", **FROM_FORMER)
    assert cases() == ["former_number"]


def test_danger_is_answered_and_a_person_called(visit: Appointment) -> None:
    message = writes(visit, "I have chest pain", **FROM_FORMER)
    assert (answers_to(message), cases()) == (["emergency_answer"], ["emergency"])
    assert Escalation.objects.get().title == "A message from a patient's former number may be about an emergency."
    assert Message.objects.get(key=f"answer:{message.id}").customer is None


def test_a_death_told_from_there_is_the_patients(visit: Appointment) -> None:
    writes(visit, "Ana died on Sunday", **FROM_FORMER)
    assert Escalation.objects.get(reason="deceased").customer == visit.customer


@pytest.fixture
def amy(visit: Appointment) -> Appointment:
    """Somebody else still has the number."""
    one: Appointment = AppointmentFactory.create(
        customer=CustomerFactory.create(name="Amy Diaz", phone=FORMER), starts_at=visit.starts_at + timedelta(days=3)
    )
    return one


def test_who_still_has_the_number_answers_for_themselves(visit: Appointment, amy: Appointment) -> None:
    asked_about(amy, ago=timedelta(minutes=5))
    writes(amy, "C")
    assert (status_of(visit), status_of(amy), cases()) == ("booked", "confirmed", [])


@pytest.mark.parametrize("words", ["C", "X"])
def test_an_answer_to_what_was_asked_of_whoever_has_gone_is_a_persons_to_read(
    visit: Appointment, amy: Appointment, words: str
) -> None:
    asked_about(amy, ago=timedelta(hours=5))
    message = writes(amy, words)
    assert (status_of(visit), status_of(amy), answers_to(message)) == ("booked", "booked", [])
    assert cases() == ["which_visit"]
    assert [*Escalation.objects.get().visits.all()] == [amy]


def test_what_names_one_who_has_the_number_counts(visit: Appointment, amy: Appointment) -> None:
    asked_about(amy, ago=timedelta(hours=5))
    writes(amy, "Amy can't come")
    assert [case.appointment for case in Escalation.objects.filter(reason="cancel_request")] == [amy]


def test_a_text_to_both_is_answered_for_the_one_who_has_the_number(visit: Appointment, amy: Appointment) -> None:
    told = asked_about(visit, ago=timedelta(minutes=1))
    Message.objects.filter(pk=told.pk).update(address=FORMER)
    for one in (visit, amy):
        told.named.create(appointment=one, visit_start=one.starts_at, planned_for=one.starts_at)
    writes(amy, "C")
    assert (status_of(visit), status_of(amy)) == ("booked", "confirmed")


def corrects(one: Appointment, to: str) -> Undoable:
    """At the desk, where it can be taken back for a minute."""
    bus.execute(
        command="customer.correct_phone",
        payload={"customer_id": str(one.customer_id), "phone": to},
        actor=Actor.ADMIN,
        actor_id="ada",
        wait=timedelta(seconds=60),
    )
    return Undoable.objects.get()


def test_what_comes_while_the_correction_can_be_taken_back_waits_for_that(visit: Appointment) -> None:
    corrected(visit, FORMER)
    kept = corrects(visit, NOW)
    message = writes(visit, "C", **FROM_FORMER)
    assert (status_of(visit), cases()) == ("booked", [])
    undo.take_back(kept.id)
    assert postponed.until(message, clock.now()) is None
    assert postponed.waiting_at(FORMER, "default")


def test_who_was_never_texted_there_is_a_stranger_as_before() -> None:
    BusinessFactory.create()
    one = AppointmentFactory.create()
    writes(one, "C", sender="+12125550109")
    assert cases() == ["unclear_reply"]
    assert Customer.objects.count() == 1
