"""Telnyx's webhooks: the border's contract, who may sign, and what each event becomes."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client, override_settings

from appointments.inbound import DeliveryReported, NothingToDo, ReplyReceived
from appointments.models import Business, Message
from aro import clock
from aro.ids import new_id
from compliance import consent
from integrations.inbound import routing
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import MalformedError, Stored
from tests.integrations.contract import JsonContract, fixture

EXECUTION = "0192f0c1-7a3b-7c4d-8e5f-60718293a4b5"
REPORTS = f"/webhooks/telnyx/status/{EXECUTION}"
PHONE = "+12125550142"


def private(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public(name: str) -> str:
    """What the account page shows of somebody's key."""
    return base64.b64encode(private(name).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signature(body: bytes, *, key: str, stamp: str) -> dict[str, str]:
    signed = private(key).sign(f"{stamp}|".encode() + body)
    return {"telnyx-signature-ed25519": base64.b64encode(signed).decode(), "telnyx-timestamp": stamp}


class TelnyxContract(JsonContract):
    setting = "TELNYX_PUBLIC_KEY"
    unknown: ClassVar[bytes] = fixture("telnyx", "message.unheard_of")
    tolerance = 300

    @pytest.fixture(autouse=True)
    def our_own(self) -> Any:
        with override_settings(TELNYX_PUBLIC_KEY=public("ours")):
            yield

    def secret(self) -> str:
        """Whose key signs."""
        return "ours"

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signature(body, key=secret, stamp=str(int(clock.now().timestamp() - late_by)))

    @pytest.mark.parametrize("which", ["old", "new"])
    def test_both_secrets_hold_while_one_replaces_the_other(self, client: Client, db: None, which: str) -> None:
        with override_settings(TELNYX_PUBLIC_KEY=f"{public('new')}, {public('old')}"):
            answer = self.post(client, self.good, self.sign(self.good, secret=which))
        assert answer.status_code == 200

    @pytest.mark.parametrize("wrong", ["bm90IGEga2V5", "no base64!", "AAAA", "é" * 44])
    def test_a_setting_that_is_no_key_lets_nobody_in(self, client: Client, db: None, wrong: str) -> None:
        with override_settings(TELNYX_PUBLIC_KEY=wrong):
            assert self.refused(self.deliver(client, self.good)) == 503

    def test_a_signature_for_another_time_is_refused(self, client: Client, db: None) -> None:
        """The time is signed, too: who has caught a delivery cannot send it later under a new one."""
        headers = self.sign(self.good, secret="ours", late_by=1000)
        headers["telnyx-timestamp"] = str(int(clock.now().timestamp()))
        assert self.refused(self.post(client, self.good, headers)) == 401

    def test_the_same_event_counts_once_under_a_new_signature(self, client: Client, db: None) -> None:
        for late_by in (200, 0):
            assert self.post(client, self.good, self.sign(self.good, secret="ours", late_by=late_by)).status_code == 200
        assert Receipt.objects.count() == 1


class TestTelnyxRepliesAtTheBorder(TelnyxContract):
    name = "telnyx_sms"
    url = "/webhooks/telnyx/sms"
    good: ClassVar[bytes] = fixture("telnyx", "message.received")


class TestTelnyxReportsAtTheBorder(TelnyxContract):
    name = "telnyx_status"
    url = REPORTS
    good: ClassVar[bytes] = fixture("telnyx", "message.finalized.delivered")


def news(name: str, **changes: Any) -> Any:
    event = json.loads(fixture("telnyx", name))
    event["data"]["payload"] |= changes
    stored = Stored(body=json.dumps(event).encode(), path_ref=EXECUTION, received_at=clock.now())
    (one,) = ADAPTERS["telnyx_status"].parse(stored)
    return one


def test_a_text_is_a_reply() -> None:
    reply = news("message.received")
    assert isinstance(reply, ReplyReceived)
    assert (reply.channel, reply.sender, reply.text) == ("sms", PHONE, "Yes, see you on Monday")
    assert reply.provider_id == "3c2f8d1e-52a7-4b0e-9d6a-0f6d5c1b7a11"


def test_what_comes_with_it_is_known_by_kind_and_its_address_is_not_kept() -> None:
    reply = news("message.received.media")
    assert reply.media == ("picture", "file")
    assert "secret-token" not in repr(reply)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("message.sent", "sent", ""),
        ("message.finalized.delivered", "delivered", ""),
        ("message.finalized.unconfirmed", "sent", ""),
        ("message.finalized.failed", "undelivered", "40001"),
        ("message.finalized.sending_failed", "failed", "40013"),
    ],
)
def test_each_report_has_its_state_its_code_and_our_execution(name: str, status: str, code: str) -> None:
    report = news(name)
    assert isinstance(report, DeliveryReported)
    assert (report.status, report.error_code, report.execution_id, report.to) == (status, code, EXECUTION, PHONE)


@pytest.mark.parametrize("to", [[], [{"status": "unheard_of"}], "x", None, [None]])
def test_a_state_that_nobody_knows_is_of_no_concern(to: Any) -> None:
    assert isinstance(news("message.sent", to=to), NothingToDo)


@pytest.mark.parametrize("changes", [{"from": {}}, {"from": None}, {"id": None}, {"from": {"phone_number": "1" * 41}}])
def test_a_text_from_nobody_is_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        news("message.received", **changes)


@pytest.mark.parametrize("code", [{"a": 1}, [], None, "x" * 40, True])
def test_a_code_that_is_none_is_no_code(code: Any) -> None:
    assert news("message.finalized.failed", errors=[{"code": code}]).error_code == ""


def test_a_stop_holds_before_the_answer(client: Client, business: Business) -> None:
    body = fixture("telnyx", "message.received.stop")
    with override_settings(TELNYX_PUBLIC_KEY=public("ours"), TEXT_CARRIER="telnyx"):
        headers = signature(body, key="ours", stamp=str(int(clock.now().timestamp())))
        answer = client.generic("POST", "/webhooks/telnyx/sms", body, "application/json", headers=headers)
    assert answer.status_code == 200
    assert consent.is_suppressed(PHONE)


@pytest.mark.parametrize(("word", "answers"), [("STOP", 0), ("stop all", 0), ("REVOKE", 1), ("HELP", 1)])
def test_what_telnyx_answers_itself_is_not_answered_twice_and_the_rest_is(
    business: Business, word: str, answers: int
) -> None:
    """Twilio answers HELP and REVOKE as well; Telnyx does not."""
    with override_settings(TEXT_CARRIER="telnyx"):
        routing.apply(news("message.received", text=word), correlation_id=new_id())
    assert Message.objects.filter(direction="out").count() == answers
