"""A visit was moved: whoever was not told of it stays in doubt, and their yes is not about the new time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from appointments.models import Appointment, Business, ClosedDay, Escalation, Message, NamedVisit
from appointments.services import escalations, messages
from appointments.services.visit import visits
from aro import clock
from aro.queue import due, sweeps
from compliance.models import Actor
from compliance.reasons import Reason
from tests.factories import AppointmentFactory, CustomerFactory
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import PHONE, ana, refused, sends, twilio, visit
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.engine import effects
from workflows.engine.step_outcomes import NotSaid
from workflows.models import WorkflowInstance

__all__ = ["ana", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


def moved(visit: Appointment, starts_at: datetime) -> None:
    with transaction.atomic():
        visits.move(visit, starts_at, actor=Actor.WEBHOOK)


def waits(visit: Appointment) -> Message:
    """The text about the new time waits for the end of quiet hours."""
    planned = messages.plan(key="m", kind="moved", appointment=visit, customer=visit.customer)
    assert planned is not None
    Message.objects.filter(pk=planned.pk).update(status="held", reason="quiet_hours")
    return planned


def goes_out(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(status="delivered", reason="", created_at=clock.now())


def quiet_until(later: timedelta) -> None:
    """It is quiet now, and until so much later."""
    there = clock.now().astimezone(ZoneInfo("America/New_York"))
    Business.objects.update(quiet_from=(there - HOUR).time(), quiet_until=(there + later).time())


def left_out_of_the_plan(visit: Appointment, reason: Reason) -> None:
    run = WorkflowInstance(
        definition="reminders",
        version=2,
        occurrence="o",
        step="tell",
        appointment=visit,
        customer=visit.customer,
    )
    effects.apply(NotSaid(kind="moved", reason=reason), run, "tell", clock.now())


def test_who_cannot_be_told_in_time_is_called(twilio: Loopback, visit: Appointment) -> None:
    asked_about(visit)
    moved(visit, clock.now() + 2 * HOUR)
    quiet_until(6 * HOUR)
    sent = sends(visit, "moved")
    assert (sent.status, sent.reason, cases()) == ("blocked", "stale", ["not_told"])
    assert not twilio.requests


@pytest.mark.parametrize("reason", [Reason.STALE, Reason.CAP_REACHED, Reason.OPTED_OUT, Reason.VISIT_PAST])
def test_whatever_keeps_the_new_time_back_a_person_hears_of_it(visit: Appointment, reason: Reason) -> None:
    """Also where the plan itself leaves it out."""
    left_out_of_the_plan(visit, reason)
    assert cases() == ["not_told"]


@pytest.mark.parametrize("reason", [Reason.CANCELLED, Reason.MOVED, Reason.TOLD_TOGETHER])
def test_news_that_no_longer_matters_is_no_case(visit: Appointment, reason: Reason) -> None:
    left_out_of_the_plan(visit, reason)
    assert cases() == []


def test_the_same_when_it_went_out_and_was_refused(twilio: Loopback, visit: Appointment) -> None:
    moved(visit, clock.now() + 9 * HOUR)
    twilio.answers = [refused(21610)]
    assert sends(visit, "moved").status == "failed"
    assert "not_told" in cases()


def test_who_knows_the_time_already_need_not_be_called(visit: Appointment) -> None:
    """Moved there and back before anybody heard of it."""
    asked_about(visit)
    left_out_of_the_plan(visit, Reason.STALE)
    assert cases() == []


def test_it_is_neither_completed_by_itself_nor_closed_by_that(visit: Appointment) -> None:
    left_out_of_the_plan(visit, Reason.STALE)
    later = clock.now() + timedelta(days=30)
    due.put("sweeps", visit.id, later)
    sweeps.handle(due.claim("sweeps", now=later, limit=9), later)
    assert (status_of(visit), cases()) == ("booked", ["past_no_outcome"])


def test_the_case_ends_with_a_word_about_the_visit(visit: Appointment) -> None:
    left_out_of_the_plan(visit, Reason.STALE)
    with transaction.atomic():
        visits.confirm(visit, actor=Actor.ADMIN, actor_id="ada")
    assert cases() == []


def test_a_yes_before_they_were_told_is_about_the_former_time(visit: Appointment) -> None:
    asked_about(visit)
    moved(visit, visit.starts_at + 3 * HOUR)
    news = waits(visit)
    message = writes(visit, "C")
    assert (status_of(visit), answers_to(message), cases()) == ("booked", [], ["unclear_reply"])
    news.refresh_from_db()
    assert news.status == "held"
    goes_out(news)
    writes(visit, "C")
    assert (status_of(visit), cases()) == ("confirmed", [])


def test_the_new_time_goes_out_beside_the_case(twilio: Loopback, visit: Appointment) -> None:
    asked_about(visit)
    moved(visit, visit.starts_at + 3 * HOUR)
    writes(visit, "C")
    assert (sends(visit, "moved").status, cases()) == ("queued", ["unclear_reply"])


def test_moved_back_to_the_time_they_know_a_yes_confirms(visit: Appointment) -> None:
    asked_about(visit)
    known = visit.starts_at
    moved(visit, known + 3 * HOUR)
    moved(visit, known)
    writes(visit, "C")
    assert status_of(visit) == "confirmed"


def test_a_yes_for_one_of_a_family_who_was_moved_confirms_nothing(visit: Appointment) -> None:
    other = AppointmentFactory.create(customer=CustomerFactory.create(phone=PHONE, name="Ben Diaz"))
    asked_about(visit)
    question = asked_about(other, ago=timedelta(minutes=20))
    for one in (visit, other):
        NamedVisit.objects.create(message=question, appointment=one, visit_start=one.starts_at, planned_for=clock.now())
    moved(other, other.starts_at + 3 * HOUR)
    writes(visit, "Ben is coming, Ana can't make it")
    assert status_of(other) == "booked"


def booked_for(visit: Appointment, ahead: timedelta, **changes: datetime) -> None:
    """Just now, or as `changes` say, for so much later."""
    now = clock.now()
    Appointment.objects.update(starts_at=now + ahead, **{"time_set_at": now, **changes})
    visit.refresh_from_db()


def test_a_visit_before_the_quiet_hours_end_is_told_by_a_person(twilio: Loopback, visit: Appointment) -> None:
    booked_for(visit, 8 * HOUR)
    quiet_until(9 * HOUR)
    sent = sends(visit)
    assert (sent.status, sent.reason, cases()) == ("blocked", "stale", ["booked_untold"])
    assert "no text can go out before it" in Escalation.objects.get().title


def test_it_is_not_thanked_for_by_itself(twilio: Loopback, visit: Appointment) -> None:
    """A review request would be the first that the patient hears."""
    booked_for(visit, 8 * HOUR)
    quiet_until(9 * HOUR)
    sends(visit)
    later = clock.now() + timedelta(days=1)
    due.put("sweeps", visit.id, later)
    sweeps.handle(due.claim("sweeps", now=later, limit=9), later)
    assert (status_of(visit), cases()) == ("booked", ["past_no_outcome"])


def test_a_text_that_goes_out_in_the_morning_is_enough(twilio: Loopback, visit: Appointment) -> None:
    booked_for(visit, 8 * HOUR)
    quiet_until(3 * HOUR)
    assert (sends(visit).status, cases()) == ("held", [])


def test_who_was_told_already_need_not_be_called(twilio: Loopback, visit: Appointment) -> None:
    booked_for(visit, 8 * HOUR)
    quiet_until(9 * HOUR)
    asked_about(visit)
    sends(visit)
    assert cases() == []


def test_a_walk_in_knows(twilio: Loopback, visit: Appointment) -> None:
    booked_for(visit, HOUR / 2)
    quiet_until(9 * HOUR)
    sends(visit)
    assert cases() == []


def test_who_books_at_once_while_nobody_is_there_is_no_walk_in(twilio: Loopback, visit: Appointment) -> None:
    Business.objects.update(hours={})
    ClosedDay.objects.create(day=clock.now().astimezone(ZoneInfo("America/New_York")).date(), name="Holiday")
    booked_for(visit, HOUR / 2)
    quiet_until(9 * HOUR)
    sends(visit)
    assert cases() == ["booked_untold"]


def test_heard_of_late_but_booked_before_is_no_walk_in(twilio: Loopback, visit: Appointment) -> None:
    booked_for(visit, HOUR / 2, time_set_at=clock.now() - 10 * HOUR)
    quiet_until(9 * HOUR)
    sends(visit)
    assert cases() == ["booked_untold"]


def test_a_visit_entered_after_its_time_is_no_case(twilio: Loopback, visit: Appointment) -> None:
    booked_for(visit, -HOUR)
    quiet_until(9 * HOUR)
    assert (sends(visit).status, cases()) == ("blocked", [])


@pytest.mark.parametrize(
    ("kind", "status"), [("review", "completed"), ("rebooking", "completed"), ("no_show_followup", "no_show")]
)
@pytest.mark.parametrize(("heard", "reason"), [(timedelta(0), "heard_too_late"), (timedelta(days=2), "")])
def test_nothing_follows_a_visit_that_was_over_when_it_was_first_heard_of(
    twilio: Loopback, visit: Appointment, kind: str, status: str, heard: timedelta, reason: str
) -> None:
    booked_for(visit, -3 * HOUR, created_at=clock.now() - heard)
    Appointment.objects.update(status=status)
    visit.refresh_from_db()
    sent = sends(visit, kind)
    assert (sent.reason, bool(twilio.requests)) == (reason, not reason)


@pytest.mark.parametrize(("moved_since", "expected"), [(False, []), (True, ["cap_reached"])])
def test_a_reminder_left_out_under_the_cap_is_a_case_only_for_who_does_not_know_the_time(
    twilio: Loopback,
    visit: Appointment,
    moved_since: bool,  # noqa: FBT001
    expected: list[str],
) -> None:
    for kind in ("confirmation", "moved", "moved"):
        assert sends(visit, kind).status == "queued"
    if moved_since:
        Appointment.objects.update(starts_at=visit.starts_at + HOUR)
        visit.refresh_from_db()
    message = sends(visit, "reminder_first")
    assert (message.status, message.reason, cases()) == ("blocked", "cap_reached", expected)


DEATH, STRANGER = "Ana died on Sunday", "wrong number"


@pytest.mark.parametrize(
    ("said", "first"), [(DEATH, "Call nobody about this visit"), (STRANGER, "Find the patient's right number first")]
)
def test_who_died_is_not_called_and_a_stranger_not_told(visit: Appointment, said: str, first: str) -> None:
    asked_about(visit)
    writes(visit, said)
    left_out_of_the_plan_after_a_move(visit)
    steps = dict(Escalation.objects.filter(status="open").values_list("reason", "next_step"))
    assert steps["not_told"].startswith(first)
    escalations.escalate(key="n:2", reason="no_answer", next_step="Call the patient now.", appointment=visit)
    steps |= dict(Escalation.objects.filter(status="open").values_list("reason", "next_step"))
    assert steps["no_answer"].startswith(first)


@pytest.mark.parametrize("said", [DEATH, STRANGER])
def test_a_case_that_asked_to_call_before_says_so_from_then_on(visit: Appointment, said: str) -> None:
    asked_about(visit)
    case = escalations.escalate(key="n:1", reason="not_reminded", appointment=visit)
    writes(visit, said)
    case.refresh_from_db()
    assert not case.next_step.startswith("Call the patient")


def test_another_business_reads_nothing_of_it_in_its_own_cases(visit: Appointment) -> None:
    asked_about(visit)
    case = escalations.escalate(key="n:1", reason="not_reminded", appointment=visit)
    Escalation.objects.filter(pk=case.pk).update(tenant_id="other")
    writes(visit, DEATH)
    case.refresh_from_db()
    assert case.next_step.startswith("Call the patient")


def test_without_either_the_patient_is_called(visit: Appointment) -> None:
    left_out_of_the_plan(visit, Reason.STALE)
    assert Escalation.objects.get().next_step.startswith("Call the patient and tell the new time")


def left_out_of_the_plan_after_a_move(visit: Appointment) -> None:
    moved(visit, clock.now() + 2 * HOUR)
    visit.refresh_from_db()
    left_out_of_the_plan(visit, Reason.STALE)
