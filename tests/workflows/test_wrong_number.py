"""Somebody else answers: everything planned for the phone waits until a person has settled it."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Escalation, Message
from appointments.services import messages
from compliance import consent, wrong_numbers
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create(customer=CustomerFactory.create(name="Ana Diaz"))


def planned(visit: Appointment, *, automatic: bool = True, status: str = "planned") -> Message:
    message = messages.plan(
        key=f"plan:{visit.id}:{automatic}:{status}",
        kind="reminder_24h",
        appointment=visit,
        customer=visit.customer,
        automatic=automatic,
    )
    assert message is not None
    Message.objects.filter(pk=message.pk).update(status=status)
    return message


@pytest.mark.parametrize(
    "text",
    [
        "wrong number",
        "worng number sorry",
        "Wrong person!",
        "wrng #",
        "no Ana here",
        "who's Ana? you have the wrong number",
        "i dont know any maria",
        "I'm not Ana",
        "this isn't Ana's phone anymore",
        "numero equivocado",
        "Se equivocó de número",
        "ekivocado",
        "no soy maria",
        "no soy Ana",
        "no conozco a esa persona",
        "aqui no vive ninguna Ana",
    ],
)
def test_whoever_says_so_is_asked_nothing_and_a_person_is(visit: Appointment, text: str) -> None:
    asked_about(visit)
    waiting = planned(visit)
    message = writes(visit, text)
    assert message.classification.label == "WRONG_NUMBER"
    assert answers_to(message) == []
    assert cases() == ["wrong_number"]
    assert wrong_numbers.is_held(visit.customer.phone)
    assert not consent.is_suppressed(visit.customer.phone)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("held", "wrong_number")
    assert status_of(visit) == "booked"


@pytest.mark.parametrize(
    "text",
    [
        "new phone who dis",
        "who is this",
        "wrong day, mine is thursday",
        "you have the wrong time",
        "esta equivocada la hora",
        "me equivoque de dia",
        "I'm not coming",
        "I'm not sure",
        "no one here",
        "this is not my phone but yes I'll be there",
        "I gave you the wrong number for the insurance",
        "that's the wrong office",
        "not good for me",
    ],
)
def test_what_only_sounds_like_it_holds_nothing(visit: Appointment, text: str) -> None:
    asked_about(visit)
    writes(visit, text)
    assert not wrong_numbers.is_held(visit.customer.phone)


def test_with_a_stop_it_is_an_opt_out_as_well(visit: Appointment) -> None:
    writes(visit, "wrong number, stop texting me")
    assert wrong_numbers.is_held(visit.customer.phone)
    assert consent.is_suppressed(visit.customer.phone)
    assert cases() == ["wrong_number"]


def test_a_whole_family_on_the_phone_is_held(visit: Appointment) -> None:
    tom = AppointmentFactory.create(customer=CustomerFactory.create(name="Tom Diaz", phone=visit.customer.phone))
    both = [planned(visit), planned(tom, status="held")]
    writes(visit, "wrong number")
    for message in both:
        message.refresh_from_db()
        assert (message.status, message.reason) == ("held", "wrong_number")


def test_answers_that_wait_are_given_up(visit: Appointment) -> None:
    waiting = planned(visit, automatic=False)
    writes(visit, "wrong number")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("blocked", "wrong_number")


def test_while_it_is_open_nothing_from_there_changes_a_visit(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "wrong number")
    message = writes(visit, "C")
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], ["wrong_number"])
    assert Escalation.objects.get().times == 2


def test_a_stop_and_danger_from_there_count_as_always(visit: Appointment) -> None:
    writes(visit, "wrong number")
    writes(visit, "I have chest pain")
    writes(visit, "STOP")
    assert consent.is_suppressed(visit.customer.phone)
    assert "emergency" in cases()
