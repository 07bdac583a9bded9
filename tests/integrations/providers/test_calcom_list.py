"""Cal.com's list: it tells what its webhooks would have told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from appointments.inbound import (
    BookingCancelled,
    BookingCreated,
    BookingMoved,
    Inbound,
    NoShowReported,
)
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import RateLimitedError, RefusedError, UnavailableError, Window
from tests.integrations.contract import fixture
from tests.integrations.loopback import Loopback, http
from tests.integrations.providers.test_calcom import NEW, booking_of, parse

WINDOW = Window(starts_from=datetime(2026, 11, 18, tzinfo=UTC), starts_until=datetime(2027, 1, 17, tzinfo=UTC))


@pytest.fixture
def api(loopback: Loopback) -> Any:
    """Cal.com's API, answering with the fixture's page."""
    loopback.answers = [http(200, fixture("calcom", "list.page"))]
    with override_settings(PROVIDER_BASE_URLS={"calcom": loopback.url}, CALCOM_API_KEY="cal_key"):
        yield loopback


def test_a_page_of_the_list_tells_what_the_webhooks_would_have_told(api: Loopback) -> None:
    page = ADAPTERS["calcom"].list_page(WINDOW, "")
    told = {(type(one).__name__, external_id_of(one)) for one in page.news}
    assert told == {
        ("BookingMoved", NEW),
        ("BookingCancelled", "refused-1"),
        ("BookingCreated", "missed-1"),
        ("NoShowReported", "missed-1"),
        ("BookingCancelled", "called-off-1"),
        ("BookingCancelled", "moved-away-1"),
    }
    assert (page.unreadable, page.next) == (1, "")


def external_id_of(news: Inbound) -> str:
    if isinstance(news, BookingCreated | BookingMoved | BookingCancelled):
        return news.booking.external_id
    assert isinstance(news, NoShowReported)
    return news.external_id


def test_the_list_is_asked_with_key_version_and_window(api: Loopback) -> None:
    ADAPTERS["calcom"].list_page(WINDOW, "200")
    request = api.requests[0].decode()
    assert request.startswith("GET /v2/bookings?afterStart=2026-11-18T00%3A00%3A00%2B00%3A00&beforeEnd=2027-01-18")
    assert "Authorization: Bearer cal_key" in request
    assert "cal-api-version: 2024-08-13" in request
    assert "skip=200" in request.splitlines()[0]


def test_the_cursor_of_the_next_page_counts_what_was_read(api: Loopback) -> None:
    data = json.loads(fixture("calcom", "list.page"))
    data["pagination"]["hasNextPage"] = True
    api.answers = [http(200, data)]
    assert ADAPTERS["calcom"].list_page(WINDOW, "100").next == "108"


def test_what_a_list_says_is_as_the_webhook_said_it(api: Loopback) -> None:
    (news,) = [one for one in ADAPTERS["calcom"].list_page(WINDOW, "").news if external_id_of(one) == "called-off-1"]
    assert isinstance(news, BookingCancelled)
    assert (news.by, news.moved_to, news.occurred_at) == ("business", "", datetime(2026, 11, 20, 12, tzinfo=UTC))
    webhook = booking_of(parse("booking.created"))
    assert (news.booking.duration_minutes, news.booking.at_business) == (webhook.duration_minutes, True)
    assert (news.booking.person.phone, news.booking.location) == ("+351912345678", webhook.location)


def test_a_visit_moved_twice_unseen_is_led_to_from_its_first_name(api: Loopback) -> None:
    row = json.loads(fixture("calcom", "list.page"))["data"][0]
    chain = [
        row | {"uid": "a", "status": "cancelled", "rescheduledToUid": "b"},
        row | {"uid": "b", "status": "cancelled", "rescheduledFromUid": "a", "rescheduledToUid": "c"},
        row | {"uid": "c", "status": "accepted", "rescheduledFromUid": "b", "rescheduledToUid": None},
    ]
    api.answers = [http(200, {"status": "success", "data": chain, "pagination": {"hasNextPage": False}})]
    news = ADAPTERS["calcom"].list_page(WINDOW, "").news
    assert [(one.previous_external_id, one.booking.external_id) for one in news if isinstance(one, BookingMoved)] == [
        ("b", "c"),
        ("a", "c"),
    ]
    assert len(news) == 2


def test_a_circle_of_moves_ends(api: Loopback) -> None:
    row = json.loads(fixture("calcom", "list.page"))["data"][0]
    circle = [
        row | {"uid": "a", "status": "cancelled", "rescheduledFromUid": "b", "rescheduledToUid": "b"},
        row | {"uid": "b", "status": "cancelled", "rescheduledFromUid": "a", "rescheduledToUid": "a"},
    ]
    api.answers = [http(200, {"status": "success", "data": circle, "pagination": {}})]
    assert len(ADAPTERS["calcom"].list_page(WINDOW, "").news) == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http(401, {"status": "error"}), RefusedError),
        (http(429, {}, headers={"Retry-After": "7"}), RateLimitedError),
        (http(502, b"<html>"), UnavailableError),
        (http(200, b"<html>"), UnavailableError),
        (http(200, {"status": "success", "data": None}), UnavailableError),
    ],
)
def test_an_answer_that_is_no_list_is_never_an_empty_list(api: Loopback, answer: Any, error: type[Exception]) -> None:
    api.answers = [answer]
    with pytest.raises(error):
        ADAPTERS["calcom"].list_page(WINDOW, "")


def test_without_a_key_nothing_is_asked(api: Loopback) -> None:
    with override_settings(CALCOM_API_KEY=""), pytest.raises(RefusedError) as caught:
        ADAPTERS["calcom"].list_page(WINDOW, "")
    assert "CALCOM_API_KEY" in caught.value.next_step
    assert api.requests == []
