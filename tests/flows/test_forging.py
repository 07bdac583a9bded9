"""Deliveries that nobody signed, or not now, change nothing; a good one acts once however often it comes."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC
from typing import Any

import pytest
import requests

from tests.flows.clinic import Clinic, Patient, hours

KEY = b"sandbox-calendly-signing-key"
BASE = "https://api.calendly.com/scheduled_events"


@pytest.fixture
def body(clinic: Clinic, patient: Patient) -> bytes:
    """A booking as Calendly sends it."""
    event = f"{BASE}/EVT-{patient.phone[1:]}"
    starts_at = clinic.day(4, at="14:00")
    payload: dict[str, Any] = {
        "uri": f"{event}/invitees/INV-{patient.phone[1:]}",
        "name": "Ana Diaz",
        "email": "ana@example.com",
        "status": "active",
        "timezone": "America/New_York",
        "text_reminder_number": patient.phone,
        "event": event,
        "scheduled_event": {
            "uri": event,
            "name": "Checkup",
            "start_time": starts_at.astimezone(UTC).isoformat(),
            "end_time": (starts_at + hours(0.5)).astimezone(UTC).isoformat(),
        },
    }
    news = {"event": "invitee.created", "created_at": clinic.now().isoformat(), "payload": payload}
    return json.dumps(news).encode()


def signed(body: bytes, timestamp: int, key: bytes = KEY) -> str:
    return f"t={timestamp},v1=" + hmac.new(key, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def send(clinic: Clinic, body: bytes, signature: str | None) -> int:
    headers = {"Content-Type": "application/json"}
    if signature is not None:
        headers["Calendly-Webhook-Signature"] = signature
    return requests.post(f"{clinic.web}/webhooks/calendly", data=body, headers=headers, timeout=30).status_code


def test_what_is_not_signed_by_the_key_and_for_now_is_refused_and_leaves_nothing(
    clinic: Clinic, patient: Patient, body: bytes
) -> None:
    before, now = clinic.window.ask("receipts", "calendly"), int(clinic.now().timestamp())
    forged = [
        None,
        "",
        "t=1,v1=",
        "nonsense",
        signed(body, now, key=b"another key"),
        signed(body + b" ", now),
        signed(body, now - 3600),
        signed(body, now + 3600),
    ]
    assert [send(clinic, body, signature) for signature in forged] == [401] * len(forged)
    patient.hears_nothing_more()
    assert clinic.window.ask("receipts", "calendly") == before
    assert clinic.window.ask("people", patient.phone) == 0


def test_the_same_delivery_five_times_brings_one_text(clinic: Clinic, patient: Patient, body: bytes) -> None:
    before, signature = clinic.window.ask("receipts", "calendly"), signed(body, int(clinic.now().timestamp()))
    assert [send(clinic, body, signature) for _ in range(5)] == [200] * 5
    patient.is_told("is booked for")
    patient.hears_nothing_more()
    assert clinic.window.ask("receipts", "calendly") == before + 1
    assert clinic.window.ask("people", patient.phone) == 1


def test_a_provider_that_tells_everything_twice_is_heard_once(clinic: Clinic, patient: Patient) -> None:
    clinic.has_trouble("calendly", "duplicate_callback")
    patient.books(clinic.day(4, at="14:00"))
    patient.is_told("is booked for")
    patient.hears_nothing_more()
