"""Bookings from Acuity and Square: told little, so ARO asks for the rest, and treated like any other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.flows.clinic import Clinic, Patient, Visit, eventually, hours

BOTH = pytest.mark.parametrize("provider", ["acuity", "square"])


class OtherVisit(Visit):
    """A booking at a provider that is not the usual one of these stories."""

    def __init__(self, patient: Patient, provider: str, starts_at: datetime) -> None:
        wanted = {"provider": provider, "name": patient.name, "phone": patient.phone, "service": "Checkup"}
        when = {"starts_at": starts_at.astimezone(UTC).isoformat(), "timezone": "America/New_York"}
        super().__init__(patient.clinic, starts_at, patient.clinic.call("POST", "/book", wanted | when))
        self.provider = provider
        patient.visits.append(self)

    def _change(self, path: str, **more: object) -> None:
        self.clinic.call("POST", path, {"provider": self.provider, "booking_id": self.booking_id, **more})


@BOTH
def test_a_visit_is_booked_moved_reminded_of_and_confirmed(clinic: Clinic, patient: Patient, provider: str) -> None:
    visit = OtherVisit(patient, provider, clinic.day(3, at="14:00"))
    assert "at 2:00 PM" in patient.is_told("is booked for")
    visit.is_moved(clinic.day(5, at="15:00"))
    patient.is_told("is now on")
    clinic.goes_to(visit.starts_at - hours(48))
    assert "at 3:00 PM" in patient.is_told("Reply C to confirm")
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    visit.becomes("confirmed")
    assert visit.known()["moves"] == 1


@BOTH
def test_a_cancelled_visit_is_reminded_of_no_more(clinic: Clinic, patient: Patient, provider: str) -> None:
    visit = OtherVisit(patient, provider, clinic.day(4, at="14:00"))
    patient.is_told("is booked for")
    visit.is_cancelled()
    visit.becomes("cancelled")
    patient.reads_all()
    clinic.goes_to(visit.starts_at)
    patient.hears_nothing_more()


@BOTH
def test_a_no_show_is_one_and_can_be_taken_back(clinic: Clinic, patient: Patient, provider: str) -> None:
    visit = OtherVisit(patient, provider, clinic.day(1, at="11:00"))
    patient.is_told("is booked for")
    clinic.goes_to(visit.starts_at + hours(1))
    visit.is_missed()
    visit.becomes("no_show")
    clinic.call("POST", "/no-show", {"provider": provider, "booking_id": visit.booking_id, "undo": True})
    visit.becomes("completed")


@BOTH
def test_a_booking_told_twice_while_the_provider_stumbles_is_one_visit(
    clinic: Clinic, patient: Patient, provider: str
) -> None:
    clinic.has_trouble(provider, "http_500", count=2)
    clinic.has_trouble(provider, "duplicate_callback")
    visit = OtherVisit(patient, provider, clinic.day(3, at="14:00"))
    # A provider that nobody has called yet is paused by its first failure, and again by its second.
    for _ in range(3):
        clinic.passes(timedelta(minutes=3))
    eventually(lambda: clinic.window.ask("people", patient.phone) == 1, "the booking never arrived")
    patient.is_told("at 2:00 PM")
    patient.hears_nothing_more()
    assert (visit.status, visit.known()["moves"]) == ("booked", 0)
