"""Thanks after a text that asks nothing need nobody; beside an open question they are a reply like any other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Customer, Message
from appointments.services.visit import doubts
from aro import clock
from compliance.models import Event
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.replies.meanings.courtesy import is_courtesy

pytestmark = pytest.mark.django_db
THANKS = (
    "Thank you!", "Muchas gracias", "Great, thank you", "thx 🙏", "Thanks Maria!", "Thank you Dr. Smith",
    "Perfect, thanks for letting me know", "gracias, que tenga buen día", "You too!",
    "Thank you so much, have a great day",
    "Happy Thanksgiving!", "muy amable, gracias", "no problem", "Thanks, see you then",
)  # fmt: skip
NO_COURTESY = (
    "hello?", "thanks?", "sorry", "lo siento gracias", "please", "Thank you but I can't come",
    "thanks for nothing",
    "thanks cancel", "ok cancel it", "ok I'll call you", "thanks, wrong day", "ok tomorrow", "thanks 🙄",
    "no thanks", "no", "great, another fee", "thank you I'm not coming", "thanks 2 pm", "ok what time",
)  # fmt: skip
PRAISE = (
    "It was great, thank you!", "yes", "ok", "Everyone was so nice", "5 stars!", "done", "I just left you a review",
    "Excelente servicio, gracias", "Todo muy bien", "Dr. Lee was wonderful", "Great experience", "me encantó",
    "will do",
    "The staff was very friendly and professional",
)  # fmt: skip
NO_PRAISE = (
    "It was great but my tooth hurts", "It was terrible", "not good", "no", "it hurts a lot", "you never called me",
    "I didn't go", "good but pricey", "I was there and waited an hour", "great if you like waiting",
)  # fmt: skip


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create(customer=CustomerFactory.create(name="Ana Diaz"))


def has_got(visit: Appointment, kind: str, *, minutes_ago: float = 1) -> Message:
    return asked_about(visit, "Thank you. Bright Dental.", kind=kind, ago=timedelta(minutes=minutes_ago))


def confirmed(visit: Appointment) -> None:
    """The reminder, its yes, and our thanks."""
    asked_about(visit)
    writes(visit, "C")
    Message.objects.filter(kind="thank_you").update(status="delivered", sent_at=clock.now(), body="Thank you!")


@pytest.mark.parametrize("text", THANKS)
def test_thanks_are_known(text: str) -> None:
    assert is_courtesy(text)


@pytest.mark.parametrize("text", NO_COURTESY)
def test_what_says_more_is_none(text: str) -> None:
    assert not is_courtesy(text)
    assert not is_courtesy(f"{text}. Thanks so much!")


@pytest.mark.parametrize("text", ["hi", "good morning", "hola"])
def test_a_greeting_alone_begins_something(text: str) -> None:
    assert not is_courtesy(text)


@pytest.mark.parametrize("text", PRAISE)
def test_praise_is_known_after_the_text_that_asks_for_it(text: str) -> None:
    assert is_courtesy(text, praises=True)


@pytest.mark.parametrize("text", NO_PRAISE)
def test_a_complaint_is_no_praise(text: str) -> None:
    assert not is_courtesy(text, praises=True)


def test_a_long_one_is_read_at_once() -> None:
    assert not is_courtesy("thank you so much " * 400 + "x")


@pytest.mark.parametrize("text", THANKS)
def test_thanks_after_our_thank_you_need_nobody(visit: Appointment, text: str) -> None:
    confirmed(visit)
    message = writes(visit, text)
    assert (cases(), status_of(visit)) == ([], "confirmed")
    assert answers_to(message) in ([], ["thank_you"])
    visit.refresh_from_db()
    assert (doubts.about(visit), visit.last_reply_label) == (False, "CONFIRM")


@pytest.mark.parametrize("text", ["Thank you!", "Muchas gracias"])
@pytest.mark.parametrize("kind", ["confirmation", "moved", "deposit_request", "reminder_plain", "deposit_receipt"])
def test_thanks_for_what_was_told_need_nobody_and_confirm_nothing(visit: Appointment, kind: str, text: str) -> None:
    has_got(visit, kind)
    message = writes(visit, text)
    assert (cases(), status_of(visit), answers_to(message)) == ([], "booked", [])
    assert not Event.objects.filter(type="response.classified").exists()


def test_thanks_after_a_move_need_nobody(visit: Appointment) -> None:
    """The question was about the former time."""
    question = asked_about(visit, ago=timedelta(hours=3))
    Message.objects.filter(pk=question.pk).update(visit_start=visit.starts_at - timedelta(days=1))
    has_got(visit, "moved")
    writes(visit, "Great, thank you")
    assert cases() == []


def test_thanks_for_taking_a_question_leave_its_case_alone(visit: Appointment) -> None:
    asked_about(visit)
    writes(visit, "Is there parking?")
    has_got(visit, "handed_over", minutes_ago=0)
    writes(visit, "Thank you!")
    assert cases() == ["question"]


@pytest.mark.parametrize("kind", ["reminder_first", "reminder_last", "rebooking", "which_visit", "no_show_followup"])
def test_thanks_to_an_open_question_stay_a_reply(visit: Appointment, kind: str) -> None:
    has_got(visit, kind)
    message = writes(visit, "Thank you!")
    assert (cases(), status_of(visit)) == (["unclear_reply"], "booked")
    assert message.classification.label == "OTHER"


def test_a_text_that_asks_nothing_closes_no_open_question(visit: Appointment) -> None:
    asked_about(visit)
    has_got(visit, "deposit_request")
    writes(visit, "Thank you!")
    assert cases() == ["unclear_reply"]


@pytest.mark.parametrize("text", PRAISE)
def test_praise_after_the_review_text_needs_nobody_and_the_offer_still_comes(visit: Appointment, text: str) -> None:
    asked_about(visit, ago=timedelta(days=3))
    over(visit)
    has_got(visit, "review")
    writes(visit, text)
    visit.refresh_from_db()
    assert (cases(), doubts.about(visit)) == ([], False)


def test_a_complaint_after_the_review_text_is_for_a_person(visit: Appointment) -> None:
    over(visit)
    has_got(visit, "review")
    writes(visit, "It was great but my tooth hurts")
    assert cases() == ["unclear_reply"]


def test_a_picture_beside_the_thanks_is_looked_at(visit: Appointment) -> None:
    has_got(visit, "confirmation")
    writes(visit, "Thank you!", media=("image/jpeg",))
    assert cases() != []


def test_thanks_from_whom_we_never_wrote_to_are_for_a_person(visit: Appointment) -> None:
    writes(visit, "Thank you!")
    assert cases() == ["unclear_reply"]


def test_the_language_of_the_thanks_is_followed(visit: Appointment) -> None:
    has_got(visit, "confirmation")
    for _ in range(3):
        writes(visit, "Muchas gracias, muy amable, que tenga buen día")
    assert Customer.objects.get(pk=visit.customer_id).language == "es"


def over(visit: Appointment) -> None:
    """It was yesterday, and they came."""
    yesterday = clock.now() - timedelta(days=1)
    Appointment.objects.filter(pk=visit.pk).update(
        starts_at=yesterday, status="completed", completed_at=yesterday + timedelta(hours=3)
    )
    visit.refresh_from_db()
