"""A case ends by itself, with why, when what it asks for has happened; and some only by a person's hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from appointments import case_reasons
from appointments.case_reasons import Change
from appointments.case_reasons.words import because
from appointments.inbound import Person
from appointments.models import Appointment, Escalation
from appointments.services import escalations
from appointments.services.person import customers
from appointments.services.visit import standing_again, visits
from aro import clock
from compliance.models import Actor, Event
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory

pytestmark = [pytest.mark.django_db(transaction=True)]

ENDS: dict[str, Callable[[Appointment], object]] = {
    "confirmed": lambda visit: visits.confirm(visit, actor=Actor.USER),
    "moved": lambda visit: visits.move(visit, clock.now() + timedelta(days=9), actor=Actor.ADMIN, actor_id="ada"),
    "cancelled": lambda visit: visits.cancel(visit, actor=Actor.ADMIN, actor_id="ada"),
}
BY_A_PERSON = ("emergency", "wrong_number", "deceased", "complaint")


@pytest.fixture
def visit() -> Appointment:
    BusinessFactory.create()
    return AppointmentFactory.create()


def opened(visit: Appointment, reason: str, **changes: object) -> Escalation:
    words = {"title": "Something happened.", "next_step": "Look."}
    return escalations.escalate(key=f"{reason}:{visit.id}", reason=reason, appointment=visit, **{**words, **changes})  # type: ignore[arg-type]


def after(visit: Appointment, end: str) -> None:
    with transaction.atomic():
        ENDS[end](visit)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("reason", ["no_answer", "cancel_request", "unclear_reply", "reschedule_request"])
def test_a_case_ends_with_what_it_waited_for(visit: Appointment, reason: str, end: str) -> None:
    case = opened(visit, reason)
    after(visit, end)
    case.refresh_from_db()
    assert (case.status, case.resolved_by) == ("resolved", "system")
    assert case.resolution == because(end)
    assert Event.objects.filter(type="escalation.resolved", aggregate_id=case.id).exists()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("reason", BY_A_PERSON)
def test_an_emergency_a_wrong_number_a_death_and_a_complaint_wait_for_a_person(
    visit: Appointment, reason: str, end: str
) -> None:
    case = opened(visit, reason)
    after(visit, end)
    case.refresh_from_db()
    assert case.status == "open"


def test_a_confirmation_repeated_settles_the_no_said_in_between(visit: Appointment) -> None:
    after(visit, "confirmed")
    case = opened(visit, "cancel_request")
    after(visit, "confirmed")
    case.refresh_from_db()
    assert case.status == "resolved"
    assert Event.objects.filter(type="appointment.confirmed").count() == 1


def test_a_missing_number_ends_with_the_number_and_not_with_a_move() -> None:
    business = BusinessFactory.create()
    visit = AppointmentFactory.create(
        customer=CustomerFactory.create(phone="", email="ana@example.com", name="Ana Diaz")
    )
    case = opened(visit, "no_phone")
    after(visit, "moved")
    case.refresh_from_db()
    assert case.status == "open"
    with transaction.atomic():
        customers.match_or_create(
            Person(name="Ana Diaz", email="ana@example.com", phone="+12025550177"), business=business
        )
    case.refresh_from_db()
    assert (case.status, case.resolution) == ("resolved", because(Change.REACHABLE))


def test_another_visits_cases_stay_open(visit: Appointment) -> None:
    other = opened(AppointmentFactory.create(customer=visit.customer), "cancel_request")
    after(visit, "cancelled")
    other.refresh_from_db()
    assert other.status == "open"


def test_an_emergency_ranks_above_everything_whatever_its_caller_says(visit: Appointment) -> None:
    opened(visit, "cancel_request", priority=escalations.HIGH)
    last = opened(visit, "emergency", priority=escalations.LOW)
    assert Escalation.objects.first() == last
    assert last.get_priority_display() == "Urgent"


def test_a_reason_brings_its_own_words(visit: Appointment) -> None:
    case = escalations.escalate(key="x", reason="emergency", appointment=visit)
    assert (case.title, case.next_step) == (
        "A patient's message may be about an emergency.",
        "Read the message and call the patient now.",
    )


def test_whatever_may_mean_not_coming_is_in_the_one_table() -> None:
    assert {"cancel_request", "emergency", "unclear_reply", "wrong_number", "complaint"} <= case_reasons.DOUBTFUL
    assert "no_answer" not in case_reasons.DOUBTFUL


def test_a_case_about_several_visits_ends_when_each_of_them_is_settled(visit: Appointment) -> None:
    other = AppointmentFactory.create(customer=visit.customer)
    case = escalations.escalate(key="which", reason="which_visit", customer=visit.customer)
    after(visit, "confirmed")
    case.refresh_from_db()
    assert case.status == "open"
    after(other, "cancelled")
    case.refresh_from_db()
    assert (case.status, case.resolved_by) == ("resolved", "system")


def test_a_cancellation_taken_back_leaves_the_patients_wish_waiting_again(visit: Appointment) -> None:
    case, old = opened(visit, "cancel_request"), opened(visit, "unclear_reply")
    escalations.resolve(old, by="ada")
    after(visit, "cancelled")
    with transaction.atomic():
        standing_again.reopen(visit, actor=Actor.ADMIN, actor_id="ada", reason="wrong visit")
    case.refresh_from_db()
    old.refresh_from_db()
    assert (case.status, case.resolved_by, old.status) == ("open", "", "resolved")
