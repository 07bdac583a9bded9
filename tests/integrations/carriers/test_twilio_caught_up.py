"""A reply that came by itself is not applied again when ARO asks Twilio what it missed."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from appointments.models import Business, Message
from aro import clock
from integrations.providers.shared.outgoing import Reply
from integrations.sync import replies
from tests.integrations.carriers.test_twilio_rearranged import PATH, STOP, post, signed


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"Forwarded": "true"},
        {"FrequentlyForwarded": "true"},
        {"FlowData": "x"},
        {"EventType": "x"},
        {"ContentSid": "x"},
        # What Twilio may add one day.
        {"Delight": "x"},
    ],
)
def test_catching_up_does_not_apply_a_reply_again(client: Client, business: Business, more: dict[str, str]) -> None:
    form = {**STOP, "Body": "C", **more}
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + PATH)) == 200
    again = {name: form[name] for name in ("MessageSid", "From", "To", "Body")}
    replies._hand_in(Reply(body=urlencode(again).encode(), at=clock.now()))
    assert Message.objects.filter(address="+16465557771", direction="in").count() == 1


def test_a_reply_without_its_words_in_the_delivery_is_applied_once(client: Client, business: Business) -> None:
    form = {name: value for name, value in STOP.items() if name != "Body"}
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + PATH)) == 200
    again = {name: form[name] for name in ("MessageSid", "From", "To")} | {"Body": ""}
    replies._hand_in(Reply(body=urlencode(again).encode(), at=clock.now()))
    assert Message.objects.filter(address="+16465557771", direction="in").count() == 1


def test_other_words_under_the_same_id_were_not_the_persons_own(client: Client, business: Business) -> None:
    cut = {**STOP, "Body": "", "Cancelar": " y STOP"}
    assert post(client, cut, signed(cut, settings.PUBLIC_BASE_URL + PATH)) == 200
    again = {name: STOP[name] for name in ("MessageSid", "From", "To")} | {"Body": "Cancelar y STOP"}
    replies._hand_in(Reply(body=urlencode(again).encode(), at=clock.now()))
    assert Message.objects.filter(direction="in", body="Cancelar y STOP").count() == 1
