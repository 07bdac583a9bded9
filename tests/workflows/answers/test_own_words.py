"""Our own words coming back, and what the carrier itself says of a message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Message
from compliance import consent
from compliance.models import Event, Purpose
from tests.factories import AppointmentFactory, BusinessFactory
from tests.workflows.phone import ASKED, answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db
BOOKED = "Bright Dental: your visit is booked for Tue, Dec 1 at 2:30 PM. Reply R to reschedule. Text STOP to opt out."


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


@pytest.mark.parametrize(
    "form", ["Liked “%s”", "👍 to “%s”", "Reacted 😂 to “%s”", "fwd: %s", "> %s", "Removed a like from “%s”"]
)
def test_a_text_of_ours_that_comes_back_opts_nobody_out(visit: Appointment, form: str) -> None:
    asked_about(visit, BOOKED, kind="confirmation")
    writes(visit, form % BOOKED)
    assert not consent.is_suppressed(visit.customer.phone)


def test_a_stop_beside_the_quote_still_stops(visit: Appointment) -> None:
    asked_about(visit, BOOKED, kind="confirmation")
    writes(visit, f"Liked “{BOOKED}” STOP")
    assert consent.is_suppressed(visit.customer.phone)


@pytest.mark.parametrize("form", ["Liked “%s”", "❤️ to “%s”", "Le gustó «%s»", "Reacted ✅ to “%s”"])
def test_a_plain_yes_under_the_last_question_confirms_its_visit(visit: Appointment, form: str) -> None:
    asked_about(visit)
    message = writes(visit, form % ASKED)
    assert status_of(visit) == "confirmed"
    assert answers_to(message) == ["thank_you"]
    assert not cases()


def test_a_like_confirms_only_the_visit_that_was_asked_about(visit: Appointment) -> None:
    other = AppointmentFactory.create(customer=visit.customer)
    asked_about(other, "Bright Dental: Hi Ana, please confirm Fri, Dec 4 at 9:00 AM.", ago=timedelta(hours=1))
    asked_about(visit)
    writes(visit, f"Liked “{ASKED}”")
    assert (status_of(visit), status_of(other)) == ("confirmed", "booked")


@pytest.mark.parametrize("kind", ["confirmation", "moved", "thank_you", "deposit_request"])
def test_a_like_under_a_text_that_asks_nothing_does_nothing(visit: Appointment, kind: str) -> None:
    asked_about(visit, BOOKED, kind=kind)
    message = writes(visit, f"Liked “{BOOKED}”")
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], [])


def test_a_like_under_an_older_text_does_nothing(visit: Appointment) -> None:
    asked_about(visit, BOOKED, kind="confirmation", ago=timedelta(days=2))
    asked_about(visit)
    message = writes(visit, f"Loved “{BOOKED}”")
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], [])


def test_a_like_under_a_question_about_another_time_does_nothing(visit: Appointment) -> None:
    """The visit was moved since."""
    question = asked_about(visit)
    Message.objects.filter(pk=question.pk).update(visit_start=visit.starts_at - timedelta(days=1))
    writes(visit, f"Liked “{ASKED}”")
    assert status_of(visit) == "booked"


def test_a_yes_beside_the_text_about_the_former_time_is_for_a_person(visit: Appointment) -> None:
    asked_about(visit, BOOKED, kind="confirmation", ago=timedelta(days=2))
    Message.objects.update(visit_start=visit.starts_at - timedelta(days=1))
    asked_about(visit)
    writes(visit, f"yes\n> {BOOKED}")
    assert (status_of(visit), cases()) == ("booked", ["unclear_reply"])
    writes(visit, f"yes\n> {ASKED}")
    assert status_of(visit) == "confirmed"


def test_a_like_of_who_cannot_come_does_nothing(visit: Appointment) -> None:
    asked_about(visit)
    Appointment.objects.filter(pk=visit.pk).update(last_reply_label="CANCEL")
    writes(visit, f"Liked “{ASKED}”")
    assert status_of(visit) == "booked"


def test_a_cut_quote_that_may_be_of_two_visits_confirms_neither(visit: Appointment) -> None:
    other = AppointmentFactory.create(customer=visit.customer)
    asked_about(other, ASKED.replace("Dec 1", "Dec 4"), ago=timedelta(hours=1))
    asked_about(visit)
    writes(visit, "Liked “Bright Dental: Hi Ana, please confirm…”")
    assert (status_of(visit), status_of(other)) == ("booked", "booked")


def test_a_no_under_a_text_is_for_a_person(visit: Appointment) -> None:
    asked_about(visit)
    message = writes(visit, f"Disliked “{ASKED}”")
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], ["unclear_reply"])


@pytest.mark.parametrize("form", ["Laughed at “%s”", "Removed a like from “%s”", "Emphasized “%s”"])
def test_a_reaction_without_meaning_is_no_answer(visit: Appointment, form: str) -> None:
    """Whoever waits for an answer goes on waiting."""
    asked_about(visit)
    writes(visit, form % ASKED)
    assert not cases()
    assert not Event.objects.filter(type="response.classified").exists()


def test_a_whole_text_of_ours_sent_back_is_for_a_person(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, f"Fwd: {ASKED}")
    assert cases() == ["unclear_reply"]


def test_a_question_about_a_forwarded_text_is_a_question(visit: Appointment) -> None:
    asked_about(visit, BOOKED, kind="confirmation")
    writes(visit, f"Is this real? {BOOKED}")
    assert cases() == ["question"]
    assert not consent.is_suppressed(visit.customer.phone)


@pytest.mark.parametrize("word", ["ABMELDEN", "SAIR", "退订", "no mas", "", "yes", "Thanks, see you!"])
@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_the_carriers_stop_is_a_stop_whatever_the_words(visit: Appointment, word: str, channel: str) -> None:
    asked_about(visit)
    message = writes(visit, word, channel=channel, carrier_says="stop", provider_answered=True)
    assert consent.is_suppressed(visit.customer.phone)
    assert consent.state(visit.customer.phone, purpose=Purpose.CARE) is False
    assert answers_to(message) == []
    assert status_of(visit) == "booked"
    assert message.classification.source == "carrier"


def test_the_carriers_start_is_a_start_whatever_the_words(visit: Appointment) -> None:
    writes(visit, "STOP")
    writes(visit, "VOLVER", carrier_says="start", provider_answered=True)
    assert not consent.is_suppressed(visit.customer.phone)
    assert consent.state(visit.customer.phone) is True


def test_a_yes_that_the_carrier_takes_for_start_still_answers_our_question(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "YES", carrier_says="start", provider_answered=True)
    assert status_of(visit) == "confirmed"


def test_the_carriers_help_changes_nothing(visit: Appointment) -> None:
    message = writes(visit, "AIUTO", carrier_says="help", provider_answered=True)
    assert (answers_to(message), cases()) == ([], [])


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Help me move my appointment please", ["reschedule_request"]),
        ("Info: I can't come on Saturday", ["cancel_request"]),
        ("Help, where do I park?", ["question"]),
        ("Help please call me", ["call_wanted"]),
        ("Info for the insurance people wanted", ["unclear_reply"]),
        ("Ayuda, no puedo ir", ["cancel_request"]),
        ("Help me, my husband died", ["deceased"]),
        ("help", []),
        ("Info please", []),
    ],
)
def test_what_is_said_beside_the_carriers_help_gets_its_case(visit: Appointment, text: str, reasons: list[str]) -> None:
    asked_about(visit)
    message = writes(visit, text, carrier_says="help", provider_answered=True)
    assert (cases(), status_of(visit)) == (reasons, "booked")
    assert "help_answer" not in answers_to(message)


def test_danger_in_what_the_carrier_calls_help_is_still_danger(visit: Appointment) -> None:
    writes(visit, "HELP I have chest pain", carrier_says="help", provider_answered=True)
    assert cases() == ["emergency"]


def test_danger_beside_the_carriers_stop_still_reaches_a_person(visit: Appointment) -> None:
    writes(visit, "stop I have chest pain", carrier_says="stop", provider_answered=True)
    assert consent.is_suppressed(visit.customer.phone)
    assert cases() == ["emergency"]


def test_a_bare_cancel_stays_a_case_when_the_carrier_calls_it_stop(visit: Appointment) -> None:
    writes(visit, "CANCEL", carrier_says="stop", provider_answered=True)
    assert cases() == ["cancel_word"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NO", "cancel_request"),
        ("Nope", "cancel_request"),
        ("no gracias", "cancel_request"),
        ("can't come", "cancel_request"),
        ("not going", "cancel_request"),
        ("não", "cancel_request"),
        ("X", "cancel_request"),
        ("No, wrong day", "cancel_request"),
        ("Can we do Friday instead?", "reschedule_request"),
        ("Is there parking?", "question"),
    ],
)
def test_what_the_carriers_stop_says_of_the_visit_is_a_case(visit: Appointment, text: str, reason: str) -> None:
    asked_about(visit)
    writes(visit, text, carrier_says="stop", provider_answered=True)
    assert consent.is_suppressed(visit.customer.phone)
    assert (cases(), status_of(visit)) == ([reason], "booked")


@pytest.mark.parametrize("text", ["STOP", "ABMELDEN", "no more texts please", "no mas", "退订"])
def test_a_stop_that_says_nothing_of_the_visit_is_no_case(visit: Appointment, text: str) -> None:
    asked_about(visit)
    writes(visit, text, carrier_says="stop", provider_answered=True)
    assert cases() == []
