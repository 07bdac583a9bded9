"""What comes after a message that told of danger or of a death, while a person has not settled it."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Escalation, Message
from appointments.services import escalations
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db

YES = ("C", "Yes, I'll come", "Confirmed", "I'll be there", "sí, confirmo", "confirmo", "ahí estaré")
MERE_YES = ("yes", "ok", "ok thanks, see you then", "sí", "vale", "👍")
DANGERS = ("I have chest pain", "my dad can't breathe", "me duele mucho el pecho", "I want to kill myself")
DEATHS = ("he died on sunday", "Ana passed away", "mi mamá falleció")
MORE = (
    "C",
    "yes",
    "R",
    "X",
    "I can't come",
    "running late",
    "need another day",
    "what should I bring?",
    "ok",
    "no puedo ir",
)


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("text", YES)
def test_a_yes_after_danger_counts_and_is_not_answered_cheerfully(visit: Appointment, danger: str, text: str) -> None:
    asked_about(visit)
    assert answers_to(writes(visit, danger)) == ["emergency_answer"]
    assert answers_to(writes(visit, text)) == []
    assert (cases(), status_of(visit)) == (["emergency"], "confirmed")


@pytest.mark.parametrize("text", MERE_YES)
def test_a_mere_ok_after_danger_is_no_yes_to_the_visit(visit: Appointment, text: str) -> None:
    asked_about(visit)
    writes(visit, DANGERS[0])
    assert answers_to(writes(visit, text)) == []
    assert (cases(), status_of(visit)) == (["emergency"], "booked")


def test_aro_why_says_why_nobody_was_thanked(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, DANGERS[0])
    writes(visit, "C")
    assert Message.objects.get(kind="thank_you").reason == "awaiting_staff"


def test_once_a_person_has_settled_the_danger_a_yes_is_thanked_for(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, DANGERS[0])
    escalations.resolve(Escalation.objects.get(), by="ana")
    assert answers_to(writes(visit, "C")) == ["thank_you"]


def test_danger_on_another_phone_holds_nobodys_thanks_back(visit: Appointment) -> None:
    other = AppointmentFactory.create(customer=CustomerFactory.create(name="Bo Lee"))
    writes(other, DANGERS[0])
    asked_about(visit)
    assert answers_to(writes(visit, "C")) == ["thank_you"]


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("text", MORE)
def test_whatever_comes_after_a_death_is_read_by_a_person(visit: Appointment, death: str, text: str) -> None:
    asked_about(visit)
    writes(visit, death)
    assert answers_to(writes(visit, text)) == []
    assert (cases(), status_of(visit)) == (["deceased"], "booked")
    case = Escalation.objects.get()
    assert case.times == 2
    assert "another message came" in case.title


def test_danger_after_a_death_is_still_danger(visit: Appointment) -> None:
    writes(visit, DEATHS[0])
    writes(visit, DANGERS[0])
    assert cases() == ["deceased", "emergency"]
