"""A reply that came by itself is not applied again when ARO asks Twilio what it missed."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from appointments.models import Business, Message
from aro import clock
from integrations.providers.outgoing import Reply
from integrations.sync import replies
from tests.integrations.test_twilio_rearranged import PATH, STOP, post, signed


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"Forwarded": "true"},
        {"FrequentlyForwarded": "true"},
        {"FlowData": "x"},
        {"EventType": "x"},
        {"ContentSid": "x"},
    ],
)
def test_catching_up_does_not_apply_a_reply_again(client: Client, business: Business, more: dict[str, str]) -> None:
    form = {**STOP, "Body": "C", **more}
    assert post(client, form, signed(form, settings.PUBLIC_BASE_URL + PATH)) == 200
    again = {name: form[name] for name in ("MessageSid", "From", "To", "Body")}
    replies._hand_in(Reply(body=urlencode(again).encode(), at=clock.now()))
    assert Message.objects.filter(address="+16465557771", direction="in").count() == 1
