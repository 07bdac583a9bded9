"""The carrier fails, stalls and repeats itself: every text arrives once, or a person knows."""

from __future__ import annotations

import pytest

from tests.flows.clinic import Clinic, Patient, minutes


def test_a_text_taken_without_an_answer_is_recognised_and_not_sent_again(clinic: Clinic, patient: Patient) -> None:
    clinic.has_trouble("twilio", "timeout_after_accept", seconds=0.5)
    visit = patient.books(clinic.day(4, at="14:00"))
    patient.is_told("is booked for")
    clinic.passes(minutes(5))
    patient.hears_nothing_more()
    assert visit.message("confirmation")["status"] == "delivered"


def test_without_reports_a_lost_answer_is_looked_up_at_the_carrier(clinic: Clinic, patient: Patient) -> None:
    clinic.has_trouble("twilio", "timeout_after_accept", seconds=0.5)
    clinic.has_trouble("twilio", "no_callback")
    visit = patient.books(clinic.day(4, at="14:00"))
    patient.is_told("is booked for")
    assert visit.message("confirmation")["reason"] == "outcome_unknown"
    # A carrier of which nothing good is known yet is paused for a minute.
    clinic.passes(minutes(1.2))
    patient.hears_nothing_more()
    assert visit.message("confirmation")["status"] in ("sent", "delivered")


@pytest.mark.parametrize("kind", ["http_500", "http_429", "garbage", "connection_refused"])
def test_a_text_that_the_carrier_did_not_take_arrives_once_when_it_has_recovered(
    clinic: Clinic, patient: Patient, kind: str
) -> None:
    clinic.has_trouble("twilio", kind, count=2)
    visit = patient.books(clinic.day(4, at="14:00"))
    for _ in range(12):
        clinic.passes(minutes(1))
    patient.is_told("is booked for")
    patient.hears_nothing_more()
    assert visit.message("confirmation")["status"] == "delivered"


def test_a_slow_carrier_gets_the_text_once(clinic: Clinic, patient: Patient) -> None:
    clinic.has_trouble("twilio", "slow", seconds=2)
    patient.books(clinic.day(4, at="14:00"))
    patient.is_told("is booked for")
    clinic.passes(minutes(5))
    patient.hears_nothing_more()


@pytest.mark.parametrize("kind", ["duplicate_callback", "callback_out_of_order"])
def test_what_was_delivered_stays_delivered(clinic: Clinic, patient: Patient, kind: str) -> None:
    clinic.has_trouble("twilio", kind)
    visit = patient.books(clinic.day(4, at="14:00"))
    patient.is_told("is booked for")
    patient.hears_nothing_more()
    assert visit.message("confirmation")["status"] == "delivered"


def test_a_landline_becomes_a_case_in_plain_words_and_is_not_texted_again(clinic: Clinic, patient: Patient) -> None:
    clinic.has_trouble("twilio", "error_code", code=30006)
    visit = patient.books(clinic.day(4, at="14:00"))
    patient.hears(1)
    case = visit.case("not_delivered")
    assert "landline" in case["title"]
    assert "30006" not in case["title"]
    assert "Call the patient" in case["next_step"]
    assert visit.known()["person"]["phone_usable"] is False
    later = patient.books(clinic.day(6, at="14:00"))
    patient.hears_nothing_more()
    assert later.message("confirmation")["reason"] == "phone_unusable"


def test_a_patient_whose_reply_is_told_twice_is_thanked_once(clinic: Clinic, patient: Patient) -> None:
    patient.books(clinic.day(4, at="14:00"))
    patient.is_told("is booked for")
    clinic.settles()
    clinic.has_trouble("twilio", "duplicate_callback")
    patient.writes("C")
    patient.is_told("Thank you for confirming")
    patient.hears_nothing_more()
