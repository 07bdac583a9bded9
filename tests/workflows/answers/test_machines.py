"""Machines that answer, and how often a phone is answered at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Escalation, Message
from compliance.models import Event
from tests.factories import AppointmentFactory, BusinessFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


def in_minutes(minutes: float) -> None:
    """What has been written until now was written so long ago."""
    for message in Message.objects.all():
        message.created_at -= timedelta(minutes=minutes)
        message.sent_at = message.sent_at and message.sent_at - timedelta(minutes=minutes)
        message.save(update_fields=["created_at", "sent_at"])


AUTOMATIC = (
    "Can't talk right now. What's up?",
    "I'm driving with Driving Focus turned on. I'll see your message when I get where I'm going.",
    "Automatic reply: I am out of the office until Monday.",
    "This number does not accept text messages.",
    "Message could not be delivered.",
    "Thank you for contacting Smile Dental. Our office is closed. If this is an emergency, call 911.",
    "Gracias por comunicarse con nosotros. Si es una emergencia llame al 911.",
    "Thanks for contacting Joe's Plumbing! We'll get back to you shortly.",
    "Respuesta automática: estoy conduciendo.",
    "I am currently on vacation until Dec 10 with no access to phone.",
    "I am observing Shabbat and will reply Saturday night",
    "Thank you for texting Lakeside Pediatrics. If this is an emergency, call 911.",
    "En este momento no puedo atenderle, gracias por comunicarse con nosotros.",
)


@pytest.mark.parametrize("text", AUTOMATIC)
def test_a_machine_is_not_answered_and_staff_see_one_case(visit: Appointment, text: str) -> None:
    asked_about(visit)
    for _ in range(10):
        assert answers_to(writes(visit, text)) == []
    assert cases() == ["machine"]
    assert Escalation.objects.get().times == 10


def test_danger_in_a_text_that_a_machine_may_have_sent_is_still_danger(visit: Appointment) -> None:
    writes(visit, "Automatic reply: I have chest pain and can't breathe")
    assert cases() == ["emergency"]


def test_a_machine_has_not_answered_our_question(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, AUTOMATIC[0])
    visit.refresh_from_db()
    assert (visit.status, visit.last_reply_label) == ("booked", "")
    assert not Event.objects.filter(type="response.classified").exists()


def test_a_case_about_a_machine_that_was_settled_does_not_come_again_that_day(visit: Appointment) -> None:
    writes(visit, AUTOMATIC[0])
    Escalation.objects.update(status="resolved")
    writes(visit, AUTOMATIC[0])
    assert cases() == []


def test_the_same_text_a_third_time_comes_from_a_machine(visit: Appointment) -> None:
    asked_about(visit)
    text = "Yes this is the answering service speaking"
    writes(visit, text)
    writes(visit, text)
    assert cases() != ["machine"]
    assert answers_to(writes(visit, text)) == []
    assert "machine" in cases()


def test_the_same_text_at_once_after_each_of_ours_comes_from_a_machine(visit: Appointment) -> None:
    asked_about(visit, ago=timedelta(seconds=3))
    writes(visit, "Roger that good buddy over")
    in_minutes(30)
    asked_about(visit, ago=timedelta(seconds=3))
    writes(visit, "Roger that good buddy over")
    assert "machine" in cases()


def test_whoever_confirms_three_visits_with_the_same_letter_is_no_machine(visit: Appointment) -> None:
    for _ in range(3):
        other = AppointmentFactory.create(customer=visit.customer)
        asked_about(other, ago=timedelta(seconds=2))
        Appointment.objects.exclude(pk=other.pk).update(status="cancelled")
        writes(visit, "C")
        assert status_of(other) == "confirmed"
        in_minutes(11)


def test_the_same_answer_comes_once_in_ten_minutes(visit: Appointment) -> None:
    assert answers_to(writes(visit, "where do I park?")) == ["handed_over"]
    assert answers_to(writes(visit, "which floor is it?")) == []
    withheld = Message.objects.get(status="blocked")
    assert withheld.reason == "answered_enough"
    in_minutes(11)
    assert answers_to(writes(visit, "is there a lift?")) == ["handed_over"]


def test_a_phone_gets_three_answers_a_day_and_a_person_reads_on(visit: Appointment) -> None:
    for number in range(3):
        assert answers_to(writes(visit, f"where do I park number {number}?")) == ["handed_over"]
        in_minutes(11)
    assert answers_to(writes(visit, "which floor is it?")) == []
    assert cases() == ["question"]
    in_minutes(24 * 60)
    assert answers_to(writes(visit, "is there a lift?")) == ["handed_over"]


def test_stop_help_and_danger_are_answered_after_the_days_answers(visit: Appointment) -> None:
    for number in range(4):
        writes(visit, f"where do I park number {number}?")
        in_minutes(11)
    assert answers_to(writes(visit, "please help")) == ["help_answer"]
    assert answers_to(writes(visit, "I have chest pain")) == ["emergency_answer"]
    assert answers_to(writes(visit, "stop texting me")) == ["opt_out_answer"]


def test_they_do_not_count_themselves(visit: Appointment) -> None:
    for text in ("please help", "I have chest pain"):
        assert answers_to(writes(visit, text))
    for number in range(3):
        assert answers_to(writes(visit, f"where do I park number {number}?")) == ["handed_over"]
        in_minutes(11)


@pytest.mark.parametrize("text", ["please help", "I have chest pain"])
def test_help_and_danger_are_answered_once_in_ten_minutes(visit: Appointment, text: str) -> None:
    assert answers_to(writes(visit, text))
    assert answers_to(writes(visit, text)) == []
    in_minutes(11)
    assert answers_to(writes(visit, text))


def test_two_machines_that_talk_end_after_three_answers(visit: Appointment) -> None:
    given = 0
    for turn in range(10):
        asked_about(visit, f"Text {turn}", ago=timedelta(seconds=1))
        given += len(answers_to(writes(visit, "Where are you exactly?")))
        in_minutes(11)
    assert given <= 3
