"""Who writes by RCS is the person with that number, from the signed delivery to the answer."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from appointments.models import Appointment, Message
from aro.ids import new_id
from compliance import consent
from tests.integrations.messaging import PHONE, ana, twilio, visit
from tests.workflows.phone import answers_to, asked_about, status_of

__all__ = ["ana", "twilio", "visit"]
pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/webhooks/twilio/sms"


def writes(client: Client, text: str, **more: str) -> Message:
    sid = f"SM{new_id().hex}"
    form = {"AccountSid": settings.TWILIO_ACCOUNT_SID or "AC" + "a" * 32, "ApiVersion": "2010-04-01", "Body": text,
            "From": f"rcs:{PHONE}", "MessageSid": sid, "To": "rcs:clinic_agent", **more}  # fmt: skip
    signature = RequestValidator("sandbox-twilio-auth-token").compute_signature(settings.PUBLIC_BASE_URL + PATH, form)
    headers = {"X-Twilio-Signature": str(signature)}
    kind = "application/x-www-form-urlencoded"
    assert client.generic("POST", PATH, urlencode(form), kind, headers=headers).status_code == 200
    return Message.objects.get(provider_id=sid)


def test_c_confirms_and_is_answered_by_sms(client: Client, visit: Appointment) -> None:
    asked_about(visit)
    message = writes(client, "C")
    assert (status_of(visit), message.customer) == ("confirmed", visit.customer)
    answer = Message.objects.get(key=f"answer:{message.id}")
    assert (answer.channel, answer.address) == ("sms", PHONE)


def test_stop_and_start_hold_for_texts_as_well(client: Client, visit: Appointment) -> None:
    asked_about(visit)
    writes(client, "STOP")
    assert consent.is_suppressed(PHONE)
    writes(client, "START")
    assert not consent.is_suppressed(PHONE)


def test_a_stop_that_the_carrier_answered_is_not_answered_again(client: Client, visit: Appointment) -> None:
    asked_about(visit)
    message = writes(client, "leave me be", OptOutType="stop")
    assert consent.is_suppressed(PHONE)
    assert answers_to(message) == []


def test_danger_is_answered_where_the_clinic_can_send(client: Client, visit: Appointment) -> None:
    message = writes(client, "I have chest pain and cannot breathe")
    assert answers_to(message) == ["emergency_answer"]
    assert Message.objects.get(key=f"answer:{message.id}").address == PHONE
