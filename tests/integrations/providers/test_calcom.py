"""Cal.com's deliveries: the border's contract, and what each event becomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.test import Client, override_settings

from appointments.inbound import (
    Booking,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    Inbound,
    NoShowReported,
    NothingToDo,
)
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Delivery, MalformedError, Stored
from tests.integrations import signers
from tests.integrations.contract import JsonBodyContract, fixture

OLD, NEW = "mT7wQe2PzKxV9aLh4rN6sB", "cY3dFu8JkRtG5nWq1vXoZp"
RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECRET = "sandbox-calcom-secret"


class TestCalcomAtTheBorder(JsonBodyContract):
    name = "calcom"
    url = "/webhooks/calcom"
    setting = "CALCOM_WEBHOOK_SECRET"
    good: ClassVar[bytes] = fixture("calcom", "booking.created")
    unknown: ClassVar[bytes] = fixture("calcom", "ping")

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signers.calcom(body, secret=secret)

    def test_a_signed_object_without_any_known_field_is_kept_for_a_person(self, client: Client, db: None) -> None:
        """Not here: it comes from a custom template, and only whoever set that up can help."""
        assert self.refused(self.deliver(client, b'{"nobody": "knows"}')) == 400

    def test_a_custom_template_is_refused_with_the_way_out(self, client: Client, db: None) -> None:
        answer = self.deliver(client, fixture("calcom", "template"))
        assert self.refused(answer) == 400
        assert "switch the custom payload template off" in answer.json()["error"]["message"]

    def test_a_custom_template_that_is_no_json_is_refused_with_the_way_out(self, client: Client, db: None) -> None:
        body = b"Marta booked a visit"
        headers = self.sign(body, secret=SECRET)
        answer = self.post(client, body, headers, content_type="application/x-www-form-urlencoded")
        assert self.refused(answer) == 400
        assert "switch the custom payload template off" in answer.json()["error"]["message"]

    def test_a_template_that_keeps_only_the_events_name_is_refused_too(self, client: Client, db: None) -> None:
        answer = self.deliver(client, b'{"triggerEvent": "BOOKING_CREATED", "startTime": "2026-12-03T09:30:00Z"}')
        assert self.refused(answer) == 400

    def test_the_words_that_stand_for_no_secret_are_no_signature(self, client: Client, db: None) -> None:
        assert self.refused(self.post(client, self.good, {"X-Cal-Signature-256": "no-secret-provided"})) == 401

    def test_nobody_gets_in_by_making_those_words_the_secret(self, client: Client, db: None) -> None:
        with override_settings(CALCOM_WEBHOOK_SECRET=""):
            answer = self.post(client, self.good, {"X-Cal-Signature-256": "no-secret-provided"})
        assert self.refused(answer) == 503


def parse(name: str, **stored: Any) -> Inbound:
    return parsed(fixture("calcom", name), **stored)


def parsed(body: bytes, **stored: Any) -> Inbound:
    (news,) = ADAPTERS["calcom"].parse(Stored(body=body, path_ref="", received_at=RECEIVED, **stored))
    return news


def changed(event: str, /, **payload: Any) -> bytes:
    data = json.loads(fixture("calcom", event))
    data["payload"] |= payload
    return json.dumps(data).encode()


def booking_of(news: Inbound) -> Booking:
    assert isinstance(news, BookingCreated)
    return news.booking


def test_a_booking_has_its_time_zone_person_and_links() -> None:
    news = parse("booking.created")
    booking = booking_of(news)
    assert (booking.source, booking.external_id) == ("calcom", OLD)
    assert booking.starts_at == datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
    assert (booking.duration_minutes, booking.timezone, booking.at_business) == (45, "Europe/Lisbon", True)
    assert (booking.service, booking.staff_member) == ("Check-up", "Dr Ines Vale")
    assert booking.location == "9 Harbour Road, Room 3"
    assert booking.reschedule_url == f"https://cal.harbour.example/reschedule/{OLD}"
    assert booking.cancel_url == f"https://cal.harbour.example/booking/{OLD}?cancel=true"
    assert (booking.person.name, booking.person.phone) == ("Marta Testperson", "+351 912 345 678")
    assert booking.person.email == "marta@patients.example"
    assert isinstance(news, BookingCreated)
    assert news.occurred_at == datetime(2026, 11, 20, 8, 15, 30, 120000, tzinfo=UTC)


NO_PHONE: dict[str, Any] = {"responses": {}, "smsReminderNumber": None}
ATTENDEE = {"email": "marta@patients.example", "name": "Marta Testperson", "timeZone": "Europe/Lisbon"}


@pytest.mark.parametrize(
    ("where", "phone"),
    [
        ({"smsReminderNumber": "+351 911 111 111"}, "+351 911 111 111"),
        ({"attendees": [{**ATTENDEE, "phoneNumber": "+351922222222"}]}, "+351922222222"),
        ({"responses": {"phone": {"label": "phone", "value": "+351933333333"}}}, "+351933333333"),
        ({"responses": {"smsReminderNumber": {"label": "sms", "value": "+351944444444"}}}, "+351944444444"),
        ({"userFieldsResponses": {"contact": {"label": "Your WhatsApp", "value": "+351955555555"}}}, "+351955555555"),
        (
            {"responses": {"location": {"label": "l", "value": {"optionValue": "+351966666666", "value": "phone"}}}},
            "+351966666666",
        ),
        ({"responses": {"phone": {"label": "phone", "value": None}}}, ""),
        ({"responses": {"phone": {"label": "Emergency contact", "value": "+351955555555"}}}, ""),
        ({"responses": {"ok": {"label": "OK to text your phone?", "value": "Yes"}}}, ""),
        ({"responses": {"attendeePhoneNumber": {"label": "phone", "value": {"a": 1}}}}, ""),
        ({}, ""),
    ],
)
def test_the_phone_comes_from_wherever_it_was_asked_for(where: dict[str, Any], phone: str) -> None:
    assert booking_of(parsed(changed("booking.created", **{**NO_PHONE, **where}))).person.phone == phone


def test_the_question_that_asks_for_the_phone_is_the_operators_choice() -> None:
    answers = {
        "a": {"label": "Emergency phone", "value": "+351 900 000 001"},
        "b": {"label": "Best contact", "value": "+351 900 000 002"},
    }
    body = changed("booking.created", **NO_PHONE | {"userFieldsResponses": answers})
    assert booking_of(parsed(body, phone_question="best contact")).person.phone == "+351 900 000 002"
    assert booking_of(parsed(body, phone_question="(phone, fax")).person.phone == ""
    assert booking_of(parsed(body, phone_question="emergency phone")).person.phone == "+351 900 000 001"


def test_the_address_that_calcom_makes_up_for_who_books_by_phone_is_no_email() -> None:
    attendee = {**ATTENDEE, "email": "351912345678@sms.cal.com"}
    assert booking_of(parsed(changed("booking.created", attendees=[attendee]))).person.email == ""


@pytest.mark.parametrize(
    ("location", "kind", "at_business", "place"),
    [
        ("9 Harbour Road", "inPerson", True, "9 Harbour Road"),
        ("", "", True, ""),
        ("integrations:daily", "integrations:daily", False, ""),
        ("https://meet.example/abc", "link", False, ""),
        ("+351 912 345 678", "phone", False, ""),
        ("Rua do Sol 4", "attendeeInPerson", False, "Rua do Sol 4"),
    ],
)
def test_a_call_or_a_video_visit_is_not_at_the_business(
    location: str, kind: str, at_business: bool, place: str
) -> None:
    answers = {"location": {"label": "location", "value": {"optionValue": "", "value": kind}}}
    booking = booking_of(parsed(changed("booking.created", location=location, responses=answers)))
    assert (booking.at_business, booking.location) == (at_business, place)


def test_a_move_is_one_delivery_with_a_new_id_and_the_old_one() -> None:
    news = parse("booking.rescheduled")
    assert isinstance(news, BookingMoved)
    assert (news.previous_external_id, news.booking.external_id) == (OLD, NEW)
    assert news.booking.starts_at == datetime(2026, 12, 8, 14, tzinfo=UTC)


def test_an_accepted_request_to_move_is_a_move() -> None:
    news = parsed(changed("booking.created", uid=NEW, rescheduleUid=OLD))
    assert isinstance(news, BookingMoved)


def test_a_move_that_does_not_name_the_old_booking_may_be_told_by_its_old_time() -> None:
    news = parsed(changed("booking.rescheduled", rescheduleUid=None, rescheduleStartTime="2026-12-02T09:00:00Z"))
    assert isinstance(news, BookingMoved)
    assert (news.previous_external_id, news.booking.external_id) == ("", NEW)
    assert news.previous_starts_at == datetime(2026, 12, 2, 9, tzinfo=UTC)


def test_a_request_waits_for_the_host() -> None:
    assert isinstance(parse("booking.requested"), NothingToDo)
    assert isinstance(parsed(changed("booking.created", status="PENDING")), NothingToDo)


def test_a_request_to_move_gives_up_the_old_time_at_once() -> None:
    news = parse("booking.requested.move")
    assert isinstance(news, BookingCancelled)
    assert (news.booking.external_id, news.moved_to) == (OLD, NEW)
    assert news.booking.starts_at == datetime(2026, 12, 3, 9, 30, tzinfo=UTC)


def test_a_request_that_was_refused_is_cancelled_by_the_business() -> None:
    news = parse("booking.rejected")
    assert isinstance(news, BookingCancelled)
    assert (news.by, news.moved_to) == ("business", "")


@pytest.mark.parametrize(
    ("address", "by"),
    [("Marta@patients.example", "customer"), ("ines@harbour.example", "business"), ("", "unknown"), (None, "unknown")],
)
def test_a_cancellation_says_who_cancelled(address: str | None, by: str) -> None:
    news = parsed(changed("booking.cancelled", cancelledBy=address))
    assert isinstance(news, BookingCancelled)
    assert (news.by, news.moved_to) == (by, "")


def test_who_is_asked_to_choose_another_time_has_not_been_cancelled() -> None:
    news = parse("booking.cancelled.rebook")
    assert isinstance(news, BookingCancelled)
    assert news.moved_to


@pytest.mark.parametrize(("name", "absent"), [("booking.no_show", True), ("booking.no_show.unmarked", False)])
def test_a_no_show_is_marked_and_taken_back(name: str, absent: bool) -> None:
    news = parse(name)
    assert isinstance(news, NoShowReported)
    assert (news.external_id, news.absent, news.booking) == (OLD, absent, None)


@pytest.mark.parametrize("people", [[], None, [{"email": "x"}], "marta", [{"noShow": "yes"}]])
def test_a_no_show_of_nobody_is_no_concern(people: object) -> None:
    assert isinstance(parsed(changed("booking.no_show", attendees=people)), NothingToDo)


@pytest.mark.parametrize("start", [None, "", "tomorrow", "2026-11-26T15:00:00", "0001-01-01T00:00:00+14:00", 1795])
def test_a_booking_without_a_time_makes_no_sense(start: object) -> None:
    with pytest.raises(MalformedError):
        parsed(changed("booking.created", startTime=start))


@pytest.mark.parametrize("uid", [None, "", " ", 5, "u" * 256])
def test_a_booking_without_an_id_makes_no_sense(uid: object) -> None:
    with pytest.raises(MalformedError):
        parsed(changed("booking.created", uid=uid))


@pytest.mark.parametrize("end", [None, "2026-12-03T09:00:00Z", 7])
def test_without_an_end_the_length_of_the_event_type_counts(end: object) -> None:
    assert booking_of(parsed(changed("booking.created", endTime=end, length=50))).duration_minutes == 50
    assert booking_of(parsed(changed("booking.created", endTime=end, length="x"))).duration_minutes == 30


def test_one_bookings_news_has_one_key_and_another_moments_has_another() -> None:
    names = ("booking.created", "booking.rescheduled", "booking.cancelled", "booking.no_show")
    assert len({key_of(fixture("calcom", name)) for name in names}) == len(names)
    assert key_of(fixture("calcom", names[0])) == key_of(fixture("calcom", names[0]) + b"\n")


def key_of(body: bytes) -> str:
    return ADAPTERS["calcom"].delivery_key(
        Delivery(body=body, headers={"content-type": "application/json"}, url="", path_ref="", received_at=RECEIVED)
    )
