"""A visit that the patient counts on is cancelled by somebody else: a person tells them, until they know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from appointments.inbound import TO_BE_CHOSEN, BookingCancelled, BookingCreated, BookingMoved
from appointments.models import Appointment, Escalation, Message, NamedVisit
from appointments.services import escalations
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro import clock
from aro.ids import new_id
from aro.queue import tick
from compliance.models import Actor
from integrations.outbound import outcome
from integrations.providers.shared.base import Accepted
from tests.factories import BusinessFactory, booking
from tests.workflows.phone import asked_about, cases, writes
from workflows.commands import bus
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists

pytestmark = [pytest.mark.django_db(transaction=True)]
UNTOLD = "cancelled_untold"


@pytest.fixture
def visit() -> Appointment:
    """Booked four days ahead, and a reminder of it has gone out."""
    found = booked()
    asked_about(found)
    return found


def booked(**changes: object) -> Appointment:
    BusinessFactory.create()
    news = BookingCreated(booking=booking(**changes), occurred_at=clock.now())
    with transaction.atomic():
        bookings.created(news, correlation_id=new_id())
    return Appointment.objects.order_by("created_at").last()  # type: ignore[return-value]


def off(by: str = "business", moved_to: str = "") -> None:
    news = BookingCancelled(booking=booking(), occurred_at=clock.now(), by=by, moved_to=moved_to)  # type: ignore[arg-type]
    with transaction.atomic():
        bookings.cancelled(news, correlation_id=new_id())


def case() -> Escalation:
    return Escalation.objects.get(reason=UNTOLD)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=True):
        yield


def does(command: str, visit: Appointment, **fields: object) -> None:
    payload = {"appointment_id": str(visit.id), **fields}
    bus.execute(command=command, payload=payload, actor=Actor.ADMIN, actor_id="ada")


@pytest.mark.parametrize(
    ("by", "words"), [("business", "cancelled by the clinic."), ("unknown", "unless they cancelled it themselves")]
)
def test_who_was_told_of_a_visit_is_told_that_it_is_off(visit: Appointment, by: str, words: str) -> None:
    off(by)
    assert words in case().title
    assert (case().appointment_id, case().priority) == (visit.id, escalations.MEDIUM)


def test_what_the_patient_cancels_is_no_case(visit: Appointment) -> None:
    off("customer")
    assert cases() == []


def test_nor_is_a_visit_nobody_was_told_of() -> None:
    booked()
    Message.objects.all().delete()
    off()
    assert cases() == []


def test_a_text_to_the_family_has_told_them_too(visit: Appointment) -> None:
    Message.objects.filter(appointment=visit).update(appointment=None)
    named = Message.objects.get(kind="reminder_48h")
    NamedVisit.objects.create(message=named, appointment=visit, visit_start=visit.starts_at, planned_for=clock.now())
    off()
    assert cases() == [UNTOLD]


def test_who_confirmed_without_a_text_counts_on_it_too() -> None:
    visit = booked()
    with transaction.atomic():
        visits.confirm(visit, actor=Actor.ADMIN)
    off()
    assert cases() == [UNTOLD]


def test_a_visit_within_a_day_comes_first(visit: Appointment) -> None:
    with at(visit.starts_at - timedelta(hours=20)):
        off()
        assert case().priority == escalations.HIGH


def test_who_is_not_told_for_days_comes_first_the_day_before(visit: Appointment) -> None:
    off()
    with at(visit.starts_at - timedelta(hours=23)):
        tick.drain(["sweeps"])
        assert case().priority == escalations.HIGH


def test_what_is_over_already_is_no_case(visit: Appointment) -> None:
    with at(visit.starts_at + timedelta(minutes=5)):
        off()
    assert cases() == []


@pytest.mark.parametrize("moved_to", ["https://api.example.com/invitees/next", TO_BE_CHOSEN])
def test_half_a_move_is_no_cancellation(visit: Appointment, moved_to: str) -> None:
    off(moved_to=moved_to)
    assert cases() == []


def test_a_cancellation_that_turns_out_to_be_a_move_ends_the_case(visit: Appointment) -> None:
    off("unknown")
    later = booking(external_id="https://api.example.com/invitees/next", starts_at=clock.now() + timedelta(days=6))
    moved = BookingMoved(booking=later, previous_external_id=booking().external_id, occurred_at=clock.now())
    with transaction.atomic():
        bookings.moved(moved, correlation_id=new_id())
    assert cases() == []


def test_booked_anew_ends_it(visit: Appointment) -> None:
    off()
    booked(external_id="other", starts_at=clock.now() + timedelta(days=5))
    assert (cases(), case().resolution) == ([], "The patient is booked anew.")


def test_booked_for_something_else_does_not(visit: Appointment) -> None:
    off()
    booked(external_id="other", service="Cleaning")
    assert cases() == [UNTOLD]


def test_the_new_visit_may_be_made_before_the_old_one_is_cancelled(visit: Appointment) -> None:
    booked(external_id="other", starts_at=clock.now() + timedelta(days=5))
    off()
    assert cases() == []


def test_who_gave_the_visit_up_need_not_be_told(visit: Appointment) -> None:
    writes(visit, "X")
    does("appointment.cancel", visit, reason="asked for it")
    assert cases() == []


def test_who_gave_it_up_and_then_confirmed_is_told(visit: Appointment) -> None:
    writes(visit, "X")
    writes(visit, "C")
    does("appointment.cancel", visit, reason="the doctor is ill")
    assert cases() == [UNTOLD]


def test_staff_who_have_told_them_say_so(visit: Appointment) -> None:
    does("appointment.cancel", visit, reason="the doctor is ill", patient_knows="True")
    assert cases() == []


def test_a_visit_that_stands_again_needs_no_word(visit: Appointment) -> None:
    does("appointment.cancel", visit, reason="the doctor is ill")
    does("appointment.reopen", visit, reason="wrong visit")
    assert cases() == []


@pytest.mark.parametrize("words", ["I know it was cancelled, thanks", "Ya me avisaron que la cancelaron"])
def test_a_patient_who_writes_that_they_know_ends_it(visit: Appointment, words: str) -> None:
    off()
    writes(visit, words)
    assert UNTOLD not in cases()


@pytest.mark.parametrize("words", ["Was it cancelled?", "see you then", "Nobody told me it was cancelled"])
def test_one_who_may_not_know_does_not(visit: Appointment, words: str) -> None:
    off()
    writes(visit, words)
    assert UNTOLD in cases()


def test_the_answer_that_the_visit_is_off_ends_it_when_it_goes_out(visit: Appointment) -> None:
    off()
    writes(visit, "C")
    answer = Message.objects.get(kind="already_cancelled")
    assert UNTOLD in cases()
    outcome.accept(answer, Accepted(provider_id="SM1", status="queued", segments=1))
    assert UNTOLD not in cases()


@pytest.mark.parametrize("part", ["knows", "off", "against"])
def test_its_words_are_spelled_as_replies_are_read(part: str) -> None:
    phrases = [phrase.replace("~", "") for phrase in wordlists.subject("cancelled")[part]]
    assert not [phrase for phrase in phrases if plain(phrase).split() != phrase.split()]


def test_nobody_is_told_of_a_cancellation_taken_back_in_time(visit: Appointment) -> None:
    wait = timedelta(seconds=60)
    payload = {"appointment_id": str(visit.id), "reason": "a slip"}
    done = bus.execute(command="appointment.cancel", payload=payload, actor=Actor.ADMIN, actor_id="ada", wait=wait)
    bus.take_back(done["undo"], actor=Actor.ADMIN, actor_id="ada")
    assert not Escalation.objects.exists()
