"""Somebody else answers: everything planned for the phone waits until a person has settled it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Business, Escalation, Message
from appointments.services import messages
from appointments.services.booking import bookings
from aro import clock
from aro.ids import new_id
from aro.models import Due
from compliance import consent, guardrails, wrong_numbers
from compliance.models import Actor
from integrations.outbound import context
from integrations.outbound.channels import Route
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory, booking
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.commands.bus import execute
from workflows.engine import effects
from workflows.models import Execution

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


def sending(visit: Appointment) -> UUID:
    """A reminder that waits for its turn tomorrow; the id of what is due."""
    effects.send(planned(visit), now=clock.now() + timedelta(days=1))
    return Execution.objects.get().id


def verdict(message: Message) -> str:
    """Why it does not go out now."""
    route = Route(channel="sms", address=message.address, business=Business.objects.get())
    situation = context.read(message, route, now=clock.now())
    found = guardrails.judge(replace(situation.context, consent=True), clock.now())
    assert isinstance(found, guardrails.Hold | guardrails.Skip)
    return str(found.reason)


def books(phone: str, name: str) -> Appointment:
    there = booking(external_id=f"visit of {name}", person=Person(name=name, phone=phone))
    bookings.created(BookingCreated(booking=there, occurred_at=clock.now()), correlation_id=new_id())
    return Appointment.objects.get(customer__name=name)


def settle(command: str, visit: Appointment, **more: str) -> None:
    payload = {"customer_id": str(visit.customer_id), **more}
    execute(command=command, payload=payload, actor=Actor.ADMIN, actor_id="front desk")


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
        "I'm her coworker she borrowed my phone",
        "I found this phone on the bus",
        "Ana is my daughter, her number is 646 555 0123",
        "encontré este teléfono en el bus",
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


def test_who_booked_with_that_number_again_is_held_too(visit: Appointment) -> None:
    writes(visit, "wrong number")
    later = planned(AppointmentFactory.create(customer=visit.customer))
    assert verdict(later) == "wrong_number"


def test_a_booking_with_that_number_is_a_case_until_it_is_right(visit: Appointment, client: Client) -> None:
    writes(visit, "wrong number")
    kim = books(visit.customer.phone, "Kim Novak")
    assert cases() == ["held_number", "wrong_number"]
    case = Escalation.objects.get(reason="held_number")
    assert (case.appointment, case.customer) == (kim, kim.customer)
    client.force_login(get_user_model().objects.create_superuser("boss"))
    page = client.get(reverse("admin:appointments_escalation_change", args=[case.pk])).content.decode()
    for command in ("customer.correct_phone", "customer.number_is_right"):
        assert reverse("admin:desk_act", args=[command, kim.customer_id]) in page
    settle("customer.correct_phone", visit, phone="+12125550199")
    assert cases() == ["held_number", "wrong_number"]
    settle("customer.number_is_right", kim)
    assert cases() == []


@pytest.mark.parametrize("end", ["customer.correct_phone", "appointment.cancel"])
def test_that_case_ends_with_the_visit_or_another_number(visit: Appointment, end: str) -> None:
    writes(visit, "wrong number")
    kim = books(visit.customer.phone, "Kim Novak")
    settle(end, kim, phone="+12125550199", appointment_id=str(kim.pk))
    assert cases() == ["wrong_number"]


def test_a_booking_with_another_number_is_no_case(visit: Appointment) -> None:
    writes(visit, "wrong number")
    books("+12125550177", "Kim Novak")
    assert cases() == ["wrong_number"]


def test_nothing_personal_goes_there_and_what_says_nothing_of_anybody_does(visit: Appointment) -> None:
    writes(visit, "wrong number")
    assert verdict(planned(visit)) == "wrong_number"
    assert answers_to(writes(visit, "please help")) == ["help_answer"]


def test_when_staff_say_that_the_number_is_right_what_waited_is_due(visit: Appointment) -> None:
    waiting = sending(visit)
    writes(visit, "wrong number")
    settle("customer.number_is_right", visit)
    assert not wrong_numbers.is_held(visit.customer.phone)
    assert cases() == []
    assert Due.objects.get(ref=waiting).due_at <= clock.now()


def test_when_staff_correct_the_number_the_texts_go_to_the_right_one(visit: Appointment) -> None:
    wrong = visit.customer.phone
    consent.give(wrong, "sms", "care", method="booking_system")
    waiting = sending(visit)
    writes(visit, "wrong number, stop texting me")
    settle("customer.correct_phone", visit, phone="+12125550199")
    visit.customer.refresh_from_db()
    assert visit.customer.phone == "+12125550199"
    assert cases() == []
    assert consent.state("+12125550199") is True
    assert not consent.is_suppressed("+12125550199")
    assert Due.objects.get(ref=waiting).due_at <= clock.now()
    assert wrong_numbers.is_held(wrong)


def test_of_a_family_only_who_has_the_right_number_is_settled(visit: Appointment) -> None:
    AppointmentFactory.create(customer=CustomerFactory.create(name="Tom Diaz", phone=visit.customer.phone))
    writes(visit, "wrong number")
    settle("customer.correct_phone", visit, phone="+12125550199")
    assert cases() == ["wrong_number"]


def test_consent_that_a_stranger_gave_goes_nowhere(visit: Appointment) -> None:
    writes(visit, "START")
    writes(visit, "wrong number")
    settle("customer.correct_phone", visit, phone="+12125550199")
    assert consent.state("+12125550199") is None


def test_staff_may_say_themselves_that_a_number_is_wrong(visit: Appointment) -> None:
    waiting = planned(visit)
    settle("customer.number_is_wrong", visit)
    waiting.refresh_from_db()
    assert (waiting.reason, cases()) == ("wrong_number", ["wrong_number"])


def test_the_case_offers_both_ways_out(visit: Appointment, client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("boss"))
    writes(visit, "wrong number")
    page = client.get(reverse("admin:appointments_escalation_change", args=[Escalation.objects.get().pk]))
    for command in ("customer.correct_phone", "customer.number_is_right"):
        assert reverse("admin:desk_act", args=[command, visit.customer_id]) in page.content.decode()


def test_while_it_is_open_nothing_from_there_changes_a_visit(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "wrong number")
    message = writes(visit, "C")
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], ["wrong_number"])
    assert Escalation.objects.get().times == 2


def test_a_later_message_that_says_otherwise_is_told_by_the_case(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "wrong number")
    writes(visit, "wrong number!!")
    assert Escalation.objects.get().title == "Somebody else answers at this number."
    writes(visit, "oh wait, it's me Ana, sorry! Yes I'll be there")
    case = Escalation.objects.get()
    assert "perhaps the patient's" in case.title
    assert "The number is right" in case.next_step
    assert status_of(visit) == "booked"


def test_a_machine_that_answers_there_says_nothing_more(visit: Appointment) -> None:
    writes(visit, "wrong number")
    writes(visit, "I'm driving right now and will get back to you later. (auto-reply)")
    assert Escalation.objects.get(reason="wrong_number").title == "Somebody else answers at this number."


def test_a_stop_and_danger_from_there_count_as_always(visit: Appointment) -> None:
    writes(visit, "wrong number")
    writes(visit, "I have chest pain")
    writes(visit, "STOP")
    assert consent.is_suppressed(visit.customer.phone)
    assert "emergency" in cases()
