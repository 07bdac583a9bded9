"""A patient who names a new number: a person enters it, and what is planned for the old one waits."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Escalation, Message
from appointments.services import messages
from compliance import consent, wrong_numbers
from compliance.models import Actor
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.commands.bus import execute
from workflows.replies.meanings.new_number import is_named

pytestmark = pytest.mark.django_db
MINE = "+12125550101"


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create(customer=CustomerFactory.create(name="Ana Diaz", phone=MINE))


def waiting(visit: Appointment) -> Message:
    message = messages.plan(
        key=f"plan:{visit.id}", kind="reminder_24h", appointment=visit, customer=visit.customer, automatic=True
    )
    assert message is not None
    return message


def settle(command: str, visit: Appointment, **more: str) -> None:
    payload = {"customer_id": str(visit.customer_id), **more}
    execute(command=command, payload=payload, actor=Actor.ADMIN, actor_id="front desk")


@pytest.mark.parametrize(
    "text",
    [
        "I changed my number to 646-555-0188, text me there",
        "My new number is (646) 555-0188",
        "hey new cell phone number is 646.555.0188 thx",
        "Please text me at 6465550188 from now on",
        "I got a new phone, number is now +1 646 555 0188",
        "can you send the reminders to 646 555 0188",
        "please update my phone number to 646-555-0188",
        "this is my old number. new one is 6465550188",
        "use this number instead: 646-555-0188",
        "we switched numbers, 646 555 0188",
        "Hi doctor, my new number is 646 555 0188",
        "cambié de número, ahora es 646 555 0188",
        "Mi número de teléfono nuevo es el 646-555-0188",
        "escríbame al 6465550188 por favor",
        "tengo otro celular: 646 555 0188",
        "mudei de número, agora é 646 555 0188",
        "use 646-555-0188 from now on",
        "my new cell is 646-555-0188",
        "text me at 646-555-0188 instead",
        "this is my work phone, use 646-555-0188",
        "contact me on 646-555-0188 going forward",
        "I'm at 646-555-0188 now",
        "646-555-0188 is my number now",
        "please replace this number with 646-555-0188",
        "put 646-555-0188 on my file instead",
        "this is a landline, text 646-555-0188",
        "text 646-555-0188, not 212-555-0101",
        "my phone broke, 646-555-0188 for now",
        "from Monday my number will be 646-555-0188",
        "usen el 646-555-0188 de ahora en adelante",
        "este es el teléfono del trabajo, usen el 646-555-0188",
        "este número ya no sirve, usen 646-555-0188",
        "escríbanme mejor al 646-555-0188",
        "desde hoy 646-555-0188 por favor",
    ],
)
def test_a_new_number_is_heard(text: str) -> None:
    assert is_named(text, sender=MINE)


@pytest.mark.parametrize(
    "text",
    [
        "call me at 646-555-0188",
        "my wife's number is 646-555-0188",
        "My mom's new number is 646-555-0188",
        "my pharmacy has a new number 646-555-0188",
        "my insurance changed, the number is 646-555-0188",
        "is your new number 646-555-0188?",
        "You can also text me at 646-555-0188",
        "don't text me at 646-555-0188",
        "my new number is 212-555-0101",
        "I changed my number",
        "use this number",
        "my member number is 6465550188",
        "can you change my appointment? 646-555-0188",
        "el número nuevo de mi mamá es 646 555 0188",
        "changed my number of guests to 4 on 12-05-2026",
        "Yes see you at 3",
        "don't use 646-555-0188",
        "use 646-555-0188 as my emergency contact",
        "use 646-555-0188 for my husband's visit",
        "can I text 646-555-0188 instead?",
        "should I call 646-555-0188 from now on?",
        "someone texted me from 646-555-0188",
        "text my wife at 646-555-0188 too",
        "fax it to 646-555-0188",
        "use 212-555-0101 from now on",
        "no usen el 646-555-0188",
        "llámeme al 646-555-0188 de ahora en adelante",
        "el número de mi seguro es 646-555-0188",
    ],
)
def test_what_only_sounds_like_it_holds_nothing(text: str) -> None:
    assert not is_named(text, sender=MINE)


def test_reminders_to_the_old_number_wait_for_a_person(visit: Appointment) -> None:
    asked_about(visit)
    reminder = waiting(visit)
    message = writes(visit, "I changed my number to 646-555-0188, text me there")
    assert (cases(), answers_to(message), status_of(visit)) == (["new_number"], [], "booked")
    reminder.refresh_from_db()
    assert (reminder.status, reminder.reason) == ("held", "wrong_number")
    case = Escalation.objects.get()
    assert (case.appointment, case.customer, case.message) == (visit, visit.customer, message)


@pytest.mark.parametrize(
    "text", ["switch me to 646-555-0188", "I'll be on 646-555-0188 from Monday", "desde hoy 646-555-0188 por favor"]
)
def test_a_day_from_which_a_number_holds_moves_no_visit(visit: Appointment, text: str) -> None:
    asked_about(visit)
    message = writes(visit, text)
    assert (cases(), answers_to(message), status_of(visit)) == (["new_number"], [], "booked")


def test_a_c_beside_a_day_and_a_number_is_no_yes(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "C, only move me to 646-555-0188 from Friday")
    assert (cases(), status_of(visit)) == (["new_number"], "booked")


def test_a_wish_for_another_time_beside_it_is_heard(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "I got a new number 646-555-0188, can we move to Friday?")
    assert cases() == ["new_number", "reschedule_request"]


def test_the_correction_settles_it_and_the_texts_go_to_the_new_number(visit: Appointment) -> None:
    consent.give(MINE, "sms", "care", method="booking_system")
    reminder = waiting(visit)
    writes(visit, "my new number is 646-555-0188")
    settle("customer.correct_phone", visit, phone="(646) 555-0188")
    reminder.refresh_from_db()
    assert (cases(), reminder.address) == ([], "+16465550188")
    assert consent.state("+16465550188") is True


def test_staff_may_leave_it_as_it_is(visit: Appointment) -> None:
    writes(visit, "text me at 646-555-0188")
    settle("customer.number_is_right", visit)
    assert (cases(), wrong_numbers.is_held(MINE)) == ([], False)


def test_the_patient_still_answers_from_the_old_number(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "I changed my number to 646-555-0188")
    writes(visit, "C")
    assert (status_of(visit), cases()) == ("confirmed", ["new_number"])


def test_a_yes_beside_it_confirms(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "Yes I'll be there. My new number is 646-555-0188")
    assert "new_number" in cases()


def test_somebody_else_at_the_old_number_is_heard_too(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "I changed my number to 646-555-0188")
    writes(visit, "wrong number")
    writes(visit, "C")
    assert (status_of(visit), cases()) == ("booked", ["new_number", "wrong_number"])
    settle("customer.correct_phone", visit, phone="+16465550188")
    assert cases() == []


def test_a_stop_beside_it_is_a_stop_as_well(visit: Appointment) -> None:
    writes(visit, "Stop texting this number. My new number is 646-555-0188")
    assert consent.is_suppressed(MINE)
    assert cases() == ["new_number"]


def test_danger_beside_it_is_only_danger(visit: Appointment) -> None:
    writes(visit, "I have chest pain, text me at 646-555-0188")
    assert cases() == ["emergency"]
