"""Where the carrier says which text of ours a reply stands under (a swipe reply, a button), it is about that text."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.models import Appointment, Escalation, Message
from aro import clock
from tests.factories import AppointmentFactory
from tests.workflows.family import family, told_together
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BOOKED = "Bright Dental: your visit is booked. Reply R to reschedule, X if you cannot come."
A, B = "SM" + "a" * 32, "SM" + "b" * 32


def under(text: Message, sid: str) -> Message:
    text.provider_id = sid
    text.save()
    return text


def two(*, of_one: bool) -> tuple[Appointment, Appointment]:
    """B was told first; A's reminder has asked last."""
    first, second = family("Amy", "Tom")
    if of_one:
        Appointment.objects.filter(pk=second.pk).update(customer=first.customer)
    Appointment.objects.filter(pk=second.pk).update(starts_at=second.starts_at + 7 * DAY)
    first.refresh_from_db()
    second.refresh_from_db()
    under(asked_about(second, BOOKED, kind="confirmation", ago=9 * DAY), B)
    under(asked_about(first), A)
    return first, second


@pytest.mark.parametrize("of_one", [True, False])
@pytest.mark.parametrize("words", ["C", "Yes", "sí"])
@pytest.mark.parametrize("answered", [A, B])
def test_a_yes_confirms_the_visit_of_the_text_it_stands_under(of_one: bool, words: str, answered: str) -> None:
    visits = two(of_one=of_one)
    message = writes(visits[0], words, channel="whatsapp", answers=answered)
    assert [status_of(one) for one in visits] == [
        "confirmed" if answered == A else "booked",
        "confirmed" if answered == B else "booked",
    ]
    assert (answers_to(message), cases()) == (["thank_you"], [])


@pytest.mark.parametrize("of_one", [True, False])
@pytest.mark.parametrize(
    ("words", "reason"),
    [("X", "cancel_request"), ("R", "reschedule_request"), ("running 10 minutes late", "running_late"),
     ("what should I bring?", "question"), ("hmm let me see", "unclear_reply")],
)  # fmt: skip
def test_what_else_is_said_there_is_a_case_of_that_visit(of_one: bool, words: str, reason: str) -> None:
    first, second = two(of_one=of_one)
    writes(first, words, channel="whatsapp", answers=B)
    assert list(Escalation.objects.values_list("reason", "appointment_id")) == [(reason, second.id)]


@pytest.mark.parametrize("sid", ["", "SM" + "c" * 32])
def test_an_unknown_text_changes_nothing(sid: str) -> None:
    first, second = two(of_one=True)
    writes(first, "X", channel="whatsapp", answers=sid)
    assert list(Escalation.objects.values_list("reason", "appointment_id")) == [("cancel_request", first.id)]


def test_a_text_to_another_phone_is_unknown() -> None:
    first, _ = two(of_one=True)
    stranger = AppointmentFactory.create(starts_at=clock.now() + 3 * DAY)
    under(asked_about(stranger), "SM" + "d" * 32)
    writes(first, "X", channel="whatsapp", answers="SM" + "d" * 32)
    assert list(Escalation.objects.values_list("reason", "appointment_id")) == [("cancel_request", first.id)]


@pytest.mark.parametrize("words", ["C", "Yes, I will be there"])
def test_a_yes_under_the_former_time_of_a_moved_visit_confirms_nothing(words: str) -> None:
    [visit] = family("Amy")
    under(asked_about(visit, BOOKED, kind="confirmation", ago=DAY), A)
    Appointment.objects.filter(pk=visit.pk).update(starts_at=visit.starts_at + DAY)
    visit.refresh_from_db()
    under(asked_about(visit, BOOKED, kind="moved"), B)
    writes(visit, words, channel="whatsapp", answers=A)
    assert status_of(visit) == "booked"
    assert "former time" in Escalation.objects.get().title
    writes(visit, words, channel="whatsapp", answers=B)
    assert status_of(visit) == "confirmed"


def test_under_a_text_to_a_family_a_yes_is_for_all_whom_it_named() -> None:
    amy, tom, zoe = family("Amy", "Tom", "Zoe")
    told_together([amy, tom])
    under(Message.objects.get(), A)
    under(asked_about(zoe, ago=timedelta(minutes=1)), B)
    writes(amy, "C", channel="whatsapp", answers=A)
    assert [status_of(one) for one in (amy, tom, zoe)] == ["confirmed", "confirmed", "booked"]


def test_words_about_another_visit_are_not_taken_for_that_one() -> None:
    amy, tom = two(of_one=False)
    writes(amy, "Tom can't come", channel="whatsapp", answers=A)
    assert list(Escalation.objects.values_list("reason", "appointment_id")) == [("cancel_request", tom.id)]


@pytest.mark.parametrize(("words", "confirmed"), [("C", False), ("yes", False), ("X", False)])
def test_a_letter_under_the_text_of_a_visit_that_is_over_is_about_no_other_one(words: str, confirmed: bool) -> None:
    first, second = two(of_one=True)
    Appointment.objects.filter(pk=second.pk).update(starts_at=clock.now() - DAY, status="completed")
    writes(first, words, channel="whatsapp", answers=B)
    assert (status_of(first) == "confirmed") == confirmed
    assert list(Escalation.objects.values_list("reason", "appointment_id")) == [("unclear_reply", second.id)]


def test_a_wish_in_plain_words_there_is_about_what_is_to_come() -> None:
    first, second = two(of_one=True)
    Appointment.objects.filter(pk=second.pk).update(starts_at=clock.now() - DAY, status="completed")
    writes(first, "I need to cancel my appointment", channel="whatsapp", answers=B)
    assert list(Escalation.objects.values_list("reason", "appointment_id")) == [("cancel_request", first.id)]


def test_a_yes_under_the_text_of_a_cancelled_visit_is_answered_truthfully() -> None:
    first, second = two(of_one=True)
    Appointment.objects.filter(pk=second.pk).update(status="cancelled")
    message = writes(first, "C", channel="whatsapp", answers=B)
    assert (status_of(first), answers_to(message)) == ("booked", ["already_cancelled"])


def test_a_quote_in_a_text_message_says_it_too() -> None:
    first, second = two(of_one=True)
    writes(first, f"> {BOOKED}\nX")
    assert list(Escalation.objects.values_list("reason", "appointment_id")) == [("cancel_request", second.id)]


def test_a_stop_under_any_text_is_a_stop() -> None:
    first, _ = two(of_one=True)
    message = writes(first, "STOP", channel="whatsapp", answers=B)
    assert answers_to(message) == ["opt_out_answer"]
