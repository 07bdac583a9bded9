"""Which messages are an answer about a visit, so that nobody need be told of a silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from appointments.models import Appointment, Escalation, ReplyClassification
from appointments.services import talks
from aro import clock
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.family import PHONE, family, told_together
from tests.workflows.phone import ASKED, asked_about, writes
from tests.workflows.test_reminders import hand_over, sent, titles
from workflows.commands import settle_numbers

pytestmark = pytest.mark.django_db(transaction=True)

DRIVING = "I'm driving right now. I'll get back to you later."
TOLD = "See you at Bright Dental? Tue, Dec 1: Mia 10:00 AM, Leo 10:30 AM, Ada 11:00 AM. Reply C to confirm all."


def has_answered(visit: Appointment) -> bool:
    known = Appointment.objects.select_related("customer").get(pk=visit.pk)
    talk = talks.about([known]).get(visit.pk)
    return talk is not None and talk.answered


def asked() -> Appointment:
    BusinessFactory.create()
    visit = AppointmentFactory.create(
        customer=CustomerFactory.create(name="Vic Lund", phone=PHONE), starts_at=clock.now() + timedelta(days=2)
    )
    asked_about(visit, ASKED.replace("Ana", "Vic"))
    return visit


def writes_later(visit: Appointment, text: str, **more: str) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=True):
        writes(visit, text, **more)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("HELP", {}),
        ("INFO", {"carrier_says": "help"}),
        ("START", {"carrier_says": "start"}),
        ("UNSTOP", {"carrier_says": "start"}),
        ("STOP", {"carrier_says": "stop"}),
        (DRIVING, {}),
        ("Automatic reply: I am out of the office until Monday", {}),
        ("Wrong number", {}),
        ("Who is this?? You have the wrong person", {}),
    ],
)
def test_keywords_machines_and_strangers_say_nothing_of_the_visit(text: str, more: dict[str, str]) -> None:
    visit = asked()
    writes_later(visit, text, **more)
    assert not has_answered(visit)


@pytest.mark.parametrize(
    "text",
    [
        "C",
        "X",
        "R",
        "I can't come",
        "Is there parking?",
        "hmm the thing with the dog",
        "Running 10 minutes late",
        "Help me move my appointment",
        "Please call me",
        "He died last week",
        "My chest hurts and I can't breathe",
        "\U0001f44d",
        "Stop, I can't come on Tuesday",
    ],
)
def test_what_is_understood_or_waits_for_staff_is_an_answer(text: str) -> None:
    visit = asked()
    writes_later(visit, text)
    assert has_answered(visit)


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("C for Mia, Leo can't", "Mia Leo"),
        ("Mia and Leo can come", "Mia Leo"),
        ("Leo can't come", "Leo"),
        ("Mia is fine but Leo maybe the thing with the dog", "Mia Leo"),
        ("C", "Mia Leo Ada"),
        ("hmm the thing with the dog", "Mia Leo Ada"),
        ("Mia can come, the others can't", "Mia Leo Ada"),
        ("Both maybe, Mia has a cold", "Mia Leo Ada"),
        ("Stop texting me about Leo, Mia still comes", "Mia Leo"),
    ],
)
def test_of_a_family_only_whom_a_message_is_about(text: str, answered: str) -> None:
    visits = family("Mia", "Leo", "Ada")
    told_together(visits)
    writes_later(visits[0], text)
    found = [visit.customer.name.split()[0] for visit in visits if has_answered(visit)]
    assert " ".join(found) == answered


def test_a_yes_to_two_of_three_visits_is_none_for_the_others() -> None:
    visits = family("Mia", "Leo", "Ada")
    told_together(visits[:2])
    asked_about(visits[2], ASKED.replace("Ana", "Ada"), ago=timedelta(days=4))
    writes_later(visits[0], "Yes for both")
    assert [has_answered(visit) for visit in visits] == [True, True, False]


def test_news_of_somebody_elses_death_is_no_answer_once_staff_have_said_so() -> None:
    visit = asked()
    writes_later(visit, "My father died last week")
    case = Escalation.objects.get(reason="deceased")
    assert has_answered(visit)
    with transaction.atomic():
        settle_numbers.nobody_died(case)
    assert not has_answered(visit)


def test_what_is_not_read_yet_may_be_an_answer() -> None:
    visit = asked()
    writes_later(visit, "HELP")
    ReplyClassification.objects.all().delete()
    assert has_answered(visit)


@pytest.mark.parametrize(("label", "answered"), [("HELP", False), ("OTHER", True)])
def test_readings_of_before_count_by_their_label(label: str, answered: bool) -> None:  # noqa: FBT001
    visit = asked()
    writes_later(visit, "HELP")
    ReplyClassification.objects.update(label=label, about=None)
    assert has_answered(visit) is answered


@pytest.mark.parametrize("text", ["HELP", DRIVING])
def test_who_only_asked_for_help_and_kept_silent_is_a_case_like_any_other(text: str) -> None:
    sent(72, 48, 45, 24, 19.9, between=lambda visit: writes(visit, text))
    assert titles() == ["Two reminders, no answer."]


def test_a_call_for_help_after_the_last_reminder_does_not_end_the_wait_for_an_answer() -> None:
    visit = sent(30, 24, 23, between=lambda visit: writes(visit, "HELP"))
    assert titles() == []
    with time_machine.travel(visit.starts_at - timedelta(hours=19.9), tick=True):
        hand_over()
    assert titles() == ["One reminder, no answer."]
