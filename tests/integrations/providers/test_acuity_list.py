"""Acuity's list: it tells what its deliveries would have told, the cancelled visits too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from appointments.inbound import BookingCancelled, BookingCreated, NoShowReported
from appointments.models import Business
from integrations.inbound import routing
from integrations.providers import ADAPTERS
from integrations.providers.acuity import api
from integrations.providers.shared.base import Page, UnavailableError, Window
from tests.integrations.loopback import Answer, Loopback, http
from tests.integrations.providers.test_acuity import appointment, booking_of
from tests.integrations.providers.test_acuity_visits import GONE, MISSED, MOVED, Story

WINDOW = Window(starts_from=datetime(2031, 3, 10, tzinfo=UTC), starts_until=datetime(2031, 3, 20, tzinfo=UTC))


def pages(window: Window = WINDOW) -> list[Page]:
    found = [ADAPTERS["acuity"].list_page(window, "")]
    while found[-1].next:
        found.append(ADAPTERS["acuity"].list_page(window, found[-1].next))
    return found


def test_the_list_asks_for_the_standing_and_then_for_the_cancelled_ones(acuity: Loopback) -> None:
    answers = {b"canceled=false": [appointment()], b"canceled=true": [appointment(id=5, **GONE)]}
    acuity.answers = [http(200, answers[b"canceled=false"]), http(200, []), http(200, answers[b"canceled=true"])]
    acuity.answers += [http(200, [appointment(id=6, **MISSED)])]
    news = [one for page in pages() for one in page.news]
    assert [type(one) for one in news] == [BookingCreated, BookingCancelled, NoShowReported]
    asked = [request.split(b" ")[1] for request in acuity.requests]
    assert [b"canceled=true" in path for path in asked] == [False, False, True, True]
    assert [b"minDate=2031-03-09&maxDate=2031-03-15" in path for path in asked] == [True, False, True, False]
    assert b"minDate=2031-03-16&maxDate=2031-03-22" in asked[3]


def test_the_list_tells_only_of_visits_in_the_window(acuity: Loopback) -> None:
    starts = ["2031-03-09T16:59:59-0700", "2031-03-09T17:00:00-0700", "2031-03-19T17:00:00-0700"]
    acuity.answers = [http(200, [appointment(datetime=start) for start in starts]), http(200, [])]
    (news,) = [one for page in pages() for one in page.news]
    assert booking_of(news).starts_at == WINDOW.starts_from


@pytest.mark.parametrize("number", [100, api.MOST])
def test_a_list_that_may_be_cut_off_is_asked_for_day_by_day(acuity: Loopback, number: int) -> None:
    acuity.answers = [http(200, [appointment(id=1 + one) for one in range(number)])]
    acuity.answers += [http(200, [appointment(id=1 + one) for one in range(number)]), http(200, [])]
    first = ADAPTERS["acuity"].list_page(WINDOW, "")
    second = ADAPTERS["acuity"].list_page(WINDOW, first.next)
    assert (first.news, len(second.news)) == ([], number)
    assert b"minDate=2031-03-09&maxDate=2031-03-09" in acuity.requests[1]


def test_a_row_of_the_list_that_makes_no_sense_is_counted_and_the_others_are_told(acuity: Loopback) -> None:
    acuity.answers = [http(200, ["x", appointment(datetime=None), appointment()]), http(200, [])]
    page = ADAPTERS["acuity"].list_page(WINDOW, "")
    assert (len(page.news), page.unreadable) == (1, 2)


@pytest.mark.parametrize("cursor", ["", "x", "standing 2031-13-40 7", "canceled 2031-03-12 9"])
def test_a_cursor_that_makes_no_sense_begins_anew(acuity: Loopback, cursor: str) -> None:
    acuity.answers = [http(200, [])]
    assert ADAPTERS["acuity"].list_page(WINDOW, cursor).next == "standing 2031-03-16 7"


@pytest.mark.parametrize("answer", [http(200, {"rows": 1}), http(200, b"{"), http(503, b"")])
def test_a_list_that_is_none_is_no_empty_list(acuity: Loopback, answer: Answer) -> None:
    acuity.answers = [answer]
    with pytest.raises(UnavailableError):
        ADAPTERS["acuity"].list_page(WINDOW, "")


def test_the_list_after_the_deliveries_changes_nothing(
    client: Client, transactional_db: None, business: Business, acuity: Loopback
) -> None:
    story = Story(client, acuity)
    story.hears("scheduled")
    story.hears("rescheduled", datetime=MOVED)
    story.acuity.answers = [http(200, [appointment(datetime=MOVED)]), http(200, [])]
    before = story.visit
    for page in pages():
        for news in page.news:
            routing.apply(news, correlation_id=before.id)
    after = story.visit
    assert (after.moves, after.starts_at, after.status) == (before.moves, before.starts_at, before.status)
