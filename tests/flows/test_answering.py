"""What patients write back, and what becomes of it. ARO confirms; everything else is for a person to decide."""

from __future__ import annotations

import pytest

from tests.flows.clinic import Clinic, Patient, Visit, hours
from tests.flows.conftest import NewPatient


@pytest.fixture
def visit(clinic: Clinic, patient: Patient) -> Visit:
    """A visit in two days, of which the patient has just been reminded."""
    booked = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("is booked for")
    clinic.goes_to(booked.starts_at - hours(48))
    patient.is_told("Reply C to confirm")
    return booked


@pytest.mark.parametrize(
    ("words", "thanks"),
    [
        ("c", "Thank you for confirming"),
        ("\N{THUMBS UP SIGN}", "Thank you for confirming"),
        ("Yes I'll be there", "Thank you for confirming"),
        ("Sí, confirmo", "Gracias por confirmar"),
        ("confirmo", "Gracias por confirmar"),
    ],
)
def test_every_way_to_say_yes_confirms(visit: Visit, patient: Patient, words: str, thanks: str) -> None:
    """And is answered in the language in which it was said."""
    patient.writes(words)
    patient.is_told(thanks)
    patient.hears_nothing_more()
    assert visit.status == "confirmed"
    assert not patient.cases()


def test_r_brings_the_link_for_another_time_and_tells_the_staff(visit: Visit, patient: Patient) -> None:
    patient.writes("R")
    assert "/reschedulings/" in patient.is_told("choose a new time here")
    assert visit.case("reschedule_request")["next_step"]
    assert visit.status == "booked"


def test_x_never_cancels_by_itself_but_asks_a_person_to(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    patient.writes("X")
    patient.is_told("our team has your message")
    assert visit.case("cancel_request")["priority"] == "high"
    assert visit.status == "booked"
    clinic.goes_to(visit.starts_at - hours(23))
    patient.hears_nothing_more()
    assert visit.message("reminder_last")["reason"] == "awaiting_staff"


def test_a_yes_with_another_time_in_it_is_not_a_confirmation(visit: Visit, patient: Patient) -> None:
    patient.writes("yes but can we do 3pm instead")
    patient.is_told("choose a new time here")
    assert [window["words"] for window in visit.case("reschedule_request")["wish"]] == ["at 15:00"]
    assert visit.status == "booked"


def test_cancel_my_appointment_is_a_request_and_no_opt_out(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    patient.writes("please cancel my appointment")
    patient.is_told("our team has your message")
    assert visit.case("cancel_request")
    assert visit.status == "booked"


def test_a_medical_question_is_left_to_a_person(visit: Visit, patient: Patient) -> None:
    patient.writes("Can I take ibuprofen before my appointment?")
    patient.is_told("our team has your message")
    assert patient.cases() == {"question": "medium"}
    assert visit.status == "booked"


def test_chest_pain_brings_the_emergency_number_and_a_person_at_once(visit: Visit, patient: Patient) -> None:
    patient.writes("I have chest pain right now")
    patient.is_told("call 911 now")
    assert patient.cases() == {"emergency": "urgent"}
    assert visit.status == "booked"


def test_who_is_running_late_is_answered_and_the_team_is_told(visit: Visit, patient: Patient) -> None:
    patient.writes("Running 15 minutes late, sorry!")
    patient.is_told("our team has your message")
    assert patient.cases() == {"running_late": "high"}
    assert visit.status == "booked"


def test_what_nobody_understands_goes_to_a_person_without_an_answer(visit: Visit, patient: Patient) -> None:
    patient.writes("purple monkey dishwasher")
    patient.hears_nothing_more()
    assert patient.cases() == {"unclear_reply": "medium"}
    assert visit.status == "booked"


def test_a_yes_after_the_visit_was_cancelled_is_answered_truthfully(visit: Visit, patient: Patient) -> None:
    visit.is_cancelled(by="host")
    visit.becomes("cancelled")
    patient.writes("Y")
    patient.is_told("had been cancelled already")
    assert "confirmed_cancelled" in patient.cases()
    assert visit.status == "cancelled"


def test_a_yes_after_one_of_two_visits_was_cancelled_confirms_the_one_that_stands(
    clinic: Clinic, visit: Visit, patient: Patient
) -> None:
    other = patient.books(clinic.day(5, at="11:00"))
    patient.is_told("is booked for")
    visit.is_cancelled(by="host")
    visit.becomes("cancelled")
    patient.writes("Y")
    patient.is_told("Thank you for confirming")
    patient.hears_nothing_more()
    assert (visit.status, other.status) == ("cancelled", "confirmed")
    assert "confirmed_cancelled" not in patient.cases()


def test_a_yes_to_the_cancelled_visit_that_was_asked_about_last_confirms_the_other_one(
    clinic: Clinic, patient: Patient
) -> None:
    later = patient.books(clinic.day(6, at="11:00"))
    patient.is_told("is booked for")
    sooner = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("is booked for")
    clinic.goes_to(sooner.starts_at - hours(48))
    patient.is_told("Reply C to confirm")
    sooner.is_cancelled(by="host")
    sooner.becomes("cancelled")
    patient.writes("Y")
    patient.is_told("Thank you for confirming")
    assert (sooner.status, later.status) == ("cancelled", "confirmed")


def test_a_wish_for_another_time_after_the_cancellation_gets_no_link_to_the_old_one(
    visit: Visit, patient: Patient
) -> None:
    visit.is_cancelled(by="host")
    visit.becomes("cancelled")
    patient.writes("Can I reschedule my appointment please")
    patient.is_told("our team has your message")
    assert "reschedule_request" in patient.cases()


def test_one_c_for_two_visits_confirms_neither_and_a_person_asks(clinic: Clinic, patient: Patient) -> None:
    first, second = patient.books(clinic.day(3, at="11:00")), patient.books(clinic.day(4, at="14:00"))
    clinic.goes_to(second.starts_at - hours(48))
    patient.reads_all()
    patient.writes("C")
    asked = patient.is_told("which visit do you mean")
    assert "11:00 AM" in asked
    assert "2:00 PM" in asked
    assert patient.cases() == {"which_visit": "medium"}
    assert (first.status, second.status) == ("booked", "booked")


def test_a_family_on_one_phone_is_reminded_in_one_text_and_confirms_with_one_c(
    clinic: Clinic, new_patient: NewPatient
) -> None:
    mother = new_patient("Ana Diaz")
    child = new_patient("Luis Diaz", phone=mother.phone)
    first, second = mother.books(clinic.day(3, at="11:00")), child.books(clinic.day(3, at="11:30"))
    clinic.goes_to(first.starts_at - hours(49))
    mother.reads_all()
    clinic.goes_to(second.starts_at - hours(47.4))
    assert "Ana 11:00 AM, Luis 11:30 AM" in mother.is_told("Reply C to confirm all")
    mother.writes("C")
    assert "Ana 11:00 AM, Luis 11:30 AM" in mother.is_told("Thank you for confirming")
    assert first.known()["customer_id"] != second.known()["customer_id"]
    first.becomes("confirmed")
    second.becomes("confirmed")
    mother.hears_nothing_more()
