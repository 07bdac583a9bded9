"""A captured signature of Twilio's, reused: the letters stay the same and are cut into other fields."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from appointments.models import Business
from aro import clock
from compliance import consent
from integrations.models import Receipt
from integrations.providers import twilio_api

ACCOUNT, SID, OTHER_SID = "AC" + "a" * 32, "SM" + "4c1f0a9be27d4d53a6c8f01e92b7d3a5", "SM" + "0" * 32
PATH = "/webhooks/twilio/sms"
TOKEN = "sandbox-twilio-auth-token"
VICTIM, SENDER = "+12125550147", "+16465550100"
GENUINE = {"AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "From": SENDER, "MessageSid": SID, "NumMedia": "0"}
Form = dict[str, Any]


def signed(form: Form, url: str) -> str:
    return str(RequestValidator(TOKEN).compute_signature(url, form))


def post(client: Client, form: Form, signature: str, path: str = PATH) -> int:
    body = urlencode(form, doseq=True)
    headers = {"X-Twilio-Signature": signature}
    return client.generic("POST", path, body, "application/x-www-form-urlencoded", headers=headers).status_code


@pytest.mark.parametrize(
    ("genuine", "forged"),
    [
        # A text that names another sender, and a field nobody knows for what is left over.
        (
            {**GENUINE, "Body": f"STOPFrom{VICTIM}FromZ", "To": "+15005550006"},
            {
                "AccountSid": ACCOUNT,
                "ApiVersion": "2010-04-01",
                "Body": "STOP",
                "From": VICTIM,
                "FromZ": f"From{SENDER}",
                "MessageSid": SID,
                "NumMedia": "0",
                "To": "+15005550006",
            },
        ),
        # A text that brings an id of its own, so that it passes for another message.
        (
            {**GENUINE, "Body": f"STOPFrom{VICTIM}MessageSid{OTHER_SID}N", "To": "+15005550006"},
            {
                "AccountSid": ACCOUNT,
                "ApiVersion": "2010-04-01",
                "Body": "STOP",
                "From": VICTIM,
                "MessageSid": OTHER_SID,
                "N": f"From{SENDER}MessageSid{SID}NumMedia0To+15005550006",
            },
        ),
        # An account's id takes all that follows it.
        (
            {**GENUINE, "Body": "yes", "To": "+15005550006"},
            {"AccountSid": f"{ACCOUNT}ApiVersion2010-04-01Body", "yesFrom": "+1", "MessageSid": SID},
        ),
        # A field loses its name.
        (
            {**GENUINE, "OptOutType": "STOP", "Body": "C", "To": "+15005550006"},
            {**{k: v for k, v in GENUINE.items() if k != "NumMedia"}, "Body": "C", "N": "umMedia0OptOutTypeSTOP",
             "To": "+15005550006"},
        ),
    ],
)  # fmt: skip
def test_the_same_letters_in_other_fields_are_refused(client: Client, db: None, genuine: Form, forged: Form) -> None:
    url = settings.PUBLIC_BASE_URL + PATH
    assert post(client, forged, signed(forged, url)) == 400
    assert not Receipt.objects.exists()
    assert not consent.is_suppressed(VICTIM)


def test_the_first_two_forgeries_would_have_passed_by_their_signature() -> None:
    """What Twilio's own check says of them: the letters are the same, in the same order."""
    url = settings.PUBLIC_BASE_URL + PATH
    genuine = {**GENUINE, "Body": f"STOPFrom{VICTIM}FromZ"}
    forged = {**GENUINE, "Body": "STOP", "From": VICTIM, "FromZ": f"From{SENDER}"}
    assert signed(genuine, url) == signed(forged, url)


@pytest.mark.parametrize(
    "change",
    [
        {"AccountSid": "AC" + "b" * 32},
        {"AccountSid": None},
        {"MessageSid": "SM1"},
        {"MessageSid": SID.upper()},
        {"SmsSid": OTHER_SID},
        {"From": [SENDER, VICTIM]},
        {"Body": ["C", "STOP"]},
        {"NumMedia": "0From"},
        {"from": VICTIM},
        {"B": "ody"},
    ],
)
def test_another_account_other_ids_and_fields_that_come_twice_are_refused(
    client: Client, db: None, change: Form
) -> None:
    form = {name: value for name, value in {**GENUINE, "Body": "C", **change}.items() if value is not None}

    class Many(dict[str, Any]):
        def getlist(self, name: str) -> list[str]:
            return self[name] if isinstance(self[name], list) else [self[name]]

    signature = RequestValidator(TOKEN).compute_signature(settings.PUBLIC_BASE_URL + PATH, Many(form))
    assert post(client, form, signature) == 400
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"Body": "call me: From 212-555-0147 to 10. STOP"},
        {"From": "22395"},
        {"From": "MyBank"},
        {"From": "whatsapp:+16465550100", "To": "whatsapp:+15005550010", "ProfileName": "Ana", "WaId": "16465550100"},
        {"OptOutType": "STOP", "MessagingServiceSid": "MG" + "1" * 32},
        {"FromCity": "", "FromZip": "", "NewField2027": "x", "MediaUrl0": "https://api.twilio.com/x"},
        {"MessageSid": "MM" + "2" * 32, "SmsSid": "MM" + "2" * 32},
    ],
)
def test_what_twilio_really_sends_is_taken(client: Client, db: None, more: Form) -> None:
    form = {**GENUINE, "Body": "C", "To": "+15005550006", **more}
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + PATH)) == 200
    assert Receipt.objects.count() == 1


def test_the_address_that_has_twilio_try_again_is_signed_without_its_fragment(
    client: Client, business: Business
) -> None:
    """As Twilio does (webhooks-connection-overrides): the fragment is for Twilio itself."""
    assert twilio_api.TRY_AGAIN == "#rc=5&rp=all"
    shown = f"{settings.PUBLIC_BASE_URL}{PATH}{twilio_api.TRY_AGAIN}"
    form = {**GENUINE, "Body": "STOP", "To": "+15005550006"}
    called = shown.partition("#")[0]
    assert post(client, form, signed(form, called)) == 200
    assert consent.is_suppressed(SENDER)
    assert Receipt.objects.get().received_at <= clock.now()
