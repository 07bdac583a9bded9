"""From the booking to the visit: what a patient is told, and when a person is asked to call."""

from __future__ import annotations

from tests.flows.clinic import ZONE, Clinic, Patient, hours, minutes


def test_who_answers_c_is_confirmed_and_thanked_and_not_reminded_again(clinic: Clinic, patient: Patient) -> None:
    visit = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("is booked for")
    clinic.goes_to(visit.starts_at - hours(48) - minutes(1))
    patient.hears_nothing_more()
    clinic.goes_to(visit.starts_at - hours(48))
    patient.is_told("Reply C to confirm")
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    visit.becomes("confirmed")
    clinic.goes_to(visit.starts_at - hours(5))
    patient.hears_nothing_more()
    assert not visit.known()["escalations"]


def test_who_does_not_answer_is_reminded_again_and_then_called_by_a_person(clinic: Clinic, patient: Patient) -> None:
    visit = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("is booked for")
    clinic.goes_to(visit.starts_at - hours(48))
    patient.is_told("see you at")
    clinic.goes_to(visit.starts_at - hours(24))
    patient.is_told("can you make it")
    assert not visit.known()["escalations"]
    clinic.goes_to(visit.starts_at - hours(20) + minutes(1))
    assert visit.case("no_answer")["priority"] == "medium"
    clinic.goes_to(visit.starts_at - hours(6) + minutes(1))
    assert visit.case("no_answer")["priority"] == "high"
    patient.hears_nothing_more()
    assert visit.status == "booked"


def test_a_booking_30_hours_ahead_brings_only_the_last_reminder(clinic: Clinic, patient: Patient) -> None:
    visit = patient.books(clinic.day(1, at="16:00"))
    patient.is_told("is booked for")
    patient.hears_nothing_more()
    clinic.goes_to(visit.starts_at - hours(24))
    patient.is_told("we look forward to seeing you")
    assert visit.message("reminder_first")["reason"] == "stale"


def test_a_visit_cancelled_just_before_its_reminder_is_not_reminded_of(clinic: Clinic, patient: Patient) -> None:
    visit = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("is booked for")
    clinic.goes_to(visit.starts_at - hours(48) - minutes(0.2))
    visit.is_cancelled()
    visit.becomes("cancelled")
    clinic.goes_to(visit.starts_at - hours(5))
    patient.hears_nothing_more()
    assert "cancelled" in clinic.command("why", visit.booking_id)


def test_nothing_is_sent_at_three_in_the_night_and_it_comes_at_eight(clinic: Clinic, patient: Patient) -> None:
    clinic.morning(at="03:00")
    visit = patient.books(clinic.day(4, at="14:00"))
    clinic.goes_to(clinic.day(0, at="07:59"))
    patient.hears_nothing_more()
    assert visit.message("confirmation")["reason"] == "quiet_hours"
    clinic.goes_to(clinic.day(0, at="08:00"))
    patient.is_told("is booked for")
    (line,) = (line for line in visit.known()["why"] if "confirmation" in line)
    eight = f"{clinic.now().astimezone(ZONE):%a %d %b %Y} 08:00"
    assert f"held until {eight}" in line
    assert "(quiet hours at the recipient's place), then sent at" in line


def test_a_text_held_over_night_is_not_sent_once_the_visit_is_cancelled(clinic: Clinic, patient: Patient) -> None:
    clinic.morning(at="03:00")
    visit = patient.books(clinic.day(4, at="14:00"))
    patient.hears_nothing_more()
    visit.is_cancelled()
    clinic.goes_to(clinic.day(0, at="09:00"))
    patient.hears_nothing_more()
    assert visit.message("confirmation")["reason"] == "cancelled"


def test_a_fourth_automatic_text_within_a_day_is_not_sent_and_the_ledger_says_why(
    clinic: Clinic, patient: Patient
) -> None:
    visit = patient.books(clinic.day(3, at="12:00"))
    patient.is_told("is booked for")
    for hour in ("13:00", "14:00"):
        visit.is_moved(clinic.day(3, at=hour))
        patient.is_told("is now on")
    visit.is_moved(clinic.day(3, at="15:00"))
    patient.hears_nothing_more()
    assert [moved["reason"] for moved in visit.messages("moved")] == ["", "", "cap_reached"]
    assert visit.case("cap_reached")["next_step"]
    clinic.goes_to(visit.starts_at - hours(48))
    patient.is_told("Reply C to confirm")


def test_two_visits_of_one_patient_are_each_told_by_their_own_time(clinic: Clinic, patient: Patient) -> None:
    # On two days: what is due about visits of one day is one text.
    first, second = patient.books(clinic.day(3, at="11:00")), patient.books(clinic.day(4, at="15:00"))
    told = {patient.is_told("is booked for") for _ in range(2)}
    assert len(told) == 2
    clinic.goes_to(first.starts_at - hours(48))
    patient.is_told("at 11:00 AM")
    clinic.goes_to(second.starts_at - hours(48))
    # The first visit's last reminder falls into the same stretch of time: two texts, in whatever order.
    later = patient.hears(2)
    assert [sum(time in body for body in later) for time in ("at 11:00 AM", "at 3:00 PM")] == [1, 1]
