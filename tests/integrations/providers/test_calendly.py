"""Calendly's deliveries: the border's contract, and what each event becomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from appointments.inbound import (
    Booking,
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    Inbound,
    NoShowReported,
    NothingToDo,
)
from aro import clock
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Delivery, MalformedError, NeedsLookupError, Stored
from tests.integrations import signers
from tests.integrations.contract import JsonContract, fixture

FIRST = (
    "https://api.calendly.com/scheduled_events/5b2f8f0e-3c58-4a3e-9d6e-7f1c2a4b6d80"
    "/invitees/0f9a7c44-1d2b-4e6f-8a90-b3c5d7e9f102"
)
SECOND = (
    "https://api.calendly.com/scheduled_events/c6a1d7f2-90be-4d0a-8f4e-2b7d9e3a1c55"
    "/invitees/8e1d6b3a-7c5f-4092-a4b6-c8d0e2f41637"
)
RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)


class TestCalendlyAtTheBorder(JsonContract):
    name = "calendly"
    url = "/webhooks/calendly"
    setting = "CALENDLY_WEBHOOK_SECRET"
    good: ClassVar[bytes] = fixture("calendly", "invitee.created")
    unknown: ClassVar[bytes] = fixture("calendly", "routing_form_submission.created")
    tolerance = 180

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signers.calendly(body, secret=secret, at=clock.now().timestamp() - late_by)


def parse(name: str, **stored: Any) -> Inbound:
    return parsed(fixture("calendly", name), **stored)


def parsed(body: bytes, **stored: Any) -> Inbound:
    (news,) = ADAPTERS["calendly"].parse(Stored(body=body, path_ref="", received_at=RECEIVED, **stored))
    return news


def changed(event: str, /, **payload: Any) -> bytes:
    data = json.loads(fixture("calendly", event))
    data["payload"] |= payload
    return json.dumps(data).encode()


def booking_of(news: Inbound) -> Booking:
    assert isinstance(news, BookingCreated)
    return news.booking


def test_a_booking_has_its_time_zone_person_and_links() -> None:
    news = parse("invitee.created")
    booking = booking_of(news)
    assert booking.external_id == FIRST
    assert booking.starts_at == datetime(2026, 11, 26, 15, tzinfo=UTC)
    assert booking.duration_minutes == 45
    assert (booking.timezone, booking.service, booking.staff_member) == ("Europe/Madrid", "Check-up", "Dr Ines Vale")
    assert booking.location == "9 Harbour Road, Room 3"
    assert booking.booked_at == datetime(2026, 11, 10, 8, 30, 1, 250000, tzinfo=UTC)
    assert booking.reschedule_url.startswith("https://calendly.com/reschedulings/")
    assert (booking.person.name, booking.person.phone) == ("Rosa Testperson", "+34 612 34 56 78")
    assert booking.person.email == "rosa@patients.example"
    assert isinstance(news, BookingCreated)
    assert news.occurred_at == datetime(2026, 11, 10, 8, 30, 2, tzinfo=UTC)


def test_nulls_everywhere_still_make_a_booking_without_a_phone() -> None:
    booking = booking_of(parse("invitee.created.nulls"))
    assert booking.person.name == "Rosa Testperson"  # from first and last name
    assert (booking.person.phone, booking.timezone, booking.staff_member, booking.location) == ("", "", "", "")
    assert (booking.cancel_url, booking.duration_minutes) == ("", 30)


def test_the_phone_comes_from_an_answer_when_reminders_by_calendly_are_off() -> None:
    booking = booking_of(parsed(changed("invitee.created", text_reminder_number=None)))
    assert booking.person.phone == "+34 655 44 33 22"


def test_the_question_that_asks_for_the_phone_is_the_operators_choice() -> None:
    answers = [
        {"question": "Emergency phone", "answer": "+34 600 00 00 01"},
        {"question": "Best contact", "answer": "+34 600 00 00 02"},
    ]
    body = changed("invitee.created", text_reminder_number=None, questions_and_answers=answers)
    assert booking_of(parsed(body, phone_question="best contact")).person.phone == "+34 600 00 00 02"


def test_an_emergency_contact_gets_no_texts_about_the_visit() -> None:
    answers = [{"question": "Emergency contact phone", "answer": "+34 600 00 00 01"}]
    body = changed("invitee.created", text_reminder_number=None, questions_and_answers=answers)
    assert booking_of(parsed(body)).person.phone == ""
    own = [*answers, {"question": "Best number to reach you?", "answer": "+34 600 00 00 02"}]
    body = changed("invitee.created", text_reminder_number=None, questions_and_answers=own)
    assert booking_of(parsed(body)).person.phone == "+34 600 00 00 02"


def test_what_the_operator_types_is_words_and_never_an_expression() -> None:
    body = changed("invitee.created", text_reminder_number=None)
    assert booking_of(parsed(body, phone_question="(a+)+$, teléfono")).person.phone == "+34 655 44 33 22"


def test_yes_to_a_question_about_texts_is_no_phone_number() -> None:
    answers = [{"question": "OK to text your mobile phone?", "answer": "Yes"}]
    body = changed("invitee.created", text_reminder_number=None, questions_and_answers=answers)
    assert booking_of(parsed(body)).person.phone == ""


def test_the_number_the_host_will_call_is_the_last_resort_and_not_a_place() -> None:
    booking = booking_of(parse("invitee.created.outbound_call"))
    assert (booking.person.phone, booking.location) == ("+34 611 22 33 44", "")


@pytest.mark.parametrize(
    ("location", "at_business"),
    [
        ({"type": "physical", "location": "9 Harbour Road"}, True),
        ({"type": "ask_invitee", "location": "anywhere"}, True),
        ({"type": "custom", "location": "the back entrance"}, True),
        ({"type": "never_heard_of"}, True),
        (None, True),
        ({"type": "outbound_call", "location": "+34 611 22 33 44"}, False),
        ({"type": "inbound_call", "location": "+1 212 555 0100"}, False),
        ({"type": "zoom", "join_url": "https://video.example/1"}, False),
        ({"type": "google_conference"}, False),
        ({"type": "microsoft_teams_conference"}, False),
    ],
)
def test_a_call_or_a_video_visit_is_not_at_the_business(location: object, at_business: bool) -> None:
    data = json.loads(fixture("calendly", "invitee.created"))
    data["payload"]["scheduled_event"]["location"] = location
    assert booking_of(parsed(json.dumps(data).encode())).at_business is at_business


@pytest.mark.parametrize("zone", ["Mars/Olympus", "America", "../../etc/passwd", "x" * 300, 7, "\x00", "Europe/"])
def test_a_zone_nobody_knows_is_left_out(zone: object) -> None:
    assert booking_of(parsed(changed("invitee.created", timezone=zone))).timezone == ""


def test_a_second_booking_for_an_old_one_is_a_move() -> None:
    news = parse("invitee.created.rescheduled")
    assert isinstance(news, BookingMoved)
    assert (news.previous_external_id, news.booking.external_id) == (FIRST, SECOND)


def test_the_other_half_of_a_move_cancels_nothing() -> None:
    news = parse("invitee.canceled.rescheduled")
    assert isinstance(news, BookingCancelled)
    assert (news.booking.external_id, news.moved_to, news.by) == (FIRST, SECOND, "customer")


def test_a_cancellation_says_who_cancelled() -> None:
    news = parse("invitee.canceled")
    assert isinstance(news, BookingCancelled)
    assert (news.by, news.moved_to) == ("business", "")


def test_a_cancellation_by_nobody_named_is_by_an_unknown() -> None:
    news = parsed(changed("invitee.canceled", cancellation=None))
    assert isinstance(news, BookingCancelled)
    assert news.by == "unknown"


def test_a_no_show_comes_with_the_whole_invitee() -> None:
    news = parse("invitee_no_show.created")
    assert isinstance(news, NoShowReported)
    assert (news.external_id, news.absent) == (FIRST, True)
    assert news.booking is not None


def test_a_no_show_may_name_only_the_invitee() -> None:
    news = parse("invitee_no_show.deleted")
    assert isinstance(news, NoShowReported)
    assert (news.external_id, news.absent, news.booking) == (FIRST, False, None)


def test_an_event_that_is_not_used_is_no_concern() -> None:
    assert isinstance(parse("routing_form_submission.created"), NothingToDo)


def test_a_booking_without_its_event_needs_a_lookup() -> None:
    with pytest.raises(NeedsLookupError):
        parse("invitee.created.without_event")


@pytest.mark.parametrize(
    "event", [None, "", "https://api.calendly.com/users/me", "https://evil.example/scheduled_events/../users/me", 3]
)
def test_a_lookup_of_anything_but_an_event_is_refused(event: object) -> None:
    with pytest.raises(MalformedError):
        parsed(changed("invitee.created.without_event", event=event))


@pytest.mark.parametrize("start", [None, "", "tomorrow", "2026-11-26T15:00:00", "0001-01-01T00:00:00+14:00", 1795])
def test_a_booking_without_a_time_makes_no_sense(start: object) -> None:
    data = json.loads(fixture("calendly", "invitee.created"))
    data["payload"]["scheduled_event"]["start_time"] = start
    with pytest.raises(MalformedError):
        parsed(json.dumps(data).encode())


@pytest.mark.parametrize("uri", [None, "", " ", 5, "u" * 256])
def test_a_booking_without_an_id_makes_no_sense(uri: object) -> None:
    with pytest.raises(MalformedError):
        parsed(changed("invitee.created", uri=uri))


def test_nul_and_lone_surrogates_in_a_name_are_cleaned_rather_than_losing_the_booking() -> None:
    body = fixture("calendly", "invitee.created").replace(b"Rosa Testperson", b"Ro\\u0000sa \\ud800Testperson")
    assert booking_of(parsed(body)).person.name == "Rosa ?Testperson"


def test_text_too_long_for_its_column_is_cut_and_a_link_too_long_is_left_out() -> None:
    body = changed("invitee.created", name="n" * 900, cancel_url="https://calendly.com/" + "c" * 900)
    booking = booking_of(parsed(body))
    assert (len(booking.person.name), booking.cancel_url) == (200, "")


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    assert booking_of(parsed(changed("invitee.created", reschedule_url="javascript:alert(1)"))).reschedule_url == ""


def test_one_persons_news_has_one_key_and_another_moments_has_another() -> None:
    keys = {
        key_of(fixture("calendly", name))
        for name in ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted")
    }
    assert len(keys) == 4
    assert all(len(key) <= 255 for key in keys)
    assert key_of(fixture("calendly", "invitee.created")) == key_of(fixture("calendly", "invitee.created") + b"\n")


def key_of(body: bytes) -> str:
    delivery = Delivery(body=body, headers={}, url="", path_ref="", received_at=RECEIVED)
    return ADAPTERS["calendly"].delivery_key(delivery)


@pytest.mark.parametrize("whole_event", [True, False])
def test_a_booking_that_is_cancelled_by_the_time_it_is_told_of_is_no_visit(*, whole_event: bool) -> None:
    told = json.loads(fixture("calendly", "invitee.created"))
    (told["payload"]["scheduled_event"] if whole_event else told["payload"])["status"] = "canceled"
    assert isinstance(parsed(json.dumps(told).encode()), BookingCancelled)
