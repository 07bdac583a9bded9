"""What ARO does with keywords: always acts, and answers only where nobody else has."""

from __future__ import annotations

import pytest

from appointments.inbound import ReplyReceived
from appointments.models import Appointment, Escalation, Message
from aro import clock
from aro.ids import new_id
from compliance import consent
from compliance.models import Channel, Purpose
from integrations.inbound import routing
from tests.factories import AppointmentFactory, BusinessFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


def asked_about(visit: Appointment) -> None:
    """A reminder of it has come."""
    Message.objects.create(
        direction="out",
        kind="reminder_first",
        appointment=visit,
        customer=visit.customer,
        address=visit.customer.phone,
        body="Reply C to confirm.",
        status="delivered",
    )


def writes(visit: Appointment, text: str, *, channel: str = "sms", provider_answered: bool = False) -> list[str]:
    """The kinds of the answers that the text brings."""
    routing.apply(
        ReplyReceived(
            sender=visit.customer.phone,
            text=text,
            channel=channel,
            provider_id=f"SM{new_id().hex}",
            occurred_at=clock.now(),
            provider_answered=provider_answered,
        ),
        correlation_id=new_id(),
    )
    received = Message.objects.filter(direction="in").latest("created_at")
    return list(Message.objects.filter(key=f"answer:{received.id}").values_list("kind", flat=True))


@pytest.mark.parametrize("word", ["STOP", "HELP", "Info", " start ", "UNSTOP"])
def test_on_sms_the_carriers_keywords_are_left_to_the_carriers_answer(visit: Appointment, word: str) -> None:
    assert writes(visit, word) == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("stop texting me", "opt_out_answer"),
        ("ayuda", "help_answer"),
        ("please help", "help_answer"),
        ("start again please", "opt_in_answer"),
    ],
)
def test_on_sms_other_wordings_are_answered_by_aro(visit: Appointment, words: str, answer: str) -> None:
    assert writes(visit, words) == [answer]


@pytest.mark.parametrize(
    ("word", "answer"),
    [("STOP", "opt_out_answer"), ("HELP", "help_answer"), ("INFO", "help_answer"), ("START", "opt_in_answer")],
)
def test_on_whatsapp_nobody_else_answers_so_aro_does(visit: Appointment, word: str, answer: str) -> None:
    assert writes(visit, word, channel="whatsapp") == [answer]
    assert writes(visit, word, channel="whatsapp", provider_answered=True) == []


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
@pytest.mark.parametrize("word", ["START", "UNSTOP"])
def test_start_brings_the_consent_back_whoever_answers_it(visit: Appointment, channel: str, word: str) -> None:
    phone = visit.customer.phone
    writes(visit, "STOP", channel=channel)
    assert consent.is_suppressed(phone)
    assert consent.state(phone, channel, Purpose.CARE) is False
    writes(visit, word, channel=channel)
    assert not consent.is_suppressed(phone)
    assert consent.state(phone, channel, Purpose.CARE) is True


def test_help_is_stored_and_changes_nothing(visit: Appointment) -> None:
    writes(visit, "HELP")
    stored = Message.objects.get(direction="in")
    assert stored.classification.label == "HELP"
    assert not Escalation.objects.exists()
    assert not consent.is_suppressed(visit.customer.phone)


def test_a_yes_confirms_the_visit_that_stands_even_if_a_cancelled_one_was_asked_about_last(visit: Appointment) -> None:
    cancelled = AppointmentFactory.create(customer=visit.customer, status=Appointment.Status.CANCELLED)
    asked_about(visit)
    asked_about(cancelled)
    assert writes(visit, "Y") == ["thank_you"]
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.CONFIRMED
    assert not Escalation.objects.exists()


def test_a_yes_to_nothing_but_a_cancelled_visit_is_answered_truthfully(visit: Appointment) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status=Appointment.Status.CANCELLED)
    asked_about(visit)
    assert writes(visit, "Y") == ["already_cancelled"]
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.CANCELLED
    assert Escalation.objects.get().reason == "confirmed_cancelled"


@pytest.mark.parametrize(
    "words",
    ["Stop, I can't make it", "stop texting, and cancel my visit", "unsubscribe me and cancel my appointment please"],
)
def test_a_stop_of_somebody_who_cannot_come_is_a_case_about_the_visit_too(visit: Appointment, words: str) -> None:
    asked_about(visit)
    writes(visit, words)
    assert consent.is_suppressed(visit.customer.phone)
    assert visit.escalations.filter(reason="cancel_request").exists()
