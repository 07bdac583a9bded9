"""A clinic whose texts go by Telnyx, from the booking to the confirmed visit, on real processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.clinic import Clinic, Patient, minutes
from tests.flows.installation import running


@pytest.fixture(scope="module")
def telnyx(database_name: str) -> Iterator[Clinic]:
    with running(database_name, TEXT_CARRIER="telnyx") as environment:
        clinic = Clinic(environment)
        try:
            yield clinic
        finally:
            clinic.close()


@pytest.fixture
def clinic(telnyx: Clinic) -> Iterator[Clinic]:
    """At ten in the morning, with nothing going wrong."""
    telnyx.window.ask("deposits_of", "0")
    telnyx.window.ask("open_always", "")
    telnyx.morning()
    yield telnyx
    telnyx.call("DELETE", "/faults")


def test_a_booking_is_texted_answered_with_c_and_confirmed(clinic: Clinic) -> None:
    patient = Patient(clinic, "+12125550901")
    visit = patient.books(clinic.day(4, at="14:00"))
    patient.is_told("is booked for")
    clinic.settles()
    assert visit.message("confirmation")["status"] == "delivered"
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    assert visit.status == "confirmed"
    calls = clinic.call("GET", "/requests?provider=telnyx")["requests"]
    assert {call["path"] for call in calls} == {"/telnyx/v2/messages"}
    assert clinic.call("GET", "/requests?provider=twilio")["requests"] == []


def test_an_answer_that_got_lost_is_settled_by_the_report(clinic: Clinic) -> None:
    patient = Patient(clinic, "+12125550902")
    clinic.has_trouble("telnyx", "timeout_after_accept", seconds=0.5)
    visit = patient.books(clinic.day(4, at="15:00"))
    patient.is_told("is booked for")
    clinic.passes(minutes(15))
    patient.hears_nothing_more()
    assert visit.message("confirmation")["status"] == "delivered"
    assert patient.cases() == {}


def test_without_a_report_a_person_is_told_and_nothing_is_sent_again(clinic: Clinic) -> None:
    patient = Patient(clinic, "+12125550903")
    clinic.has_trouble("telnyx", "timeout_after_accept", seconds=0.5)
    clinic.has_trouble("telnyx", "no_callback")
    visit = patient.books(clinic.day(4, at="16:00"))
    patient.is_told("is booked for")
    assert visit.message("confirmation")["reason"] == "outcome_unknown"
    clinic.passes(minutes(11))
    patient.hears_nothing_more()
    assert "not_delivered" in patient.cases()


def test_a_stop_ends_the_texts(clinic: Clinic) -> None:
    patient = Patient(clinic, "+12125550904")
    patient.books(clinic.day(4, at="17:00"))
    patient.is_told("is booked for")
    patient.writes("STOP")
    patient.books(clinic.day(5, at="17:00"))
    patient.hears_nothing_more()
