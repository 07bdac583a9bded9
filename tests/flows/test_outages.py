"""Whole outages on real processes: the carrier is away for half an hour, answers are lost."""

from __future__ import annotations

import time

import requests

from tests.flows.clinic import Clinic, minutes
from tests.flows.conftest import NewPatient

PAUSED = "provider_paused:twilio"


def p99(clinic: Clinic) -> float:
    """Seconds that the slowest of a hundred requests took, but one."""
    taken = []
    for _ in range(100):
        began = time.monotonic()
        assert requests.get(f"{clinic.web}/ready", timeout=10).status_code == 200
        taken.append(time.monotonic() - began)
    return sorted(taken)[98]


def test_half_an_hour_without_the_carrier_costs_nobody_a_text_that_still_helps(
    clinic: Clinic, new_patient: NewPatient
) -> None:
    usual = p99(clinic)
    before = len(clinic.window.ask("notices", PAUSED))
    clinic.call("POST", "/faults", {"provider": "twilio", "kind": "http_500", "rate": 1})
    patients = [new_patient() for _ in range(6)]
    for patient in patients:
        patient.books(clinic.day(4, at="14:00"))
    late = new_patient()
    too_late = late.books(clinic.now() + minutes(25))
    for _ in range(6):
        clinic.passes(minutes(5))
    assert p99(clinic) < 3 * usual + 2  # a machine busy with other tests is slower by moments
    (notice,) = clinic.window.ask("notices", PAUSED)[before:]
    assert notice["status"] == "open"
    assert [patient.texts() for patient in patients] == [[]] * 6

    clinic.call("DELETE", "/faults")
    for _ in range(2):
        clinic.passes(minutes(1))
    for patient in patients:
        patient.is_told("is booked for")
        patient.hears_nothing_more()
    (notice,) = clinic.window.ask("notices", PAUSED)[before:]
    assert (notice["status"], notice["resolved_by"]) == ("resolved", "aro")
    late.hears_nothing_more()
    stale = too_late.message("confirmation")
    assert stale["status"] not in ("held", "planned", "sent", "delivered")
    assert stale["reason"] not in ("", "provider_paused")


def test_texts_go_out_while_beat_and_the_broker_are_away(clinic: Clinic, new_patient: NewPatient) -> None:
    patient = new_patient()
    with clinic.without("beat", "broker"):
        time.sleep(5)  # until the last ticks that were given are over
        patient.books(clinic.day(4, at="14:00"))
        patient.is_told("is booked for")
    patient.hears_nothing_more()


def test_lost_answers_leave_each_text_sent_once_and_trouble_no_person(clinic: Clinic, new_patient: NewPatient) -> None:
    clinic.call("POST", "/faults", {"provider": "twilio", "kind": "timeout_after_accept", "rate": 0.3, "seconds": 0.3})
    clinic.call("POST", "/faults", {"provider": "twilio", "kind": "no_callback", "rate": 0.5})
    patients = [new_patient() for _ in range(12)]
    for patient in patients:
        patient.books(clinic.day(4, at="14:00"))
    for _ in range(4):
        clinic.passes(minutes(1))
    clinic.call("DELETE", "/faults")
    for _ in range(3):
        clinic.passes(minutes(1))
    for patient in patients:
        patient.is_told("is booked for")
        patient.hears_nothing_more()
        assert patient.cases() == {}
