"""The way in, beyond what every provider's contract says: crowds, the echo, and bodies that somebody made up."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aro import clock
from aro.models import Due
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from integrations.providers.shared import json_body
from integrations.providers.shared.base import Delivery, MalformedError, NeedsLookupError, Stored
from tests.integrations import signers
from tests.integrations.contract import fixture

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECRET = "sandbox-calendly-signing-key"


def post_calendly(client: Client, body: bytes) -> Any:
    headers = signers.calendly(body, secret=SECRET, at=clock.now().timestamp())
    return client.generic("POST", "/webhooks/calendly", body, "application/json", headers=headers)


@pytest.mark.django_db(transaction=True)
def test_the_same_delivery_from_many_at_once_is_stored_once_and_everybody_gets_200() -> None:
    body, answers = fixture("calendly", "invitee.created"), []

    def post() -> None:
        try:
            answers.append(post_calendly(Client(), body).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [200] * 20
    assert Receipt.objects.count() == 1
    assert Due.objects.filter(lane="receipts").count() == 1


def test_a_token_from_a_form_is_not_asked_for(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert post_calendly(client, fixture("calendly", "invitee.created")).status_code == 200


@override_settings(ARO_MODE="sandbox")
def test_the_echo_says_what_a_delivery_would_do_and_does_nothing(client: Client, db: None) -> None:
    body = fixture("calendly", "invitee.created.rescheduled")
    answer = client.generic("POST", "/webhooks/test", body, "application/json")
    (would,) = answer.json()["would"]
    assert (would["type"], would["starts_at"]) == ("BookingMoved", "2026-12-01T09:30:00+00:00")
    assert "Rosa" not in answer.content.decode()
    assert not Receipt.objects.exists()


@override_settings(ARO_MODE="sandbox")
@pytest.mark.parametrize(
    ("query", "body", "status"),
    [("?provider=nobody", b"{}", 400), ("", b"{", 400), ("", b'{"event": "invitee.created"}', 400)],
)
def test_the_echo_explains_what_it_cannot_read(client: Client, db: None, query: str, body: bytes, status: int) -> None:
    answer = client.generic("POST", f"/webhooks/test{query}", body, "application/json")
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


@override_settings(ARO_MODE="sandbox")
def test_the_echo_says_of_itself_what_it_is(client: Client, db: None) -> None:
    looked, wrong = client.get("/webhooks/test"), client.put("/webhooks/test")
    assert (looked.status_code, wrong.status_code) == (200, 405)
    for said in (looked.json()["message"], wrong.json()["error"]["message"]):
        assert said.startswith("This address says what a delivery would do. It checks no signature")


@override_settings(ARO_MODE="live")
def test_there_is_no_echo_outside_the_sandbox(client: Client, db: None) -> None:
    assert client.generic("POST", "/webhooks/test", b"{}", "application/json").status_code == 404


def test_text_from_outside_comes_out_as_every_database_can_store_it() -> None:
    read = json_body.read(rb'{"a\u0000": ["x\u0000y", "\ud800", {"k": "\ud83d\ude00"}], "n": 12345678901234567890}')
    assert read == {"a": ["xy", "?", {"k": "\U0001f600"}], "n": 12345678901234567890}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
EVENTS = [("calendly", "invitee.created"), ("calendly", "invitee.canceled.rescheduled"),
          ("calendly", "invitee_no_show.created"), ("calendly", "invitee_no_show.deleted"),
          ("stripe", "checkout.session.completed"), ("stripe", "payment_intent.succeeded"),
          ("stripe", "charge.dispute.created")]  # fmt: skip


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, child in inside for path in paths(child, (*at, key)))]


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = document.copy()
    copied[path[0]] = replaced(copied[path[0]], path[1:], value)
    return copied


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(event=st.sampled_from(EVENTS), data=st.data())
def test_whatever_stands_in_any_field_an_adapter_reads_it_or_says_why_not(
    event: tuple[str, str], data: st.DataObject
) -> None:
    document = json.loads(fixture(*event))
    path = data.draw(st.sampled_from(paths(document)))
    body = json.dumps(replaced(document, path, data.draw(JSON))).encode()
    understood(event[0], body)


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(ADAPTERS)), body=st.binary(max_size=300))
def test_whatever_bytes_come_an_adapter_reads_them_or_says_why_not(name: str, body: bytes) -> None:
    understood(name, body)


def understood(name: str, body: bytes) -> None:
    """Anything but news or one of the border's own errors would be a 500 or an endless retry."""
    delivery = Delivery(body=body, headers={}, url="https://x.example/", path_ref="", received_at=AT)
    try:
        assert 0 < len(ADAPTERS[name].delivery_key(delivery)) <= 255
        for news in ADAPTERS[name].parse(Stored(body=body, path_ref="", received_at=AT)):
            storable(news)
    except (MalformedError, NeedsLookupError):
        return


def storable(news: Any) -> None:
    """What PostgreSQL refuses must not be in it."""
    shown = repr(news).encode("utf-8", "strict")
    assert b"\\x00" not in shown
    assert b"\\ud8" not in shown
