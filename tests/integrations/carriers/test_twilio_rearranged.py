"""A captured signature of Twilio's, reused: the letters stay the same and are cut into other fields."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from appointments.models import Business, Message
from aro import clock
from compliance import consent
from integrations.models import Receipt
from integrations.providers.twilio import api

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
        {"From": "rcs:+16465550100", "To": "rcs:clinic_agent", "ChannelPrefix": "rcs"},
        {"OptOutType": "stop"},
        {"OptOutType": "Stop "},
        {"OptOutType": "UNSTOP_2"},
        {"OptOutType": "Whatever"},
    ],
)
def test_what_twilio_really_sends_is_taken(client: Client, db: None, more: Form) -> None:
    form = {**GENUINE, "Body": "C", "To": "+15005550006", **more}
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + PATH)) == 200
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("ids", [("SmsSid",), ("SmsMessageSid",), ("SmsMessageSid", "SmsSid")])
def test_a_message_without_a_messagesid_is_the_same_message(
    client: Client, business: Business, ids: tuple[str, ...]
) -> None:
    """As addresses of the older kind get it: a STOP must not be lost for the name of a field."""
    rest = {name: value for name, value in STOP.items() if name != "MessageSid"}
    form = {**rest, **dict.fromkeys(ids, SID)}
    url = settings.PUBLIC_BASE_URL + PATH
    assert post(client, form, signed(form, url)) == 200
    assert consent.is_suppressed(STOP["From"])
    assert post(client, STOP, signed(STOP, url)) == 200
    assert Message.objects.filter(direction="in").count() == Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("genuine", "cut"),
    [
        # What was the text becomes the id, the sender and what is left over.
        (
            {**GENUINE, "Body": f"STOPFrom{VICTIM}SmsSid{OTHER_SID}T"},
            {"Body": "STOP", "From": VICTIM, "SmsSid": OTHER_SID, "T": f"From{SENDER}MessageSid{SID}NumMedia0"},
        ),
        # An id goes into its neighbour.
        (
            {**GENUINE, "Body": "C", "NumSegments": "1", "SmsSid": SID},
            {**GENUINE, "Body": "C", "NumSegments": f"1SmsSid{SID}"},
        ),
        # The carrier's STOP takes the name of the next field with it.
        (
            {**GENUINE, "Body": "arret", "OptOutType": "STOP", "ProfileName": "Ana"},
            {**GENUINE, "Body": "arret", "OptOutType": "STOPProfileNameAna"},
        ),
        (
            {**GENUINE, "Body": "arret", "OptOutType": "Stop", "ProfileName": "Ana"},
            {**GENUINE, "Body": "arret", "OptOutType": "StopProfileNameAna"},
        ),
    ],
)
def test_ids_and_opt_out_words_in_other_spellings_are_cut_no_other_way(
    client: Client, db: None, genuine: Form, cut: Form
) -> None:
    url = settings.PUBLIC_BASE_URL + PATH
    forged = {"AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", **cut}
    assert signed(genuine, url) == signed(forged, url)
    assert post(client, forged, signed(forged, url)) == 400
    assert not Receipt.objects.exists()


def test_the_address_that_has_twilio_try_again_is_signed_without_its_fragment(
    client: Client, business: Business
) -> None:
    """As Twilio does (webhooks-connection-overrides): the fragment is for Twilio itself."""
    assert api.TRY_AGAIN == "#rc=5&rp=all"
    shown = f"{settings.PUBLIC_BASE_URL}{PATH}{api.TRY_AGAIN}"
    form = {**GENUINE, "Body": "STOP", "To": "+15005550006"}
    called = shown.partition("#")[0]
    assert post(client, form, signed(form, called)) == 200
    assert consent.is_suppressed(SENDER)
    assert Receipt.objects.get().received_at <= clock.now()


STOP = {**GENUINE, "Body": "STOP", "From": "+16465557771", "To": "+15005550006"}
REST = {name: value for name, value in STOP.items() if name not in ("Body", "From")}
NO_VERSION = {name: value for name, value in REST.items() if name != "ApiVersion"}


@pytest.mark.parametrize(
    ("cut", "status"),
    [
        ({**REST, "BodySTOPFrom": "+16465557771"}, 400),
        ({**REST, "From": "+16465557771", "BodySTOP": ""}, 400),
        # A text of another field takes the text of the person.
        ({**NO_VERSION, "From": "+16465557771", "AddOns": "ApiVersion2010-04-01BodySTOP"}, 200),
    ],
)
def test_a_cut_that_comes_first_never_takes_the_place_of_the_genuine_stop(
    client: Client, business: Business, cut: Form, status: int
) -> None:
    url = settings.PUBLIC_BASE_URL + PATH
    genuine = {**STOP, "AddOns": ""} if "AddOns" in cut else STOP
    assert signed(cut, url) == signed(genuine, url)
    assert post(client, cut, signed(cut, url)) == status
    assert Receipt.objects.count() == (status == 200)
    assert post(client, genuine, signed(genuine, url)) == 200
    assert consent.is_suppressed("+16465557771")


def test_a_word_of_the_text_that_passes_for_a_field_does_not_take_its_place(client: Client, business: Business) -> None:
    url = settings.PUBLIC_BASE_URL + PATH
    genuine = {**STOP, "Body": "Cancelar y STOP"}
    cut = {**STOP, "Body": "", "Cancelar": " y STOP"}
    assert signed(cut, url) == signed(genuine, url)
    assert [post(client, form, signed(form, url)) for form in (cut, genuine)] == [200, 200]
    assert Message.objects.filter(address="+16465557771", body="Cancelar y STOP").exists()


@pytest.mark.parametrize("lacks", ["From", "MessageSid", "AccountSid"])
@pytest.mark.parametrize("blank", [True, False])
def test_what_has_no_sender_id_or_account_is_refused_before_it_is_stored(
    client: Client, db: None, lacks: str, blank: bool
) -> None:
    form = {name: value for name, value in STOP.items() if name != lacks} | ({lacks: ""} if blank else {})
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + PATH)) == 400
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("lacks", ["MessageSid", "MessageStatus"])
def test_a_status_without_an_id_or_a_state_is_refused_before_it_is_stored(client: Client, db: None, lacks: str) -> None:
    path = "/webhooks/twilio/status/0198a1b2-0000-7000-8000-000000000001"
    form = {"AccountSid": ACCOUNT, "MessageSid": SID, "MessageStatus": "delivered"}
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + path), path) == 200
    del form[lacks]
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + path), path) == 400
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("name", ["X" + "y" * 40, "New_Field", "1Field", "Fi2eld", "OldMessageSid", "Field 1"])
def test_a_field_name_without_the_shape_of_twilios_is_refused(client: Client, db: None, name: str) -> None:
    form = {**STOP, name: "x"}
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + PATH)) == 400
    assert not Receipt.objects.exists()


def test_a_form_without_a_text_and_names_that_hold_another_are_taken(client: Client, business: Business) -> None:
    more = {
        "FromCountry": "US",
        "ToZip": "",
        "ReferralBody": "x",
        "OriginalRepliedMessageSid": SID,
        "SmsStatus": "received",
    }
    form = {**REST, "From": "+16465557771", **more}
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + PATH)) == 200
    assert Message.objects.filter(address="+16465557771", direction="in").count() == 1
