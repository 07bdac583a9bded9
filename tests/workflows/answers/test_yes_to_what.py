"""An "ok" agrees with what was said last: only where that was the visit does it confirm the visit."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments.models import Appointment, Escalation, Message
from appointments.services import escalations
from aro import clock
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db
JUST_NOW = timedelta(microseconds=1)
ZONE = "America/New_York"
OKS = (
    "ok", "ok thanks", "ok great", "perfect", "yes", "sounds good", "👍", "👍👍", "sure, see you then", "that works",
    "great thank you so much", "vale", "sí", "perfecto", "de acuerdo", "está bien",
    "sip ahi nos vemos", "bueno gracias", "ok, have a good afternoon", "ok 2:30",
)  # fmt: skip
PLAIN = (
    "C", "c", "C thanks", "C.", "I will come after all", "yes I can come", "ok I'll be there",
    "I can make it after all", "confirm", "yes, confirmed", "ok, see you tuesday the 15th at 2:30",
    "ok keep my appointment", "sí voy", "confirmo", "ahí estaré", "sí puedo ir", "vale, voy",
)  # fmt: skip
AGAINST = {
    "I need to cancel": "cancel_request",
    "can't come that day": "cancel_request",
    "no puedo ir": "cancel_request",
    "X": "cancel_request",
    "R": "reschedule_request",
    "can we do 3pm instead?": "reschedule_request",
    "Can I come Thursday instead": "reschedule_request",
    "pero puede ser a las 5?": "reschedule_request",
}
UNREAD = {
    "si pero mi hijo también puede venir?": "unclear_reply",
    "Como llego? tengo miedo jaja 😅": "unclear_reply",
    "Is there parking?": "question",
    "puedo llevar a mi hijo?": "question",
    "please call me": "call_wanted",
}
NOTHING_TO_CONFIRM = (
    "handed_over", "reschedule_link", "which_visit", "deposit_request", "deposit_reminder", "deposit_receipt",
    "help_answer", "opt_in_answer", "emergency_answer", "review", "rebooking",
)  # fmt: skip


@pytest.fixture
def visit() -> Appointment:
    """On a Tuesday the 15th at half past two."""
    BusinessFactory.create()
    now = clock.now().astimezone(ZoneInfo(ZONE))
    days = (now + timedelta(days=n) for n in range(2, 1000))
    day = next(one for one in days if one.day == 15 and one.weekday() == 1)
    at = datetime(day.year, day.month, day.day, 14, 30, tzinfo=ZoneInfo(ZONE))
    return AppointmentFactory.create(starts_at=at, timezone=ZONE, customer=CustomerFactory.create(name="Ana Diaz"))


def has_got(visit: Appointment, kind: str) -> Message:
    return asked_about(visit, "Thanks, our team has your message. Bright Dental.", kind=kind, ago=JUST_NOW)


def has_written(visit: Appointment, text: str) -> None:
    """After a reminder; what ARO answered has reached them."""
    asked_about(visit)
    writes(visit, text)
    Message.objects.filter(key__startswith="answer:", status="planned").update(status="delivered", sent_at=clock.now())


@pytest.mark.parametrize("said", AGAINST)
@pytest.mark.parametrize("text", OKS)
def test_an_ok_after_words_against_coming_confirms_nothing(visit: Appointment, said: str, text: str) -> None:
    has_written(visit, said)
    message = writes(visit, text)
    assert (status_of(visit), answers_to(message)) == ("booked", [])
    assert AGAINST[said] in cases()


@pytest.mark.parametrize("said", UNREAD)
@pytest.mark.parametrize("text", ["ok", "ok thanks", "👍👍", "sí", "vale", "sip ahi nos vemos", "yes"])
def test_an_ok_after_words_that_nobody_has_read_settles_nothing(visit: Appointment, said: str, text: str) -> None:
    has_written(visit, said)
    message = writes(visit, text)
    assert (status_of(visit), cases(), answers_to(message)) == ("booked", [UNREAD[said]], [])


def test_all_three_within_a_second(visit: Appointment) -> None:
    asked_about(visit)
    for text in ("sí", "pero puede ser a las 5?", "👍"):
        writes(visit, text)
    assert "reschedule_request" in cases()


@pytest.mark.parametrize("said", ["I need to cancel", "R", "Is there parking?"])
def test_a_mere_ok_makes_no_second_case_and_leaves_the_first_alone(visit: Appointment, said: str) -> None:
    has_written(visit, said)
    label = Appointment.objects.get(pk=visit.pk).last_reply_label
    writes(visit, "ok thanks")
    assert Escalation.objects.get().times == 1
    assert Appointment.objects.get(pk=visit.pk).last_reply_label == label


@pytest.mark.parametrize("said", ["I need to cancel", "can we do 3pm instead?", "si pero mi hijo también puede venir?"])
@pytest.mark.parametrize("text", PLAIN)
def test_who_says_that_they_come_after_all_is_believed(visit: Appointment, said: str, text: str) -> None:
    has_written(visit, said)
    message = writes(visit, text)
    assert (status_of(visit), cases(), answers_to(message)) == ("confirmed", [], ["thank_you"])


@pytest.mark.parametrize("text", ["C", "I'll be there"])
def test_the_case_of_a_question_stays_open_whatever_follows(visit: Appointment, text: str) -> None:
    has_written(visit, "Is there parking?")
    writes(visit, text)
    assert (status_of(visit), cases()) == ("confirmed", ["question"])


def test_a_question_beside_the_ok_is_one(visit: Appointment) -> None:
    has_written(visit, "I need to cancel")
    message = writes(visit, "Ok. Is there a fee?")
    assert (status_of(visit), cases()) == ("booked", ["cancel_request", "question"])
    assert message.classification.label == "QUESTION"


def test_once_staff_have_settled_it_the_next_reminder_is_agreed_to(visit: Appointment) -> None:
    has_written(visit, "can we do 3pm instead?")
    escalations.resolve(Escalation.objects.get(), by="ana")
    asked_about(visit, ago=JUST_NOW)
    writes(visit, "ok")
    assert status_of(visit) == "confirmed"


@pytest.mark.parametrize("kind", NOTHING_TO_CONFIRM)
@pytest.mark.parametrize("text", ["ok", "yes", "perfect", "sí", "👍", "vale gracias"])
def test_an_ok_under_a_text_that_asked_for_no_confirmation_confirms_nothing(
    visit: Appointment, kind: str, text: str
) -> None:
    asked_about(visit)
    has_got(visit, kind)
    message = writes(visit, text)
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], ["unclear_reply"])


@pytest.mark.parametrize("kind", ["handed_over", "deposit_request", "help_answer"])
@pytest.mark.parametrize("text", ["C", "yes I'll be there", "yes, see you at 2:30", "sí, ahí estaré"])
def test_under_it_a_plain_yes_to_the_visit_counts(visit: Appointment, kind: str, text: str) -> None:
    asked_about(visit)
    has_got(visit, kind)
    writes(visit, text)
    assert status_of(visit) == "confirmed"


@pytest.mark.parametrize("text", ["ok", "ok thanks", "perfecto", "👍"])
def test_an_ok_that_nobody_waits_for_needs_nobody(visit: Appointment, text: str) -> None:
    """The booking was told, and then a payment link came."""
    asked_about(visit, kind="confirmation")
    has_got(visit, "deposit_request")
    writes(visit, text)
    assert status_of(visit) == "booked"


@pytest.mark.parametrize("kind", ["confirmation", "moved", "reminder_first", "reminder_last", "reminder_48h"])
@pytest.mark.parametrize("text", ["ok", "ok thanks", "yes", "sí", "👍", "perfecto"])
def test_an_ok_under_a_text_about_the_visit_confirms_it(visit: Appointment, kind: str, text: str) -> None:
    has_got(visit, "help_answer")
    asked_about(visit, kind=kind, ago=JUST_NOW)
    writes(visit, text)
    assert status_of(visit) == "confirmed"


def test_an_ok_that_quotes_the_reminder_is_about_the_visit(visit: Appointment) -> None:
    reminder = asked_about(visit)
    Message.objects.filter(pk=reminder.pk).update(provider_id="SM1")
    has_got(visit, "deposit_request")
    writes(visit, "ok", answers="SM1")
    assert status_of(visit) == "confirmed"


def test_an_ok_about_lateness_needs_nobody(visit: Appointment) -> None:
    has_written(visit, "running 10 minutes late")
    writes(visit, "ok thanks")
    assert (status_of(visit), cases()) == ("booked", ["running_late"])


def test_of_a_family_an_ok_confirms_nobody_who_cannot_come(visit: Appointment) -> None:
    child = CustomerFactory.create(name="Leo Diaz", phone=visit.customer.phone)
    leo = AppointmentFactory.create(starts_at=visit.starts_at, timezone=ZONE, customer=child)
    text = asked_about(visit, "See you? Ana Tue 2:30 PM, Leo Tue 2:30 PM. Reply C to confirm all.")
    for one in (visit, leo):
        text.named.create(appointment=one, visit_start=one.starts_at, planned_for=clock.now())
    writes(visit, "Ana yes, Leo no he has fever")
    writes(visit, "ok")
    assert (status_of(visit), status_of(leo), cases()) == ("confirmed", "booked", ["cancel_request"])
