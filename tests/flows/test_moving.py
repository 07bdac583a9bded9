"""A visit that is moved: the old times are silent, the new ones speak, also over a change of the clocks."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.flows.clinic import ZONE, Clinic, Patient, hours, minutes
from tests.flows.conftest import NewPatient


def test_a_moved_visit_is_told_of_and_reminded_of_at_its_new_time_only(clinic: Clinic, patient: Patient) -> None:
    visit = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("at 2:00 PM")
    old = visit.starts_at
    visit.is_moved(old + timedelta(days=2, hours=1))
    patient.is_told("is now on")
    clinic.goes_to(old - hours(47))
    patient.hears_nothing_more()
    clinic.goes_to(visit.starts_at - hours(48))
    assert "at 3:00 PM" in patient.is_told("Reply C to confirm")
    assert visit.status == "booked"


def test_both_halves_of_a_move_may_come_in_the_wrong_order(clinic: Clinic, patient: Patient) -> None:
    visit = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("at 2:00 PM")
    clinic.has_trouble("calendly", "callback_out_of_order")
    visit.is_moved(visit.starts_at + timedelta(days=1, hours=2))
    patient.is_told("at 4:00 PM")
    assert visit.status == "booked"
    clinic.goes_to(visit.starts_at - hours(48))
    patient.is_told("at 4:00 PM")
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    visit.becomes("confirmed")


def test_a_move_told_twice_is_one_move(clinic: Clinic, patient: Patient) -> None:
    visit = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("at 2:00 PM")
    clinic.has_trouble("calendly", "duplicate_callback")
    visit.is_moved(visit.starts_at + timedelta(days=1))
    patient.is_told("is now on")
    patient.hears_nothing_more()
    assert visit.known()["moves"] == 1


def test_a_confirmed_visit_that_moves_has_to_be_confirmed_again(clinic: Clinic, patient: Patient) -> None:
    visit = patient.books(clinic.day(3, at="14:00"))
    patient.is_told("is booked for")
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    visit.becomes("confirmed")
    visit.is_moved(visit.starts_at + timedelta(days=2))
    patient.is_told("is now on")
    visit.becomes("booked")


def test_a_move_over_a_change_of_the_clocks_is_reminded_of_at_the_right_moment(
    clinic: Clinic, patient: Patient
) -> None:
    """The reminder comes 24 elapsed hours before: at another hour on the wall, as the night is longer or shorter."""
    change = next_change(clinic.now())
    clinic.goes_to(at(change - timedelta(days=4), "10:00"))
    visit = patient.books(at(change - timedelta(days=1), "14:00"))
    patient.is_told("at 2:00 PM")
    visit.is_moved(at(change, "15:00"))
    patient.is_told("at 3:00 PM")
    assert (visit.starts_at - hours(24)).astimezone(ZONE).hour != 15
    clinic.goes_to(visit.starts_at - hours(48))
    patient.is_told("at 3:00 PM")
    clinic.goes_to(visit.starts_at - hours(24) - minutes(1))
    patient.hears_nothing_more()
    clinic.goes_to(visit.starts_at - hours(24))
    patient.is_told("at 3:00 PM")


def test_who_lives_further_west_is_not_texted_before_eight_there(clinic: Clinic, new_patient: NewPatient) -> None:
    traveller = new_patient()
    visit = traveller.books(clinic.day(3, at="15:00"), timezone="America/Los_Angeles")
    traveller.hears_nothing_more()
    assert visit.message("confirmation")["reason"] == "quiet_hours"
    clinic.goes_to(clinic.day(0, at="11:00"))
    # By the clinic's clocks, and saying so, because theirs show another time.
    traveller.is_told("at 3:00 PM E")


def next_change(now: datetime) -> datetime:
    """The next day on which the clinic's clocks change, at least a week ahead."""
    day = now.astimezone(ZONE) + timedelta(days=7)
    while at(day, "12:00").utcoffset() == at(day - timedelta(days=1), "12:00").utcoffset():
        day += timedelta(days=1)
    return day


def at(day: datetime, wall_clock: str) -> datetime:
    hour, minute = map(int, wall_clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
