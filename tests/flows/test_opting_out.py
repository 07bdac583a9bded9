"""Who says stop is not texted any more, whatever comes due; who says start is texted again."""

from __future__ import annotations

import pytest

from tests.flows.clinic import Clinic, Patient, Visit, hours


@pytest.fixture
def visit(clinic: Clinic, patient: Patient) -> Visit:
    """A visit in three days, of which the patient knows."""
    booked = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("is booked for")
    return booked


def test_stop_holds_for_every_reminder_and_the_ledger_says_so(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    patient.writes("STOP")
    for before in (48, 24, 5):
        clinic.goes_to(visit.starts_at - hours(before))
    patient.hears_nothing_more()
    assert visit.message("reminder_first")["reason"] == "opted_out"
    assert visit.message("reminder_last")["reason"] == "opted_out"
    assert visit.status == "booked"


def test_stop_in_other_words_is_confirmed_once_and_holds_as_well(
    clinic: Clinic, visit: Visit, patient: Patient
) -> None:
    patient.writes("stop texting me")
    patient.is_told("you will get no more texts")
    patient.writes("I said stop texting me")
    clinic.goes_to(visit.starts_at - hours(48))
    patient.hears_nothing_more()


def test_a_bare_cancel_stops_the_texts_and_asks_a_person_about_the_visit(
    clinic: Clinic, visit: Visit, patient: Patient
) -> None:
    patient.writes("CANCEL")
    assert patient.cases() == {"cancel_word": "high"}
    clinic.goes_to(visit.starts_at - hours(48))
    patient.hears_nothing_more()
    assert visit.status == "booked"


def test_stop_holds_for_the_next_booking_too(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    patient.writes("STOP")
    later = patient.books(clinic.day(9, at="14:00"))
    patient.hears_nothing_more()
    assert later.message("confirmation")["reason"] == "opted_out"


def test_start_after_stop_brings_the_reminders_back(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    patient.writes("STOP")
    patient.hears_nothing_more()
    patient.writes("START")
    patient.hears_nothing_more()
    clinic.goes_to(visit.starts_at - hours(48))
    patient.is_told("Reply C to confirm")


def test_yes_after_stop_does_not_bring_them_back(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    patient.writes("STOP")
    patient.hears_nothing_more()
    patient.writes("YES")
    later = patient.books(clinic.day(9, at="14:00"))
    patient.hears_nothing_more()
    assert later.message("confirmation")["reason"] == "opted_out"


def test_help_in_words_that_the_carrier_leaves_alone_is_answered_and_changes_nothing(
    clinic: Clinic, visit: Visit, patient: Patient
) -> None:
    patient.writes("ayuda")
    patient.is_told("STOP para")
    clinic.goes_to(visit.starts_at - hours(48))
    patient.is_told("Responda C para confirmar")


def test_what_the_carrier_answers_by_itself_is_not_answered_twice(visit: Visit, patient: Patient) -> None:
    for word in ("HELP", "info", "UNSTOP"):
        patient.writes(word)
    patient.hears_nothing_more()
    assert not patient.cases()


def test_an_opt_out_reaches_a_text_that_is_held_over_night(clinic: Clinic, patient: Patient) -> None:
    clinic.morning(at="03:00")
    visit = patient.books(clinic.day(4, at="14:00"))
    clinic.settles()
    patient.writes("STOP")
    clinic.goes_to(clinic.day(0, at="09:00"))
    patient.hears_nothing_more()
    assert visit.message("confirmation")["reason"] == "opted_out"
