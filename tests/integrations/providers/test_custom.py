"""The custom webhook: the border's contract, what each event becomes, and what whoever builds the sender is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.test import Client, override_settings
from standardwebhooks import Webhook

from appointments.inbound import BookingCancelled, BookingCreated, BookingMoved, Inbound, NoShowReported, NothingToDo
from aro import clock
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from integrations.providers.shared import standard_webhooks
from integrations.providers.shared.base import BadSignatureError, MalformedError, NotConfiguredError, Stored
from tests.integrations import signers
from tests.integrations.contract import JsonContract, fixture

RECEIVED = datetime(2026, 12, 4, tzinfo=UTC)
OLD_KEY = "whsec_b2xkLWtleS1vZi10aGUtYm9va2luZy1zeXN0ZW0="
NEW_KEY = "whsec_bmV3LWtleS1vZi10aGUtYm9va2luZy1zeXN0ZW0="


class TestTheCustomWebhookAtTheBorder(JsonContract):
    name = "custom"
    url = "/webhooks/custom"
    setting = "CUSTOM_WEBHOOK_SECRET"
    good: ClassVar[bytes] = fixture("custom", "appointment.booked")
    unknown: ClassVar[bytes] = fixture("custom", "invoice.paid")
    tolerance = 300

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signers.standard_webhooks(body, secret=secret, at=clock.now().timestamp() - late_by)

    @pytest.mark.parametrize("which", ["old", "new"])
    def test_both_secrets_hold_while_one_replaces_the_other(self, client: Client, db: None, which: str) -> None:
        with override_settings(CUSTOM_WEBHOOK_SECRET=f"{NEW_KEY}, {OLD_KEY}"):
            secret = {"old": OLD_KEY, "new": NEW_KEY}[which]
            assert self.post(client, self.good, self.sign(self.good, secret=secret)).status_code == 200

    def test_a_signed_object_without_any_known_field_is_kept_for_a_person(self, client: Client, db: None) -> None:
        """Not here: whoever builds the sender is told at once."""
        answer = self.deliver(client, b'{"nobody": "knows"}')
        assert self.refused(answer) == 400
        assert "type must be text" in answer.json()["error"]["message"]

    def test_one_good_signature_among_others_is_enough(self, client: Client, db: None) -> None:
        headers = self.sign(self.good, secret=self.secret())
        others = "v1a,bm90aGluZw== v2,bm90aGluZw== v1,bm90aGluZw=="
        headers["webhook-signature"] = f"{others} {headers['webhook-signature']}"
        assert self.post(client, self.good, headers).status_code == 200

    @pytest.mark.parametrize("version", ["v1a", "v2", "V1", ""])
    def test_a_signature_of_another_version_is_none(self, client: Client, db: None, version: str) -> None:
        headers = self.sign(self.good, secret=self.secret())
        headers["webhook-signature"] = version + headers["webhook-signature"].removeprefix("v1")
        assert self.refused(self.post(client, self.good, headers)) == 401

    @pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
    def test_each_header_counts(self, client: Client, db: None, name: str) -> None:
        headers = self.sign(self.good, secret=self.secret())
        assert self.refused(self.post(client, self.good, {k: v for k, v in headers.items() if k != name})) == 401
        assert self.refused(self.post(client, self.good, headers | {name: headers[name] + "1"})) == 401

    def test_a_repeated_delivery_is_known_by_its_id_whatever_is_in_it(self, client: Client, db: None) -> None:
        now = clock.now().timestamp()
        for body in (self.good, fixture("custom", "appointment.cancelled")):
            headers = signers.standard_webhooks(body, secret=self.secret(), at=now, message_id="msg_1")
            assert self.post(client, body, headers).status_code == 200
        assert bytes(Receipt.objects.get().body) == self.good

    @pytest.mark.parametrize("secret", ["plain-text", "whsec_c2hvcnQ=", "whsec_not base64!", "b2xkLWtleQ=="])
    def test_a_secret_that_is_none_is_said_to_be_none(self, client: Client, db: None, secret: str) -> None:
        with override_settings(CUSTOM_WEBHOOK_SECRET=secret):
            answer = self.post(client, self.good, self.sign(self.good, secret=OLD_KEY))
        assert self.refused(answer) == 503
        assert "whsec_" in answer.json()["error"]["message"]
        assert secret not in answer.json()["error"]["message"]


def test_what_the_standards_own_package_signs_is_accepted(client: Client, db: None) -> None:
    body, now = fixture("custom", "appointment.booked"), clock.now()
    headers = {
        "webhook-id": "msg_from_the_package",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(settings.CUSTOM_WEBHOOK_SECRET).sign("msg_from_the_package", now, body.decode()),
    }
    answer = client.generic("POST", "/webhooks/custom", body, "application/json", headers=headers)
    assert (answer.status_code, Receipt.objects.get().delivery_key) == (200, "msg_from_the_package")


def test_the_signed_text_is_id_time_and_body() -> None:
    """A vector of our own; each part changed on its own is refused."""
    at = datetime(2026, 12, 3, 10, tzinfo=UTC)
    headers = signers.standard_webhooks(b"{}", secret=OLD_KEY, at=at.timestamp(), message_id="msg_a")
    (key,) = standard_webhooks.keys([OLD_KEY], name="CUSTOM_WEBHOOK_SECRET")
    standard_webhooks.check(headers=headers, body=b"{}", keys=[key], now=at)
    later = str(int(at.timestamp()) + 1)
    for change in ({"webhook-id": "msg_b"}, {"webhook-timestamp": later}):
        with pytest.raises(BadSignatureError):
            standard_webhooks.check(headers=headers | change, body=b"{}", keys=[key], now=at)
    with pytest.raises(BadSignatureError):
        standard_webhooks.check(headers=headers, body=b"{} ", keys=[key], now=at)


def test_a_signature_that_others_published_fits() -> None:
    """The example of Svix's documentation, from whose scheme the standard was made."""
    (key,) = standard_webhooks.keys(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], name="CUSTOM_WEBHOOK_SECRET")
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1a,bm90aGluZw== v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    at = datetime.fromtimestamp(1614265330, UTC)
    standard_webhooks.check(headers=headers, body=b'{"test": 2432232314}', keys=[key], now=at)
    with pytest.raises(BadSignatureError):
        standard_webhooks.check(headers=headers, body=b'{"test": 2432232315}', keys=[key], now=at)


def test_a_key_is_decoded_before_it_is_used() -> None:
    assert standard_webhooks.keys([OLD_KEY], name="X") == [b"old-key-of-the-booking-system"]
    with pytest.raises(NotConfiguredError):
        standard_webhooks.keys(["old-key-of-the-booking-system"], name="X")


def parse(name: str) -> Inbound:
    return parsed(fixture("custom", name))


def parsed(body: bytes, *, received_at: datetime = RECEIVED) -> Inbound:
    (news,) = ADAPTERS["custom"].parse(Stored(body=body, path_ref="", received_at=received_at))
    return news


def changed(name: str, /, **data: Any) -> bytes:
    whole = json.loads(fixture("custom", name))
    whole["data"] |= data
    return json.dumps(whole).encode()


def test_a_booking_has_all_that_was_sent() -> None:
    news = parse("appointment.booked")
    assert isinstance(news, BookingCreated)
    booking, person = news.booking, news.booking.person
    assert news.occurred_at == datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
    assert (booking.source, booking.external_id, booking.duration_minutes) == ("custom", "visit-1001", 45)
    assert booking.starts_at == datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
    assert (booking.timezone, booking.at_business) == ("Europe/Lisbon", True)
    assert (booking.service, booking.staff_member, booking.location) == (
        "Check-up",
        "Dr Ines Vale",
        "9 Harbour Road, Room 3",
    )
    assert booking.booked_at == datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
    assert booking.reschedule_url.endswith("/move")
    assert booking.cancel_url.endswith("/cancel")
    assert (person.name, person.phone, person.email) == (
        "Marta Testperson",
        "+351 912 345 678",
        "marta@patients.example",
    )
    assert (person.timezone, person.language) == ("Europe/Lisbon", "en")


def test_id_and_start_are_enough() -> None:
    news = parsed(b'{"type": "appointment.booked", "data": {"id": "7", "starts_at": "2026-12-03T09:30:00+01:00"}}')
    assert isinstance(news, BookingCreated)
    assert news.booking.starts_at == datetime(2026, 12, 3, 8, 30, tzinfo=UTC)
    assert (news.booking.duration_minutes, news.booking.person.phone, news.occurred_at) == (30, "", RECEIVED)


def test_null_is_the_same_as_left_out() -> None:
    nothing = dict.fromkeys(("customer", "duration_minutes", "timezone", "at_business", "booked_at", "cancel_url"))
    assert isinstance(parsed(changed("appointment.booked", **nothing)), BookingCreated)


def test_a_move_keeps_its_id_or_names_the_former_one() -> None:
    same, other = parse("appointment.moved"), parse("appointment.moved.new_id")
    assert isinstance(same, BookingMoved)
    assert isinstance(other, BookingMoved)
    assert (same.previous_external_id, same.booking.external_id) == ("visit-1001", "visit-1001")
    assert (other.previous_external_id, other.booking.external_id) == ("visit-1001", "visit-1002")


@pytest.mark.parametrize("by", ["customer", "business", None])
def test_a_cancellation_says_who_cancelled(by: str | None) -> None:
    news = parsed(changed("appointment.cancelled", cancelled_by=by))
    assert isinstance(news, BookingCancelled)
    assert news.by == (by or "unknown")


def test_a_no_show_is_marked_and_taken_back() -> None:
    marked, undone = parse("appointment.no_show"), parse("appointment.no_show.undone")
    assert isinstance(marked, NoShowReported)
    assert isinstance(undone, NoShowReported)
    assert (marked.absent, undone.absent, marked.booking) == (True, False, None)


def test_a_no_show_that_says_when_it_was_can_be_stored_unheard_of() -> None:
    news = parsed(changed("appointment.no_show", starts_at="2026-12-03T09:30:00Z"))
    assert isinstance(news, NoShowReported)
    assert news.booking is not None


def test_another_type_is_no_concern() -> None:
    assert isinstance(parse("invoice.paid"), NothingToDo)


def test_news_from_the_future_is_news_of_now() -> None:
    news = parsed(fixture("custom", "appointment.booked"), received_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert isinstance(news, BookingCreated)
    assert news.occurred_at == datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"id": None}, 'data.id must be text of at most 255 characters such as "visit-1001"'),
        ({"id": 1001}, "data.id must be text"),
        ({"id": " "}, "data.id must be text"),
        ({"id": "x" * 256}, "data.id must be text"),
        ({"starts_at": None}, 'data.starts_at must be a time with its zone or offset, such as "2026-12-01T15:00:00Z"'),
        ({"starts_at": "2026-12-03T09:30:00"}, "data.starts_at must be a time"),
        ({"starts_at": 1796290200}, "data.starts_at must be a time"),
        ({"duration_minutes": "45"}, "data.duration_minutes must be a whole number from 1 to 20160, or left out"),
        ({"duration_minutes": 0}, "data.duration_minutes must be"),
        ({"duration_minutes": True}, "data.duration_minutes must be"),
        ({"timezone": "EST5"}, 'data.timezone must be a time zone of the IANA list, such as "America/New_York"'),
        ({"at_business": "yes"}, "data.at_business must be true or false, or left out"),
        ({"service": 3}, "data.service must be text of at most 200 characters, or left out"),
        ({"cancel_url": "harbour.example"}, "data.cancel_url must be a web address"),
        ({"booked_at": "yesterday"}, "data.booked_at must be a time"),
        ({"customer": "Marta"}, "data.customer must be an object"),
        ({"customer": {"phone": {"a": "+351912345678"}}}, 'data.customer.phone must be text such as "+12025550100"'),
        ({"customer": {"phone": True}}, "data.customer.phone must be text such as"),
        ({"customer": {"timezone": "Lisbon"}}, "data.customer.timezone must be a time zone"),
        ({"previous_id": 9}, "data.previous_id must be text"),
    ],
)
def test_what_is_wrong_is_named_with_its_field_and_what_to_write(data: Mapping[str, Any], words: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parsed(changed("appointment.moved", **data))
    assert words in str(caught.value)
    assert "Marta" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": None}, 'type must be text of at most 200 characters such as "appointment.booked"'),
        ({"timestamp": "now"}, "timestamp must be a time"),
        ({"data": None}, 'data must be an object such as {"id": "visit-1001"'),
        ({"data": []}, "data must be an object"),
    ],
)
def test_what_is_wrong_with_the_whole_is_named_too(change: dict[str, Any], words: str) -> None:
    whole = json.loads(fixture("custom", "appointment.booked")) | change
    with pytest.raises(MalformedError) as caught:
        parsed(json.dumps(whole).encode())
    assert words in str(caught.value)


def test_a_wrong_word_for_who_cancelled_is_named() -> None:
    with pytest.raises(MalformedError, match='data.cancelled_by must be "customer" or "business"'):
        parsed(changed("appointment.cancelled", cancelled_by="patient"))


def test_the_sender_reads_which_field_is_wrong_and_nothing_is_kept(client: Client, db: None) -> None:
    body = changed("appointment.booked", starts_at="tomorrow")
    headers = signers.standard_webhooks(body, secret=settings.CUSTOM_WEBHOOK_SECRET, at=clock.now().timestamp())
    answer = client.generic("POST", "/webhooks/custom", body, "application/json", headers=headers)
    assert answer.status_code == 400
    assert "data.starts_at must be a time with its zone" in answer.json()["error"]["message"]
    assert not Receipt.objects.exists()
