"""Acuity's deliveries, its API and its list: the border's contract, and what each state of an appointment becomes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
import time_machine
from django.test import Client, override_settings

from appointments.inbound import Booking, BookingCancelled, BookingCreated, Inbound, NoShowReported, NothingToDo
from appointments.models import Appointment, Business
from aro import clock, tick
from aro.models import DeadLetter, Due
from integrations import dispatch, receipts
from integrations.models import ProviderState, Receipt
from integrations.providers import ADAPTERS, acuity_api
from integrations.providers.base import (
    Delivery,
    MalformedError,
    NeedsLookupError,
    Page,
    RateLimitedError,
    RefusedError,
    Stored,
    UnavailableError,
    Window,
)
from tests.integrations.contract import ProviderContract, fixture
from tests.integrations.loopback import Answer, Loopback, hang_up, http

SECRET, ID = "sandbox-acuity-api-key", "81237"
FORM = "application/x-www-form-urlencoded"
RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
START = datetime(2031, 3, 12, 17, 15, tzinfo=UTC)
WINDOW = Window(starts_from=datetime(2031, 3, 10, tzinfo=UTC), starts_until=datetime(2031, 3, 20, tzinfo=UTC))
S = Appointment.Status
NONSENSE = {
    "empty": b"",
    "bad utf-8": b"action=changed&id=\xff\xfe",
    "bad utf-8 in escapes": b"action=changed&id=%FF%FE",
    "json": b'{"action": "changed", "id": 81237}',
    "json that looks like a looked-up one": b'{"action": "changed", "appointment": {"id": 1}}&action=changed&id=1',
    "no action": b"id=81237",
    "an empty action": b"action=&id=81237",
    "only separators": b"&&==&&",
    "the same field twice": b"action=changed&id=81237&id=81238",
    "too many fields": b"&".join(b"f%d=x" % number for number in range(500)),
}


def signed(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    """Acuity publishes no signer: base64 of HMAC-SHA256 over the body, as its documents describe it."""
    return {"X-Acuity-Signature": base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()}


class TestAcuityAtTheBorder(ProviderContract):
    name = "acuity"
    url = "/webhooks/acuity"
    content_type = FORM
    setting = "ACUITY_API_KEY"
    good: ClassVar[bytes] = fixture("acuity", "scheduled")
    unknown: ClassVar[bytes] = fixture("acuity", "order.completed")

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signed(body, secret=secret)

    def test_the_same_delivery_again_is_answered_with_200_and_changes_nothing(self, client: Client, db: None) -> None:
        with time_machine.travel(clock.now(), tick=False):
            super().test_the_same_delivery_again_is_answered_with_200_and_changes_nothing(client, db)

    def test_the_same_bytes_a_second_later_may_be_another_change_and_are_kept(self, client: Client, db: None) -> None:
        with time_machine.travel(clock.now(), tick=False) as time:
            self.deliver(client, self.good)
            time.shift(1)
            self.deliver(client, self.good)
        assert Receipt.objects.count() == Due.objects.filter(lane="receipts").count() == 2

    @pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
    def test_signed_nonsense_is_malformed(self, client: Client, db: None, body: bytes) -> None:
        assert self.refused(self.deliver(client, body)) == 400

    def test_an_action_that_nobody_knows_is_of_no_concern(self) -> None:
        assert isinstance(parsed(b"action=archived&id=81237"), NothingToDo)


def parsed(body: bytes, **stored: Any) -> Inbound:
    return every(body, **stored)[-1]


def every(body: bytes, **stored: Any) -> list[Inbound]:
    return ADAPTERS["acuity"].parse(Stored(body=body, path_ref="", received_at=RECEIVED, **stored))


def appointment(**more: Any) -> dict[str, Any]:
    return dict(json.loads(fixture("acuity", "api.appointment"))) | more


def looked_up(action: str = "scheduled", **more: Any) -> bytes:
    """As `complete` leaves it."""
    at = "2026-11-20T09:00:01+00:00"
    return json.dumps({"action": action, "asked_at": at, "appointment": appointment(**more)}).encode()


def booking_of(news: Inbound) -> Booking:
    assert isinstance(news, BookingCreated)
    return news.booking


@pytest.mark.parametrize("name", ["scheduled", "rescheduled", "canceled", "changed", "appointment.scheduled"])
def test_whatever_the_action_says_the_appointment_is_looked_up(name: str) -> None:
    with pytest.raises(NeedsLookupError):
        parsed(fixture("acuity", name))


@pytest.mark.parametrize("value", ["", "me", "../me", "1?x=1", "-1", "1.5", "9" * 21, "٣"])
def test_what_is_no_number_is_never_asked_for(value: str) -> None:
    with pytest.raises(MalformedError):
        parsed(f"action=changed&id={value}".encode())


def test_both_spellings_of_an_action_are_one_kind_of_news() -> None:
    keys = {key_of(fixture("acuity", name)) for name in ("scheduled", "appointment.scheduled")}
    assert len(keys) == 1
    assert key_of(fixture("acuity", "canceled")) not in keys


def key_of(body: bytes) -> str:
    delivery = Delivery(body=body, headers={}, url="", path_ref="", received_at=RECEIVED)
    return ADAPTERS["acuity"].delivery_key(delivery)


def test_a_booking_has_its_time_place_person_and_price() -> None:
    news = parsed(looked_up())
    booking = booking_of(news)
    assert (booking.external_id, booking.starts_at, booking.duration_minutes) == (ID, START, 45)
    assert (booking.timezone, booking.at_business) == ("America/Los_Angeles", False)
    assert (booking.service, booking.service_cost) == ("Check-up", Decimal("85.00"))
    assert (booking.staff_member, booking.location) == ("Dr Ines Vale", "9 Harbour Road")
    assert booking.booked_at == datetime(2026, 11, 10, 15, 2, 10, tzinfo=UTC)
    assert (booking.person.name, booking.person.phone) == ("Rosa Testperson", "(212) 555-0142")
    assert (booking.person.email, booking.person.timezone) == ("rosa@patients.example", "Europe/Madrid")
    assert booking.cancel_url.startswith("https://acuityscheduling.com/schedule.php")
    assert booking.reschedule_url == ""  # this client may not
    assert isinstance(news, BookingCreated)
    assert news.occurred_at == datetime(2026, 11, 20, 9, 0, 1, tzinfo=UTC)  # when it was asked for


def test_a_calendar_whose_zone_nobody_knows_is_at_the_business() -> None:
    booking = booking_of(parsed(looked_up(calendarTimezone="Mars/Olympus", calendarID=99, calendar=None)))
    assert (booking.timezone, booking.at_business, booking.staff_member) == ("", True, "")


@pytest.mark.parametrize("typed", ["", None, 5, "ask me", "n/a"])
def test_without_a_phone_an_answer_on_the_form_is_taken(typed: object) -> None:
    assert booking_of(parsed(looked_up(phone=typed))).person.phone == "+1 212 555 0177"


def test_which_question_asks_for_the_phone_is_the_operators_choice() -> None:
    values = [{"name": "Whom may we call?", "value": "212 555 0188"}, {"name": "Fax", "value": "212 555 0189"}]
    body = looked_up(phone="", forms=[{"values": values}, "no form"])
    assert booking_of(parsed(body, phone_question="may we call")).person.phone == "212 555 0188"
    assert booking_of(parsed(body)).person.phone == ""


@pytest.mark.parametrize(
    ("duration", "minutes"), [("60", 60), (60, 60), ("", 30), ("0", 30), ("-5", 30), ("x", 30), (None, 30), (True, 30)]
)
def test_the_length_is_text_and_half_an_hour_when_there_is_none(duration: object, minutes: int) -> None:
    assert booking_of(parsed(looked_up(duration=duration))).duration_minutes == minutes


@pytest.mark.parametrize("price", ["", "free", "-1.00", "NaN", "Infinity", "1e30", None, 85])
def test_a_price_that_is_none_is_nothing(price: object) -> None:
    assert booking_of(parsed(looked_up(price=price))).service_cost == Decimal("0.00")


@pytest.mark.parametrize("start", [None, "", "March 12, 2031", "2031-03-12T10:15:00", 5])
def test_an_appointment_without_a_time_makes_no_sense(start: object) -> None:
    with pytest.raises(MalformedError):
        parsed(looked_up(datetime=start))


@pytest.mark.parametrize("number", [None, "", "81237", True, -1, 0, 10**30])
def test_an_appointment_without_a_number_makes_no_sense(number: object) -> None:
    with pytest.raises(MalformedError):
        parsed(looked_up(id=number))


def test_a_cancelled_appointment_is_cancelled_by_somebody() -> None:
    news = parsed(looked_up("canceled", canceled=True))
    assert isinstance(news, BookingCancelled)
    assert (news.booking.external_id, news.by, news.moved_to) == (ID, "unknown", "")


def test_a_no_show_is_cancelled_too_and_the_no_show_counts() -> None:
    news = parsed(looked_up("canceled", canceled=True, noShow=True))
    assert isinstance(news, NoShowReported)
    assert (news.external_id, news.absent, news.booking is not None) == (ID, True, True)


@pytest.mark.parametrize(("action", "takes_back"), [("changed", True), ("scheduled", False), ("rescheduled", False)])
def test_only_a_change_can_take_a_no_show_back(action: str, takes_back: bool) -> None:
    marks = [one.absent for one in every(looked_up(action)) if isinstance(one, NoShowReported)]
    assert marks == ([False] if takes_back else [])


# From the delivery to the visit, with Acuity's API on loopback.


@pytest.fixture
def acuity(loopback: Loopback) -> Iterator[Loopback]:
    with override_settings(PROVIDER_BASE_URLS={"acuity": loopback.url}):
        yield loopback


class Story:
    """Deliveries one after the other, and what Acuity's API says to each."""

    def __init__(self, client: Client, acuity: Loopback) -> None:
        self.client, self.acuity = client, acuity

    def hears(self, name: str, answer: Answer | None = None, **more: Any) -> None:
        self.acuity.answers = [answer or http(200, appointment(**more))]
        body = fixture("acuity", name)
        with time_machine.travel(clock.now() + timedelta(seconds=Receipt.objects.count())):
            assert self.client.generic("POST", "/webhooks/acuity", body, FORM, headers=signed(body)).status_code == 200
            tick.drain(["receipts", "lookups"])

    @property
    def visit(self) -> Appointment:
        return Appointment.objects.get(source="acuity")


@pytest.fixture
def story(client: Client, transactional_db: None, business: Business, acuity: Loopback) -> Story:
    return Story(client, acuity)


MOVED = "2031-03-13T11:00:00-0700"
GONE: dict[str, Any] = {"canceled": True}
MISSED: dict[str, Any] = {"canceled": True, "noShow": True}


@pytest.mark.parametrize("name", ["scheduled", "appointment.scheduled", "changed"])
def test_scheduled_becomes_a_visit(story: Story, name: str) -> None:
    story.hears(name)
    visit = story.visit
    assert (visit.external_id, visit.status, visit.starts_at, visit.moves) == (ID, S.BOOKED, START, 0)
    assert (visit.timezone, visit.customer.phone) == ("America/Los_Angeles", "+12125550142")
    asked = story.acuity.requests[0]
    assert asked.startswith(b"GET /api/v1/appointments/81237 ")
    assert b"Authorization: Basic " + base64.b64encode(f"10000001:{SECRET}".encode()) in asked
    assert not Due.objects.filter(lane__in=["receipts", "lookups"]).exists()


@pytest.mark.parametrize("name", ["rescheduled", "changed"])
def test_rescheduled_moves_the_same_visit_once_however_often_it_is_told(story: Story, name: str) -> None:
    story.hears("scheduled")
    for _ in range(3):
        story.hears(name, datetime=MOVED)
    assert (story.visit.status, story.visit.moves) == (S.BOOKED, 1)
    assert story.visit.starts_at == datetime(2031, 3, 13, 18, tzinfo=UTC)


def test_rescheduled_twice_in_the_same_words_moves_it_twice(story: Story) -> None:
    story.hears("scheduled")
    story.hears("rescheduled", datetime=MOVED)
    story.hears("rescheduled", datetime="2031-03-14T11:00:00-0700")
    assert (story.visit.moves, story.visit.starts_at.day) == (2, 14)


@pytest.mark.parametrize("name", ["canceled", "changed"])
def test_canceled_cancels_and_an_older_delivery_that_comes_late_changes_nothing(story: Story, name: str) -> None:
    story.hears("scheduled")
    story.hears(name, **GONE)
    story.hears("scheduled", **GONE)
    assert story.visit.status == S.CANCELLED


def test_a_cancellation_of_a_visit_nobody_heard_of_is_kept(story: Story) -> None:
    story.hears("canceled", **GONE)
    assert story.visit.status == S.CANCELLED


def test_a_no_show_counts_as_one_and_not_as_a_cancellation(story: Story) -> None:
    story.hears("scheduled")
    story.hears("canceled", **MISSED)
    assert story.visit.status == S.NO_SHOW
    assert (story.visit.customer.no_shows, story.visit.customer.cancellations) == (1, 0)
    story.hears("changed")
    assert (story.visit.status, story.visit.customer.no_shows) == (S.BOOKED, 0)


def test_an_order_asks_for_nothing(story: Story) -> None:
    story.hears("order.completed")
    assert (story.acuity.requests, Appointment.objects.count()) == ([], 0)
    assert Receipt.objects.get().outcome == Receipt.Outcome.IGNORED


def test_an_answer_from_before_the_newest_one_is_stale(story: Story) -> None:
    story.hears("scheduled", datetime=MOVED)
    receipt = Receipt.objects.get()
    late = ADAPTERS["acuity"].parse(Stored(body=looked_up(), path_ref="", received_at=receipt.received_at))
    receipts.apply(receipt, late, now=clock.now())
    assert (receipt.outcome, story.visit.moves) == (Receipt.Outcome.STALE, 0)


def test_a_wrong_key_is_final_and_a_person_is_told_what_to_set(story: Story) -> None:
    story.hears("scheduled", http(401, fixture("acuity", "api.401")))
    letter = DeadLetter.objects.get()
    assert letter.error_code == "acuity_401"
    assert "ACUITY_API_KEY" in letter.error_message
    assert len(story.acuity.requests) == 1


def test_an_appointment_that_acuity_does_not_know_goes_to_a_person(story: Story) -> None:
    story.hears("changed", http(404, {"status_code": 404, "error": "not_found"}))
    assert DeadLetter.objects.get().error_code == "acuity_404"


@pytest.mark.parametrize("answer", [http(500, b"<html>"), http(200, b"<html>"), http(200, [1]), hang_up])
def test_no_usable_answer_is_tried_again_and_nothing_is_lost(story: Story, answer: Answer) -> None:
    story.hears("scheduled", answer)
    assert Receipt.objects.get().outcome == Receipt.Outcome.PENDING
    ProviderState.objects.update(breaker="closed", tokens=5)
    Due.objects.filter(lane="lookups").update(due_at=clock.now())
    story.acuity.answers = [http(200, appointment())]
    tick.drain(["lookups"])
    assert story.visit.status == S.BOOKED


def test_the_connection_test_names_the_accounts_zone(acuity: Loopback) -> None:
    acuity.answers = [http(200, {"id": 1, "timezone": "America/Los_Angeles"}), http(401, {})]
    assert acuity_api.check_account() == "America/Los_Angeles"
    with pytest.raises(RefusedError) as refused:
        acuity_api.check_account()
    assert refused.value.permanent


def test_too_many_calls_say_when_to_come_back(acuity: Loopback) -> None:
    acuity.answers = [http(429, {}, headers={"Retry-After": "7"})]
    with pytest.raises(RateLimitedError) as limited:
        acuity_api.appointment(ID)
    assert limited.value.retry_after == 7


# The list.


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


@pytest.mark.parametrize("number", [100, acuity_api.MOST])
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


def test_the_list_after_the_deliveries_changes_nothing(story: Story) -> None:
    story.hears("scheduled")
    story.hears("rescheduled", datetime=MOVED)
    story.acuity.answers = [http(200, [appointment(datetime=MOVED)]), http(200, [])]
    before = story.visit
    for page in pages():
        for news in page.news:
            dispatch.apply(news, correlation_id=before.id)
    after = story.visit
    assert (after.moves, after.starts_at, after.status) == (before.moves, before.starts_at, before.status)
