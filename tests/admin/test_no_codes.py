"""What staff read has words for every code (docs/glossary.md)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from appointments.case_reasons.names import NAMES
from appointments.desk.screens import fate
from appointments.models import Message, StatusChange
from appointments.services import message_fates
from aro import clock
from integrations.models import BreakerChange
from integrations.providers import CARRIERS
from tests.admin import rows


@pytest.mark.parametrize(
    ("channel", "status", "code", "words"),
    [
        ("sms", "failed", "21610", "Failed: The patient said STOP to the clinic's number."),
        ("email", "undelivered", "bounced", "Not delivered: The patient's e-mail address does not exist"),
        (
            "sms",
            "failed",
            "outcome_unknown",
            "Failed: the carrier does not say what became of it; it may have arrived.",
        ),
        ("sms", "failed", "", "Failed."),
    ],
)
def test_a_failure_is_told_in_words(channel: str, status: str, code: str, words: str, settings: Any) -> None:
    settings.EMAIL_CARRIER = "resend"
    told = fate(Message(channel=channel, status=status, error_code=code), "UTC")
    assert told.startswith(words)
    assert "code" not in told


@pytest.mark.parametrize("name", sorted(CARRIERS))
@pytest.mark.parametrize("code", ["smtp_550", "smtp_451", "30006", "bounced", "of-another-carrier", "x"])
def test_every_carrier_has_words_for_whatever_stands_in_a_row(name: str, code: str) -> None:
    refusal = CARRIERS[name].refusal(code)
    assert refusal.staff_message.endswith(".")
    assert refusal.next_step.endswith(".")


def test_whoever_runs_aro_is_told_the_carriers_code_besides() -> None:
    refused = message_fates.explain(Message(channel="sms", status="failed", error_code="21610"))
    assert refused == "failed: The patient said STOP to the clinic's number (provider code 21610)"
    doubtful = message_fates.explain(Message(channel="sms", status="failed", error_code="outcome_unknown"))
    assert doubtful == "failed: the carrier does not say what became of it; it may have arrived"


def test_lists_and_their_filters_show_words(admin: Client) -> None:
    visit = rows.visit(1)
    Message.objects.create(
        direction="out", kind="deposit_receipt", status="blocked", reason="visit_past", appointment=visit
    )
    StatusChange.objects.create(appointment=visit, before="in_progress", after="completed", at=clock.now())
    BreakerChange.objects.create(provider="twilio", before="half_open", after="closed", at=clock.now())
    rows.case(1, reason="cancelled_untold")
    assert str(Message.objects.get()) == "Deposit receipt: not sent"
    for name, codes in {
        "appointments/message": [">deposit_receipt", ">visit_past", "\n    deposit_receipt"],
        "appointments/statuschange": [">in_progress<"],
        "integrations/breakerchange": [">half_open<", ">closed<"],
        "appointments/escalation": ["Cancelled untold"],
    }.items():
        page = admin.get(f"/admin/{name}/").content.decode()
        assert [code for code in codes if code in page] == []


def test_no_reason_of_a_case_is_called_by_its_code_alone() -> None:
    alone = {"machine", "cancel_word", "cancelled_untold", "booked_untold", "very_late", "deliveries", "media"}
    assert [code for code in alone if str(NAMES[code]).lower() == code.replace("_", " ")] == []
