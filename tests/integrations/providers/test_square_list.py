"""Square's list: it names what must be asked for, and tells what a delivery would have told."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from appointments.inbound import BookingCreated, NoShowReported
from appointments.models import Business
from integrations.inbound import routing
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Entry, Page, UnavailableError, Window
from tests.integrations.loopback import Answer, hang_up, http
from tests.integrations.providers.square_server import LIST, Square
from tests.integrations.providers.test_square import event, looked_up, parsed
from tests.integrations.providers.test_square_visits import Story

WINDOW = Window(starts_from=datetime(2031, 3, 1, tzinfo=UTC), starts_until=datetime(2031, 4, 20, tzinfo=UTC))


def told(name: str, **more: Any) -> dict[str, Any]:
    return dict(json.loads(event(name, **more))["data"]["object"]["booking"])


def entry(booking: dict[str, Any]) -> Entry:
    return Entry(key=booking["id"], version="1", details=booking)


def pages(window: Window = WINDOW) -> list[Page]:
    found = [ADAPTERS["square"].list_page(window, "")]
    while found[-1].next:
        found.append(ADAPTERS["square"].list_page(window, found[-1].next))
    return found


def test_the_list_is_asked_for_31_days_at_a_time(square: Square) -> None:
    square.answers[LIST] = http(200, {"bookings": []})
    assert len(pages()) == 2
    assert "start_at_min=2031-03-01T00%3A00%3A00Z&start_at_max=2031-04-01T00%3A00%3A00Z" in square.asked[0]
    assert "start_at_min=2031-04-01T00%3A00%3A00Z&start_at_max=2031-04-20T00%3A00%3A00Z" in square.asked[1]


def test_the_list_follows_squares_cursor_before_the_next_days(square: Square) -> None:
    square.answers[LIST] = http(200, {"bookings": [], "cursor": "next/one=="})
    first = ADAPTERS["square"].list_page(WINDOW, "")
    square.answers[LIST] = http(200, {})
    second = ADAPTERS["square"].list_page(WINDOW, first.next)
    assert "start_at_min=2031-03-01" in square.asked[1]
    assert square.asked[1].endswith("cursor=next%2Fone%3D%3D")
    assert second.next.startswith("2031-04-01T00:00:00+00:00")


def test_the_list_names_what_must_be_asked_for_and_leaves_out_what_waits(square: Square) -> None:
    names = ("created", "created.pending", "updated.no_show", "updated.cancelled_by_seller")
    rows = [told(f"booking.{name}", id=f"b{number}") for number, name in enumerate(names)]
    square.answers[LIST] = http(200, {"bookings": [*rows, {"id": "b9"}, told("booking.created", start_at="soon")]})
    page = ADAPTERS["square"].list_page(WINDOW, "")
    assert [one.key for one in page.entries] == ["b0", "b2", "b3"]
    assert [one.version for one in page.entries] == ["0 ACCEPTED", "3 NO_SHOW", "3 CANCELLED_BY_SELLER"]
    assert (page.news, page.unreadable) == ([], 2)


def test_an_entry_is_told_as_its_delivery_would_have_told_it(square: Square) -> None:
    for name, kind in (("created", BookingCreated), ("updated.no_show", NoShowReported)):
        (news,) = ADAPTERS["square"].list_entry(entry(told(f"booking.{name}")), WINDOW)
        assert isinstance(news, kind)
        assert news == parsed(looked_up(f"booking.{name}"))
    (accepted,) = ADAPTERS["square"].list_entry(entry(told("booking.updated.accepted")), WINDOW)
    assert isinstance(accepted, BookingCreated)  # a mark that staff made here is not taken back by the list


@pytest.mark.parametrize("answer", [http(500, b""), http(200, b"[]"), http(200, b"<html>"), hang_up])
def test_a_list_that_is_none_is_no_empty_list(square: Square, answer: Answer) -> None:
    square.answers[LIST] = answer
    with pytest.raises(UnavailableError):
        ADAPTERS["square"].list_page(WINDOW, "")


def test_the_list_after_the_deliveries_changes_nothing(
    client: Client, transactional_db: None, business: Business, square: Square
) -> None:
    story = Story(client, square)
    story.hears("booking.created")
    story.hears("booking.updated.moved")
    before = story.visit
    for _ in range(2):
        for news in ADAPTERS["square"].list_entry(entry(told("booking.updated.moved")), WINDOW):
            routing.apply(news, correlation_id=before.id)
    after = story.visit
    assert (after.moves, after.starts_at, after.source_version_at) == (1, before.starts_at, before.source_version_at)


def test_a_span_is_never_longer_than_square_allows(square: Square) -> None:
    square.answers[LIST] = http(200, {"bookings": []})
    odd = WINDOW.starts_from + timedelta(milliseconds=999)
    pages(Window(starts_from=odd, starts_until=odd + timedelta(days=93)))
    for path in square.asked:
        first, last = re.findall(r"start_at_m..=([^&]+)", path)
        span = datetime.fromisoformat(last.replace("%3A", ":")) - datetime.fromisoformat(first.replace("%3A", ":"))
        assert span <= timedelta(days=31)
