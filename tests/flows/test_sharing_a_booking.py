"""A class at Cal.com: one booking for several people. What happens to one of them, only this one hears of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.flows.clinic import Clinic, Patient, eventually, hours
from tests.flows.conftest import NewPatient

PLACES = 3


class SharedBooking:
    """The class, and who has which seat."""

    def __init__(self, first: Patient, starts_at: datetime) -> None:
        self.clinic, self.starts_at, self.seats = first.clinic, starts_at, dict[str, tuple[str, str]]()
        when = {"starts_at": starts_at.astimezone(UTC).isoformat(), "timezone": "America/New_York"}
        kind = {"provider": "calcom", "service": "Back class", "places": PLACES}
        self._sits(first, self.clinic.call("POST", "/book", self._person(first) | when | kind))
        self.booking_id = self.seats[first.phone][0]

    def joins(self, patient: Patient) -> None:
        self._sits(patient, self.clinic.call("POST", "/seat", self._person(patient) | {"booking_id": self.booking_id}))

    def leaves(self, patient: Patient) -> None:
        self.clinic.call("POST", "/leave", self._seat(patient))

    def moves_alone(self, patient: Patient, starts_at: datetime) -> None:
        when = {"starts_at": starts_at.astimezone(UTC).isoformat()}
        self._sits(patient, self.clinic.call("POST", "/move-seat", self._seat(patient) | when))

    def is_moved(self, starts_at: datetime) -> None:
        self.starts_at = starts_at
        self._host("/reschedule", starts_at=starts_at.astimezone(UTC).isoformat())

    def is_off(self) -> None:
        self._host("/cancel", by="host")

    def _host(self, path: str, **more: object) -> None:
        self.clinic.call("POST", path, {"provider": "calcom", "booking_id": self.booking_id, **more})

    def _sits(self, patient: Patient, answer: dict[str, Any]) -> None:
        assert answer["webhook_status"] == 200
        self.seats[patient.phone] = (str(answer["booking_id"]), str(answer["seat_uid"]))

    def _seat(self, patient: Patient) -> dict[str, str]:
        booking_id, seat_uid = self.seats[patient.phone]
        return {"booking_id": booking_id, "seat_uid": seat_uid}

    def _person(self, patient: Patient) -> dict[str, str]:
        return {"name": patient.name, "phone": patient.phone}


def visits(patient: Patient) -> list[tuple[str, datetime]]:
    """Whose visits are in which state, and when, once all is done."""
    patient.clinic.settles()
    found = patient.clinic.window.ask("visits_of", patient.phone)
    return [(str(status), datetime.fromisoformat(start)) for status, start in found]


@pytest.fixture
def bea(new_patient: NewPatient) -> Patient:
    return new_patient("Bea Ruiz")


@pytest.fixture
def carl(new_patient: NewPatient) -> Patient:
    return new_patient("Carl Moss")


def test_each_is_told_reminded_and_confirms_for_themselves(clinic: Clinic, bea: Patient, carl: Patient) -> None:
    shared = SharedBooking(bea, clinic.day(4, at="14:00"))
    assert "at 2:00 PM" in bea.is_told("is booked for")
    shared.joins(carl)
    carl.is_told("is booked for")
    bea.hears_nothing_more()
    clinic.goes_to(shared.starts_at - hours(48))
    bea.is_told("Reply C to confirm")
    carl.is_told("Reply C to confirm")
    carl.writes("C")
    carl.is_told("Thank you for confirming")
    bea.hears_nothing_more()
    assert visits(bea) == [("booked", shared.starts_at)]
    assert visits(carl) == [("confirmed", shared.starts_at)]
    shared.is_off()


def test_who_leaves_takes_nobody_along(clinic: Clinic, bea: Patient, carl: Patient) -> None:
    shared = SharedBooking(bea, clinic.day(4, at="14:00"))
    shared.joins(carl)
    bea.is_told("is booked for")
    carl.is_told("is booked for")
    shared.leaves(bea)
    eventually(lambda: visits(bea) == [("cancelled", shared.starts_at)], "the one who left is still expected")
    bea.reads_all()
    clinic.goes_to(shared.starts_at - hours(48))
    carl.is_told("Reply C to confirm")
    bea.hears_nothing_more()
    shared.leaves(carl)
    eventually(lambda: visits(carl)[0][0] == "cancelled", "the last one who left is still expected")


def test_the_host_moves_the_class_and_one_moves_alone(
    clinic: Clinic, bea: Patient, carl: Patient, new_patient: NewPatient
) -> None:
    dora = new_patient("Dora Lin")
    shared = SharedBooking(bea, clinic.day(4, at="14:00"))
    for patient in (carl, dora):
        shared.joins(patient)
    for patient in (bea, carl, dora):
        patient.is_told("is booked for")
    shared.is_moved(clinic.day(5, at="15:00"))
    for patient in (bea, carl, dora):
        assert "at 3:00 PM" in patient.is_told("is now on")
    alone = clinic.day(7, at="11:00")
    shared.moves_alone(dora, alone)
    assert "at 11:00 AM" in dora.is_told("is now on")
    clinic.goes_to(shared.starts_at - hours(48))
    for patient in (bea, carl):
        assert "at 3:00 PM" in patient.is_told("Reply C to confirm")
        assert visits(patient) == [("booked", shared.starts_at)]
    dora.hears_nothing_more()
    clinic.goes_to(alone - hours(48))
    assert "at 11:00 AM" in dora.is_told("Reply C to confirm")
    assert visits(dora) == [("booked", alone)]
    shared.is_off()
    shared.leaves(dora)


def test_a_class_that_is_off_is_off_for_everybody(clinic: Clinic, bea: Patient, carl: Patient) -> None:
    shared = SharedBooking(bea, clinic.day(4, at="14:00"))
    shared.joins(carl)
    shared.is_off()
    off = [("cancelled", shared.starts_at)]
    eventually(lambda: visits(bea) == visits(carl) == off, "somebody is still expected")
    for patient in (bea, carl):
        patient.reads_all()
    clinic.goes_to(shared.starts_at)
    for patient in (bea, carl):
        patient.hears_nothing_more()
