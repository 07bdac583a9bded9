"""When the visit is over: thanked and asked for a review, or won back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.flows.clinic import Clinic, Patient, hours, minutes
from tests.flows.conftest import NewPatient


@pytest.fixture
def weekday(clinic: Clinic) -> datetime:
    """A Tuesday at ten, three days ahead: no review goes out on a Sunday morning."""
    saturday = clinic.day(0, at="10:00") + timedelta(days=(5 - clinic.day(0, at="10:00").weekday()) % 7)
    clinic.goes_to(saturday)
    return clinic.day(3, at="10:00")


def test_a_review_is_asked_for_six_hours_after_the_visit_of_everyone_alike(
    clinic: Clinic, new_patient: NewPatient, weekday: datetime
) -> None:
    happy, cross = new_patient("Ana Diaz"), new_patient("Bo Li")
    visits = [happy.books(weekday), cross.books(weekday)]
    for patient in (happy, cross):
        patient.is_told("is booked for")
    clinic.goes_to(weekday - hours(48))
    happy.is_told("Reply C to confirm")
    cross.is_told("Reply C to confirm")
    happy.writes("C")
    happy.is_told("Thank you for confirming")
    cross.writes("You are always late, this is annoying. C")
    cross.clinic.settles()
    cross.reads_all()
    clinic.goes_to(weekday + hours(6) + minutes(29))
    happy.hears_nothing_more()
    cross.reads_all()
    # What the cross one wrote is not plain, so a person says that both came.
    clinic.command("appointments:outcomes", "--all-came", "--yes")
    clinic.goes_to(weekday + hours(6) + minutes(30))
    links = {patient.is_told("How was it?").rpartition(" ")[2] for patient in (happy, cross)}
    assert len(links) == 1
    assert [visit.status for visit in visits] == ["completed", "completed"]


def test_the_next_visit_is_offered_after_the_review_was_waited_for(
    clinic: Clinic, patient: Patient, weekday: datetime
) -> None:
    patient.books(weekday)
    patient.is_told("is booked for")
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    clinic.goes_to(weekday + hours(6.5))
    patient.is_told("How was it?")
    clinic.goes_to(weekday + hours(6.5) + hours(48) + minutes(5))
    patient.is_told("whenever you want to come back")
    patient.hears_nothing_more()


def test_who_was_asked_for_a_review_lately_is_not_asked_again(
    clinic: Clinic, patient: Patient, weekday: datetime
) -> None:
    reviews = []
    for starts_at in (weekday, weekday + timedelta(days=7)):
        clinic.goes_to(starts_at - timedelta(days=3))
        visit = patient.books(starts_at)
        clinic.goes_to(starts_at + hours(7))
        reviews.append(visit.message("review"))
    assert (reviews[0]["status"], reviews[1]["reason"]) == ("delivered", "asked_recently")


def test_who_did_not_come_is_offered_another_time_and_never_asked_for_a_review(
    clinic: Clinic, patient: Patient, weekday: datetime
) -> None:
    visit = patient.books(weekday)
    patient.is_told("is booked for")
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    clinic.goes_to(weekday + minutes(30))
    visit.is_missed()
    patient.is_told("we missed you")
    visit.becomes("no_show")
    clinic.goes_to(weekday + timedelta(days=4))
    patient.hears_nothing_more()
    assert not visit.messages("review")


def test_a_no_show_marked_after_the_visit_counted_as_completed_stops_the_review(
    clinic: Clinic, patient: Patient, weekday: datetime
) -> None:
    visit = patient.books(weekday)
    patient.is_told("is booked for")
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    clinic.goes_to(weekday + hours(3))
    visit.becomes("completed")
    visit.is_missed()
    patient.is_told("we missed you")
    clinic.goes_to(weekday + timedelta(days=4))
    patient.hears_nothing_more()
    assert visit.status == "no_show"
