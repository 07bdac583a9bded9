"""A clinic whose e-mail goes by Resend, on real processes: what comes back, is complained about, or gets lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flows.clinic import Clinic, Patient, Visit, eventually, hours, minutes
from tests.flows.installation import running

LANDLINE = 30006


@pytest.fixture(scope="module")
def resend(database_name: str) -> Iterator[Clinic]:
    with running(database_name, EMAIL_CARRIER="resend") as environment:
        clinic = Clinic(environment)
        try:
            yield clinic
        finally:
            clinic.close()


@pytest.fixture
def clinic(resend: Clinic) -> Iterator[Clinic]:
    """At ten in the morning; its booking form asks for e-mail, too."""
    resend.window.ask("deposits_of", "0")
    resend.window.ask("open_always", "")
    resend.window.ask("email_consent", "on")
    resend.morning()
    yield resend
    resend.call("DELETE", "/faults")


def books_by_landline(clinic: Clinic, phone: str, email: str) -> tuple[Patient, Visit]:
    patient = Patient(clinic, phone)
    clinic.has_trouble("twilio", "error_code", code=LANDLINE)
    return patient, patient.books(clinic.day(4, at="14:00"), email=email)


def mails(clinic: Clinic, to: str) -> list[dict[str, Any]]:
    return list(clinic.call("GET", f"/messages?to={to}")["messages"])


def test_an_email_is_known_to_have_arrived(clinic: Clinic) -> None:
    _, visit = books_by_landline(clinic, "+12125550911", "ana911@example.com")
    eventually(lambda: len(mails(clinic, "ana911@example.com")) == 1, "no e-mail came")
    eventually(lambda: visit.message("confirmation")["status"] == "delivered", "nobody said that it has arrived")
    assert "/unsubscribe/" in mails(clinic, "ana911@example.com")[0]["body"]


def test_what_comes_back_makes_a_case(clinic: Clinic) -> None:
    _, visit = books_by_landline(clinic, "+12125550912", "bounced912@example.com")
    eventually(lambda: visit.message("confirmation")["status"] == "undelivered", "nobody said that it came back")
    assert "e-mail address" in visit.case("not_delivered")["title"]


def test_who_complains_gets_no_more(clinic: Clinic) -> None:
    _, visit = books_by_landline(clinic, "+12125550913", "complained913@example.com")
    eventually(lambda: visit.message("confirmation")["status"] == "delivered", "no e-mail came")
    clinic.goes_to(visit.starts_at - hours(48))
    clinic.settles()
    assert len(mails(clinic, "complained913@example.com")) == 1


def test_an_answer_that_got_lost_brings_no_second_email(clinic: Clinic) -> None:
    clinic.has_trouble("resend", "timeout_after_accept", seconds=0.5)
    clinic.has_trouble("resend", "no_callback")
    _, visit = books_by_landline(clinic, "+12125550914", "ana914@example.com")
    eventually(lambda: len(mails(clinic, "ana914@example.com")) == 1, "no e-mail came")
    clinic.passes(minutes(3))
    assert len(mails(clinic, "ana914@example.com")) == 1
    calls = clinic.call("GET", "/requests?provider=resend")["requests"]
    keys = [call["headers"]["Idempotency-Key"] for call in calls if "ana914@" in call["body"]]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert visit.message("confirmation")["status"] in ("queued", "sent", "delivered")
