"""A yes, and then words that may take it back: staff are told so in plain words, and soon."""

from __future__ import annotations

import pytest

from appointments.models import Appointment, Escalation
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import asked_about, status_of, writes

pytestmark = pytest.mark.django_db
TAKES_BACK = (
    "oops wrong text, ignore that", "wrong chat", "jk can't", "sorry that was meant for the vet",
    "oops, that was for someone else",
    "ignore my last message", "that was not for you", "sent by mistake sorry", "my son sent that", "disregard please",
    "just kidding", "sorry, I meant X", "nvm that was by accident", "scratch that, on second thought I can't say",
    "me equivoqué de chat", "perdón, no era para usted", "ignore ese mensaje, fue sin querer", "era broma",
    "eso era para otra persona, ignore eso", "me confundí, era para mi hermana", "se me fue el dedo", "quise decir no",
)  # fmt: skip
SAYS_MORE = ("hm let me think", "what about my tooth", "tell Maria hi from me", "ya hablamos luego del otro diente")


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create(customer=CustomerFactory.create(name="Ana Diaz"))


@pytest.mark.parametrize("text", TAKES_BACK)
def test_staff_read_that_the_yes_may_be_none(visit: Appointment, text: str) -> None:
    asked_about(visit)
    writes(visit, "Yes")
    assert status_of(visit) == "confirmed"
    writes(visit, text)
    case = Escalation.objects.get(status="open")
    assert "confirmed, and then wrote something that may take it back" in case.title
    assert case.priority == Escalation.Priority.HIGH


@pytest.mark.parametrize("text", SAYS_MORE)
def test_other_words_after_a_yes_are_no_such_thing(visit: Appointment, text: str) -> None:
    asked_about(visit)
    writes(visit, "Yes")
    writes(visit, text)
    assert not Escalation.objects.filter(title__contains="take it back").exists()


def test_before_any_yes_there_is_nothing_to_take_back(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "oops wrong chat")
    assert "take it back" not in Escalation.objects.get(status="open").title
