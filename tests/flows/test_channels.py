"""A message that cannot arrive on one channel arrives on the next one that the person agreed to, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flows.clinic import Clinic, Patient, Visit, eventually, hours
from tests.flows.conftest import NewPatient


@pytest.fixture(autouse=True)
def forms_that_ask_for_email(clinic: Clinic) -> Any:
    clinic.window.ask("email_consent", "on")
    yield
    clinic.window.ask("email_consent", "off")


def address(patient: Patient) -> str:
    return f"p{patient.phone[-7:]}@example.com"


def mails(clinic: Clinic, patient: Patient) -> list[dict[str, Any]]:
    clinic.settles()
    return list(clinic.call("GET", f"/messages?to={address(patient)}")["messages"])


def books(clinic: Clinic, patient: Patient, days: int = 4) -> Visit:
    return patient.books(clinic.day(days, at="14:00"), email=address(patient))


def test_a_landline_gets_the_same_message_by_email_once_and_later_ones_at_once(
    clinic: Clinic, patient: Patient
) -> None:
    clinic.has_trouble("twilio", "error_code", code=30006)
    visit = books(clinic, patient)
    patient.hears(1)
    eventually(lambda: len(mails(clinic, patient)) == 1, "no e-mail came")
    (mail,) = mails(clinic, patient)
    assert mail["channel"] == "email"
    assert "is booked for" in mail["body"]
    assert "/unsubscribe/" in mail["body"]
    assert "Reply R" not in mail["body"]
    assert len(visit.messages("confirmation")) == 1
    assert visit.message("confirmation")["channel"] == "email"
    assert "not delivered by SMS (code 30006), then" in visit.message("confirmation")["explanation"]
    assert "landline" in visit.case("wrong_address")["title"]
    clinic.goes_to(visit.starts_at - hours(48))
    assert len(mails(clinic, patient)) == 2
    patient.hears_nothing_more()


def test_late_reports_about_the_failed_text_change_nothing(clinic: Clinic, patient: Patient) -> None:
    clinic.has_trouble("twilio", "duplicate_callback")
    clinic.has_trouble("twilio", "error_code", code=30005)
    visit = books(clinic, patient)
    patient.hears(1)
    eventually(lambda: len(mails(clinic, patient)) == 1, "no e-mail came")
    assert len(mails(clinic, patient)) == 1
    assert visit.message("confirmation")["status"] == "sent"


def test_a_wrong_number_and_a_mail_server_that_refuses_become_a_case(clinic: Clinic, patient: Patient) -> None:
    clinic.has_trouble("twilio", "error_code", code=21614)
    clinic.has_trouble("email", "error_code", code=550)
    visit = books(clinic, patient)
    clinic.settles()
    assert visit.message("confirmation")["status"] == "failed"
    assert "refuses the patient's e-mail address" in visit.case("not_delivered")["title"]
    assert mails(clinic, patient) == []


def test_who_said_stop_is_not_followed_to_email(clinic: Clinic, patient: Patient) -> None:
    visit = books(clinic, patient)
    patient.is_told("is booked for")
    patient.writes("STOP")
    clinic.goes_to(visit.starts_at - hours(48))
    assert visit.message("reminder_first")["reason"] == "opted_out"
    assert mails(clinic, patient) == []


def test_who_unsubscribes_from_email_gets_none_any_more(clinic: Clinic, patient: Patient) -> None:
    clinic.has_trouble("twilio", "error_code", code=30006)
    visit = books(clinic, patient)
    patient.hears(1)
    eventually(lambda: len(mails(clinic, patient)) == 1, "no e-mail came")
    link = mails(clinic, patient)[0]["body"].split()[-1]
    clinic.window.ask("press", link)
    clinic.goes_to(visit.starts_at - hours(48))
    assert len(mails(clinic, patient)) == 1
    assert visit.message("reminder_first")["reason"] == "phone_unusable"


@pytest.fixture
def sms_again(clinic: Clinic) -> Iterator[None]:
    """Whatever a story does to SMS, the next one finds it working."""
    yield
    clinic.command("channels_resume", "sms")


@pytest.mark.usefixtures("sms_again")
def test_an_unregistered_sender_stops_sms_for_all_and_one_alert_says_so(
    clinic: Clinic, patient: Patient, new_patient: NewPatient
) -> None:
    clinic.has_trouble("twilio", "error_code", code=30034)
    first = books(clinic, patient)
    patient.hears(1)
    eventually(lambda: len(mails(clinic, patient)) == 1, "no e-mail came")
    other = new_patient("Ben Ode")
    books(clinic, other)
    eventually(lambda: len(mails(clinic, other)) == 1, "the next message did not go by e-mail")
    assert not other.texts()
    patient.hears_nothing_more()
    assert clinic.window.ask("open_cases", "channel_stopped") == 1
    assert first.known()["person"]["phone_usable"] is True
    assert "used again" in clinic.command("channels_resume", "sms")
    books(clinic, other, days=8)
    other.is_told("is booked for")


def test_whatsapp_wants_a_template_after_a_day_and_a_free_text_within_it(clinic: Clinic, patient: Patient) -> None:
    visit = books(clinic, patient)
    patient.is_told("is booked for")
    clinic.window.ask("whatsapp", patient.phone)
    clinic.goes_to(visit.starts_at - hours(48))
    told = patient.texts()[-1]
    assert told["channel"] == "whatsapp"
    assert told["body"].startswith("[HX")
    assert visit.message("reminder_first")["status"] == "delivered"
    clinic.call("POST", "/reply", {"from": patient.phone, "channel": "whatsapp", "body": "Cancel", "button": "cancel"})
    clinic.settles()
    assert visit.known()["last_reply"] == "CANCEL"
    answer = patient.texts()[-1]
    assert (answer["channel"], answer["status"]) == ("whatsapp", "delivered")
    assert "our team has your message" in answer["body"]


def test_without_an_approved_template_whatsapp_goes_by_sms_and_says_so(clinic: Clinic, patient: Patient) -> None:
    clinic.window.ask("no_templates", "")
    visit = books(clinic, patient)
    patient.is_told("is booked for")
    clinic.window.ask("prefers_whatsapp", patient.phone)
    clinic.goes_to(visit.starts_at - hours(48))
    assert patient.texts()[-1]["channel"] == "sms"
    assert clinic.window.ask("open_cases", "no_template") >= 1
