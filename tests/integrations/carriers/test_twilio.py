"""Twilio's deliveries: the border's contract at both addresses, and what each becomes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from appointments.inbound import DeliveryReported, Inbound, NothingToDo, ReplyReceived
from appointments.models import Business, Message
from aro.models import Due
from compliance import consent
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Delivery, MalformedError, Stored
from integrations.providers.twilio.webhook import LONGEST_TEXT
from tests.integrations import signers
from tests.integrations.contract import ProviderContract, fixture
from workflows.replies import loading

RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
EXECUTION = uuid4()
SID = "SM4c1f0a9be27d4d53a6c8f01e92b7d3a5"
NONSENSE = {
    "empty": b"",
    "bad utf-8": b"Body=\xff\xfe&From=%FF%FE&MessageSid=SM1",
    "json": b'{"Body": "C"}',
    "nul": b"MessageSid=SM%00x&From=%2B1212&Body=%00",
    "lone surrogate": b"MessageSid=SM2&From=%2B1212&Body=%ED%A0%80",
    "only separators": b"&&==&&",
    "a long id": b"MessageSid=" + b"S" * 5000 + b"&From=%2B1212",
    "a long sender": b"MessageSid=SM3&From=" + b"1" * 5000,
    "the same field twice": b"MessageSid=SM4&MessageSid=SM5&From=%2B1212&Body=C&Body=STOP",
    "too many fields": urlencode([(f"f{n}", "x") for n in range(5000)]).encode(),
}


class TwilioContract(ProviderContract):
    content_type = "application/x-www-form-urlencoded"
    setting = "TWILIO_AUTH_TOKEN"

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signers.twilio(body, secret=secret, url=settings.PUBLIC_BASE_URL + self.url)

    def test_the_answer_is_empty_twiml_because_anything_else_would_be_texted(self, client: Client, db: None) -> None:
        answer = self.deliver(client, self.good)
        assert answer.headers["Content-Type"] == "text/xml"
        assert answer.content.endswith(b"<Response/>")

    def test_a_shared_key_signature_with_sha256_is_understood(self, client: Client, db: None) -> None:
        url = settings.PUBLIC_BASE_URL + self.url
        headers = signers.twilio(self.good, secret=self.secret(), url=url, algorithm="HMAC_SHA256")
        assert self.post(client, self.good, headers).status_code == 200

    def test_an_algorithm_nobody_knows_is_refused(self, client: Client, db: None) -> None:
        headers = self.sign(self.good, secret=self.secret())
        headers["X-Twilio-Webhooks-Signature-Settings"] = "key=k,algorithm=HMAC_MD5"
        assert self.refused(self.post(client, self.good, headers)) == 401

    def test_a_signature_for_another_address_is_refused(self, client: Client, db: None) -> None:
        headers = signers.twilio(self.good, secret=self.secret(), url="https://elsewhere.example" + self.url)
        assert self.refused(self.post(client, self.good, headers)) == 401

    def test_the_query_is_part_of_what_is_signed(self, client: Client, db: None) -> None:
        called = f"{self.url}?from=clinic&empty="
        headers = signers.twilio(self.good, secret=self.secret(), url=settings.PUBLIC_BASE_URL + called)
        assert self.post(client, self.good, headers, url=called).status_code == 200

    def test_the_public_address_counts_and_not_what_the_proxy_called(self, client: Client, db: None) -> None:
        with override_settings(PUBLIC_BASE_URL="https://clinic.example/aro"):
            headers = signers.twilio(self.good, secret=self.secret(), url=f"https://clinic.example/aro{self.url}")
            assert self.post(client, self.good, headers).status_code == 200

    def test_without_a_public_address_the_endpoint_is_not_set_up(self, client: Client, db: None) -> None:
        headers = self.sign(self.good, secret=self.secret())
        with override_settings(PUBLIC_BASE_URL=""):
            assert self.refused(self.post(client, self.good, headers)) == 503

    @pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
    def test_signed_nonsense_is_never_a_server_error(self, client: Client, db: None, body: bytes) -> None:
        assert self.deliver(client, body).status_code in (200, 400, 401)


class TestRepliesAtTheBorder(TwilioContract):
    name = "twilio_sms"
    url = "/webhooks/twilio/sms"
    good: ClassVar[bytes] = fixture("twilio", "sms")
    unknown: ClassVar[bytes] = b""

    def test_an_unknown_kind_of_news_is_stored_and_of_no_concern(self, client: Client, db: None) -> None:
        """There is no other kind here: a form that is no message is refused before it is stored."""
        assert self.deliver(client, b"Something=else").status_code == 400
        assert not Receipt.objects.exists()

    def test_a_reply_is_applied_before_the_carrier_has_its_answer(self, client: Client, business: Business) -> None:
        self.deliver(client, self.good)
        assert Receipt.objects.get().outcome == Receipt.Outcome.APPLIED
        assert Message.objects.filter(direction="in", provider_id=SID).count() == 1

    def test_an_opt_out_holds_before_the_carrier_has_its_answer(self, client: Client, business: Business) -> None:
        self.deliver(client, fixture("twilio", "sms.stop_answered"))
        assert consent.is_suppressed("+12125550177")

    def test_the_first_reply_after_a_start_waits_for_its_readers_before_anything_is_written(
        self, client: Client, business: Business
    ) -> None:
        """Whoever waits within a transaction keeps the one writer of an SQLite database from everybody else."""
        loading._loaded.clear()
        written: list[bool] = []

        def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith(("INSERT", "SAVEPOINT")):
                written.append(loading._loaded.is_set())
            return execute(sql, params, many, context)

        with connection.execute_wrapper(look):
            self.deliver(client, self.good)
        assert written
        assert all(written)

    @pytest.mark.parametrize("filler", ["please stop texting me ", "lorem ipsum 10:30 ", "a", "\u00e9? "])
    def test_an_opt_out_in_the_longest_text_holds(self, client: Client, business: Business, filler: str) -> None:
        form = dict(parse_qsl(fixture("twilio", "sms").decode(), keep_blank_values=True))
        form["Body"] = f"STOP. {filler * LONGEST_TEXT}"[:LONGEST_TEXT]
        assert self.deliver(client, urlencode(form).encode()).status_code == 200
        assert consent.is_suppressed(form["From"])

    def test_a_reply_that_cannot_be_applied_is_kept_and_tried_again(self, client: Client, db: None) -> None:
        """Here because no business is set up yet."""
        assert self.deliver(client, self.good).status_code == 200
        receipt = Receipt.objects.get()
        assert receipt.outcome == Receipt.Outcome.PENDING
        assert Due.objects.filter(lane="receipts", ref=receipt.id).exists()


class TestStatusesAtTheBorder(TwilioContract):
    name = "twilio_status"
    url = f"/webhooks/twilio/status/{EXECUTION}"
    good: ClassVar[bytes] = fixture("twilio", "status.delivered")
    unknown: ClassVar[bytes] = fixture("twilio", "status.unheard_of")

    def test_the_receipt_knows_which_execution_was_called_for(self, client: Client, db: None) -> None:
        self.deliver(client, self.good)
        assert Receipt.objects.get().path_ref == str(EXECUTION)

    def test_an_address_without_an_execution_is_nobodys(self, client: Client, db: None) -> None:
        assert self.post(client, self.good, {}, url="/webhooks/twilio/status/nonsense").status_code == 404


def parse(name: str, *, adapter: str = "twilio_sms") -> Inbound:
    stored = Stored(body=fixture("twilio", name), path_ref=str(EXECUTION), received_at=RECEIVED)
    (news,) = ADAPTERS[adapter].parse(stored)
    return news


def reply(name: str) -> ReplyReceived:
    news = parse(name)
    assert isinstance(news, ReplyReceived)
    return news


def test_a_text_from_a_patient() -> None:
    assert reply("sms") == ReplyReceived(
        carrier="twilio", channel="sms", sender="+12125550177", text="C", provider_id=SID, occurred_at=RECEIVED
    )


def test_a_whatsapp_message_comes_without_its_prefix() -> None:
    news = reply("whatsapp")
    assert (news.channel, news.sender, news.text) == ("whatsapp", "+12125550177", "X")


@pytest.mark.parametrize(
    "sender", ["rcs:+12125550177", "RCS:+12125550177", "sms:+12125550177", "newchannel:+12125550177"]
)
def test_whoever_has_a_number_is_that_number_whatever_the_channel_and_is_answered_by_sms(sender: str) -> None:
    body = urlencode({"MessageSid": "SM7", "From": sender, "To": "rcs:clinic_agent", "Body": "C"}).encode()
    (news,) = ADAPTERS["twilio_sms"].parse(Stored(body=body, path_ref="", received_at=RECEIVED))
    assert isinstance(news, ReplyReceived)
    assert (news.channel, news.sender, news.user_id) == ("sms", "+12125550177", "")


def test_an_id_that_is_no_number_stays_an_id() -> None:
    body = urlencode({"MessageSid": "SM7", "From": "messenger:12345", "Body": "C"}).encode()
    (news,) = ADAPTERS["twilio_sms"].parse(Stored(body=body, path_ref="", received_at=RECEIVED))
    assert isinstance(news, ReplyReceived)
    assert (news.sender, news.user_id) == ("messenger:12345", "messenger:12345")


@pytest.mark.parametrize(("said", "taken_for"), [("stop", "stop"), ("Start ", "start"), ("SOMETHING", ""), ("", "")])
def test_the_carriers_own_word_counts_in_any_case_and_an_unknown_one_does_not(said: str, taken_for: str) -> None:
    body = urlencode({"MessageSid": "SM7", "From": "+12125550177", "Body": "x", "OptOutType": said}).encode()
    (news,) = ADAPTERS["twilio_sms"].parse(Stored(body=body, path_ref="", received_at=RECEIVED))
    assert isinstance(news, ReplyReceived)
    assert news.carrier_says == taken_for


def test_a_pressed_button_counts_as_the_letter_it_stands_for() -> None:
    assert reply("whatsapp.button").text == "C"


@pytest.mark.parametrize(
    ("payload", "words", "said"),
    [
        ("cancel", "Cancel", "X"),
        ("", "Cancel", "X"),
        ("R", "Other time, please", "R"),
        ("stop", "No more messages", "STOP"),
        ("survey-7", "Very good", "Very good"),
    ],
)
def test_the_button_called_cancel_is_about_the_visit_and_opts_nobody_out(payload: str, words: str, said: str) -> None:
    form = {"MessageSid": "SM7", "From": "whatsapp:+12125550177", "Body": words, "ButtonText": words}
    body = urlencode(form | {"ButtonPayload": payload}).encode()
    (news,) = ADAPTERS["twilio_sms"].parse(Stored(body=body, path_ref="", received_at=RECEIVED))
    assert isinstance(news, ReplyReceived)
    assert news.text == said


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        ("MM5cc44eecf7dab0d48d4529d0fa4af44d", "MM5cc44eecf7dab0d48d4529d0fa4af44d"),
        (" SM5cc44eecf7dab0d48d4529d0fa4af44d ", "SM5cc44eecf7dab0d48d4529d0fa4af44d"),
        ("", ""),
        ("wamid.HBgNODYx", ""),
    ],
)
def test_a_reply_or_a_button_names_the_text_it_stands_under(told: str, answers: str) -> None:
    form = {"MessageSid": "SM7", "From": "whatsapp:+12125550177", "Body": "C", "OriginalRepliedMessageSid": told}
    (news,) = ADAPTERS["twilio_sms"].parse(Stored(body=urlencode(form).encode(), path_ref="", received_at=RECEIVED))
    assert isinstance(news, ReplyReceived)
    assert news.answers == answers


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ("cancel.pdf", "application/pdf", ""),
        ("Scan 12 STOP.PDF", "application/pdf", ""),
        ("I can't come.Sorry", "application/pdf", "I can't come.Sorry"),
        ("X", "application/pdf", "X"),
        ("cancel.pdf", "", "cancel.pdf"),
    ],
)
def test_the_name_of_a_document_is_not_what_the_person_says(body: str, kind: str, said: str) -> None:
    sent = {"NumMedia": "1", "MediaContentType0": kind, "MessageType": "document"} if kind else {"NumMedia": "0"}
    form = {"MessageSid": "SM7", "From": "whatsapp:+12125550177", "Body": body, **sent}
    (news,) = ADAPTERS["twilio_sms"].parse(Stored(body=urlencode(form).encode(), path_ref="", received_at=RECEIVED))
    assert isinstance(news, ReplyReceived)
    assert news.text == said


def test_a_text_by_rcs_is_one_from_that_number_and_an_opt_out_there_is_one_from_texts() -> None:
    body = urlencode({"MessageSid": "SM8", "From": "rcs:+12125550177", "To": "rcs:agent", "Body": "STOP"}).encode()
    (news,) = ADAPTERS["twilio_sms"].parse(Stored(body=body, path_ref="", received_at=RECEIVED))
    assert isinstance(news, ReplyReceived)
    assert (news.sender, news.channel, news.user_id) == ("+12125550177", "sms", "")


def test_code_nought_is_no_code() -> None:
    body = urlencode({"MessageSid": "SM9", "MessageStatus": "sent", "ErrorCode": "0"}).encode()
    (news,) = ADAPTERS["twilio_status"].parse(Stored(body=body, path_ref="x", received_at=RECEIVED))
    assert isinstance(news, DeliveryReported)
    assert (news.status, news.error_code) == ("sent", "")


def test_an_empty_text_is_a_text() -> None:
    assert reply("sms.empty").text == ""


def test_emoji_and_accents_arrive_as_they_were_written() -> None:
    assert reply("sms.unicode").text == "Sí, confirmo 👍🏽 — gracias"


def test_an_opt_out_that_the_carrier_answered_says_so() -> None:
    assert reply("sms.stop_answered").provider_answered
    assert not reply("sms").provider_answered


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("status.queued", "queued", ""),
        ("status.sending", "queued", ""),
        ("status.sent", "sent", ""),
        ("status.delivered", "delivered", ""),
        ("status.undelivered", "undelivered", "30005"),
        ("status.failed", "failed", "30034"),
    ],
)
def test_the_carriers_words_for_a_state_become_ours(name: str, status: str, code: str) -> None:
    news = parse(name, adapter="twilio_status")
    assert isinstance(news, DeliveryReported)
    assert (news.status, news.error_code, news.execution_id) == (status, code, str(EXECUTION))


def test_a_state_nobody_has_heard_of_is_no_concern() -> None:
    assert isinstance(parse("status.unheard_of", adapter="twilio_status"), NothingToDo)


@pytest.mark.parametrize("body", [b"Body=C", b"MessageSid=SM1&Body=C", b"From=%2B1212&Body=C"])
def test_a_form_that_is_no_message_makes_no_sense(body: bytes) -> None:
    with pytest.raises(MalformedError):
        ADAPTERS["twilio_sms"].parse(Stored(body=body, path_ref="", received_at=RECEIVED))


def test_each_state_of_a_text_has_its_own_key_and_the_same_state_has_one() -> None:
    names = ["queued", "sent", "delivered", "delivered"]
    deliveries = [
        Delivery(body=fixture("twilio", f"status.{n}"), headers={}, url="", path_ref="e", received_at=RECEIVED)
        for n in names
    ]
    assert len({ADAPTERS["twilio_status"].delivery_key(delivery) for delivery in deliveries}) == 3
