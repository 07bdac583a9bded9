"""Automatic texts of people who are away, keep a day of rest or have an assistant, and of offices."""

from __future__ import annotations

import pytest

from tests.workflows.phone import ASKED
from workflows.replies.classify import OpenQuestion, classify
from workflows.replies.labels import Label, Sort

MACHINES = (
    "I am currently on vacation until Dec 10 with no access to phone.",
    "On vacation until Dec 10 with no access to phone",
    "I'm on vacation through Monday with limited access to messages", "I am on vacation and will respond on Jan 4.",
    "I am observing Shabbat and will reply Saturday night", "Observing Shabbat. I will return messages after sundown.",
    "Shabbat Shalom! My phone is off until Saturday night.",
    "I am observing Yom Kippur and will respond tomorrow evening",
    "I'm away until 12/15 and will have no access to my phone",
    "I am traveling abroad and will not see texts until the 9th.",
    "Thank you for texting Lakeside Pediatrics. If this is an emergency, call 911.",
    "Thank you for texting Lakeside Pediatrics. If this is an emergency, call 911. Our hours are 8-5 Mon-Fri.",
    "Thanks for texting Bella Salon! We will reply shortly.",
    "Thank you for messaging Oak Vet. We respond within 1 business day.",
    "Thank you for reaching out to Oak Vet. If you have a medical emergency dial 911",
    "You have texted the office of Dr. Lee. If this is a life threatening emergency please call 911.",
    "I'm in a theater with my phone off. I'll text you after the show.", "I am on a flight and will reply when I land.",
    "At the gym, will reply when I'm done. (auto-reply)", "I am on leave until December 20 and not checking messages.",
    "Currently out on medical leave. For urgent matters contact Jo at 646 555 0111.",
    "Hi! Ana's assistant here (AI). I've added Thu Dec 3 2 PM to her calendar. Confirmed!",
    "This is Ana's AI assistant. I have forwarded your message.",
    "Estoy de vacaciones hasta el 10 de diciembre sin acceso al teléfono.",
    "Estoy de vacaciones y responderé el lunes a mi regreso.",
    "Gracias por escribir a Pediatría del Lago. Si es una emergencia, llame al 911.",
    "Gracias por su mensaje. Si se trata de una emergencia marque al 911. Atendemos de 8 a 5.",
    "Estoy en un vuelo, responderé al aterrizar.", "No tengo acceso a mi teléfono hasta el lunes.",
    "Fuera de la oficina hasta el 15 de diciembre.",
)  # fmt: skip
PEOPLE = (
    "I'm on vacation until Dec 10, can we do the 12th?", "we are on vacation that week, need another day",
    "I'm on vacation, cancel please", "I keep Shabbat so Friday evening does not work, another day?",
    "thank you for texting me, yes I'll be there", "thanks for texting, C",
    "If this is an emergency should I call 911?",
    "I'm on a flight that day, can we move it", "estoy de vacaciones, puedo otro dia?",
    "gracias por escribir, ahi estare",
    "gracias por su mensaje, confirmo", "I am away that day, please reschedule", "my assistant will bring me, yes",
    "no tengo acceso al estacionamiento?", "I have no access to the portal",
)  # fmt: skip


def read(text: str) -> tuple[Label, Sort]:
    found = classify(text=text, question=OpenQuestion.CONFIRM, context=ASKED)
    return found.label, found.sort


@pytest.mark.parametrize("text", MACHINES)
def test_a_machine_wishes_nothing_and_is_in_no_danger(text: str) -> None:
    assert read(text) == (Label.OTHER, Sort.MACHINE)


@pytest.mark.parametrize("text", PEOPLE)
def test_people_on_vacation_are_no_machines(text: str) -> None:
    assert read(text)[1] is not Sort.MACHINE


def test_danger_in_a_machines_text_is_heard() -> None:
    assert read("Thank you for texting Oak Vet. I have chest pain and can't breathe")[0] is Label.EMERGENCY
