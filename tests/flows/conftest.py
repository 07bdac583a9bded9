"""One installation for all stories. Each story has a morning and phones of its own, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.flows.clinic import Clinic, Patient
from tests.flows.installation import running

_numbers = count()


@pytest.fixture(scope="session")
def installed(database_name: str) -> Iterator[Clinic]:
    with running(database_name) as environment:
        clinic = Clinic(environment)
        try:
            yield clinic
        finally:
            clinic.close()


@pytest.fixture
def clinic(installed: Clinic) -> Iterator[Clinic]:
    """At ten in the morning, with nothing going wrong.

    It takes no deposits: the risk is a rank among all bookings, so that those of other stories would decide.
    """
    installed.window.ask("deposits_of", "0")
    installed.window.ask("open_always", "")
    installed.morning()
    yield installed
    installed.call("DELETE", "/faults")


NewPatient = Callable[..., Patient]


@pytest.fixture
def new_patient(clinic: Clinic) -> Iterator[NewPatient]:
    """Makes patients, each with a number from the range kept for fiction."""
    made: list[Patient] = []

    def make(name: str = "Ana Diaz", phone: str = "") -> Patient:
        made.append(Patient(clinic, phone or f"+1212555{100 + next(_numbers):04d}", name))
        return made[-1]

    yield make
    clinic.call("DELETE", "/faults")
    for patient in made:
        patient.goes_away()


@pytest.fixture
def patient(new_patient: NewPatient) -> Patient:
    return new_patient()
