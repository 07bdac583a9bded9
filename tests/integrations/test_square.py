"""Square's deliveries, its API and its list: the border's contract, and what each status of a booking becomes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.test import Client, override_settings

from appointments.inbound import Booking, BookingCancelled, BookingCreated, Inbound, NoShowReported, NothingToDo
from appointments.models import Appointment, Business, Customer
from aro import clock, tick
from aro.models import DeadLetter, Due
from integrations import dispatch
from integrations.models import ProviderState, Receipt
from integrations.providers import ADAPTERS, square_api
from integrations.providers.base import (
    Delivery,
    Entry,
    MalformedError,
    NeedsLookupError,
    Page,
    RateLimitedError,
    RefusedError,
    Stored,
    UnavailableError,
    Window,
)
from tests.integrations.contract import JsonBodyContract, fixture
from tests.integrations.loopback import Answer, Loopback, hang_up, http

SECRET, ID, URL = "sandbox-square-signature-key", "harbour8k2q9x", "/webhooks/square"
RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
START = datetime(2031, 3, 12, 17, 15, tzinfo=UTC)
WINDOW = Window(starts_from=datetime(2031, 3, 1, tzinfo=UTC), starts_until=datetime(2031, 4, 20, tzinfo=UTC))
S = Appointment.Status


def signed(body: bytes, *, secret: str = SECRET, url: str = "") -> dict[str, str]:
    """Base64 of HMAC-SHA256 over the address and the body; agrees with the vectors of Square's own SDK."""
    text = (url or settings.PUBLIC_BASE_URL + URL).encode() + body
    mac = hmac.new(secret.encode(), text, hashlib.sha256)
    return {"x-square-hmacsha256-signature": base64.b64encode(mac.digest()).decode()}


class TestSquareAtTheBorder(JsonBodyContract):
    name = "square"
    url = URL
    setting = "SQUARE_WEBHOOK_SIGNATURE_KEY"
    good: ClassVar[bytes] = fixture("square", "booking.created")
    unknown: ClassVar[bytes] = fixture("square", "customer.created")

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signed(body, secret=secret)

    def test_a_signature_for_another_address_is_refused(self, client: Client, db: None) -> None:
        for url in ("https://elsewhere.example/webhooks/square", f"{settings.PUBLIC_BASE_URL}{URL}/"):
            assert self.refused(self.post(client, self.good, signed(self.good, url=url))) == 401

    def test_a_query_is_part_of_the_signed_address(self, client: Client, db: None) -> None:
        called = f"{URL}?from=square"
        headers = signed(self.good, url=settings.PUBLIC_BASE_URL + called)
        assert self.post(client, self.good, headers, url=called).status_code == 200

    def test_without_a_public_address_nothing_can_be_checked(self, client: Client, db: None) -> None:
        with override_settings(PUBLIC_BASE_URL=""):
            assert self.refused(self.post(client, self.good, self.sign(self.good, secret=SECRET))) == 503


def every(body: bytes) -> list[Inbound]:
    return ADAPTERS["square"].parse(Stored(body=body, path_ref="", received_at=RECEIVED))


def parsed(body: bytes) -> Inbound:
    return every(body)[-1]


def event(name: str, **booking: Any) -> bytes:
    data = json.loads(fixture("square", name))
    data["data"]["object"]["booking"] |= booking
    return json.dumps(data).encode()


def looked_up(name: str, *, found: dict[str, Any] | None = None, **more: Any) -> bytes:
    """As `complete` leaves it."""
    who = json.loads(fixture("square", "api.customer"))["customer"]
    where = json.loads(fixture("square", "api.location"))["location"]
    all_of_it = {"customer": who, "location": where, "service": "Check-up"} if found is None else found
    return json.dumps(json.loads(event(name, **more)) | {"found_by_aro": all_of_it}).encode()


def booking_of(news: Inbound) -> Booking:
    assert isinstance(news, BookingCreated)
    return news.booking


@pytest.mark.parametrize(
    "name", ["booking.created", "booking.updated.moved", "booking.updated.no_show", "booking.updated.declined"]
)
def test_a_booking_needs_its_person_and_place(name: str) -> None:
    with pytest.raises(NeedsLookupError):
        parsed(fixture("square", name))


def test_a_booking_has_its_time_place_person_and_service() -> None:
    news = parsed(looked_up("booking.created"))
    booking = booking_of(news)
    assert (booking.external_id, booking.starts_at) == (ID, START)  # not data.id, which has the version
    assert booking.duration_minutes == 30 + 10 + 20
    assert (booking.timezone, booking.at_business) == ("America/Los_Angeles", False)
    assert (booking.service, booking.location) == ("Check-up", "Harbour Clinic West, 9 Harbour Road")
    assert (booking.person.name, booking.person.phone) == ("Rosa Testperson", "+1-212-555-0142")
    assert booking.person.email == "rosa@patients.example"
    assert booking.booked_at == datetime(2026, 11, 10, 15, 30, tzinfo=UTC)


def test_a_booking_of_nobody_somewhere_is_still_a_booking() -> None:
    body = looked_up("booking.created", found={}, customer_id=None)
    booking = booking_of(parsed(body))
    assert (booking.person.name, booking.person.phone, booking.service) == ("", "", "")
    assert (booking.timezone, booking.at_business, booking.location) == ("", True, "")


@pytest.mark.parametrize("kind", ["PHONE", "CUSTOMER_LOCATION"])
def test_a_visit_elsewhere_has_no_place(kind: str) -> None:
    assert booking_of(parsed(looked_up("booking.created", location_type=kind))).location == ""


@pytest.mark.parametrize(
    ("booking", "minutes"),
    [
        ({"appointment_segments": [{"duration_minutes": 45}]}, 45),
        ({"appointment_segments": []}, 30),
        ({"appointment_segments": None}, 30),
        ({"appointment_segments": [], "all_day": True}, 1440),
        ({"appointment_segments": [{"duration_minutes": 600}], "all_day": True}, 600),
        ({"appointment_segments": ["x", {"duration_minutes": "45"}, {"duration_minutes": -5}, {}]}, 30),
        ({"appointment_segments": [{"duration_minutes": 10**30}]}, 14 * 1440),
    ],
)
def test_the_length_is_that_of_the_segments(booking: dict[str, Any], minutes: int) -> None:
    assert booking_of(parsed(looked_up("booking.created", **booking))).duration_minutes == minutes


@pytest.mark.parametrize("name", ["booking.created", "booking.updated.accepted"])
def test_a_request_waits_until_the_business_accepts_it(name: str) -> None:
    assert isinstance(parsed(event(name, status="PENDING")), NothingToDo)


@pytest.mark.parametrize("status", [None, "", "COMPLETED", "accepted", 5])
def test_a_status_that_square_does_not_document_goes_to_a_person(status: object) -> None:
    with pytest.raises(MalformedError):
        parsed(event("booking.created", status=status))


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("booking.updated.cancelled_by_customer", "customer"),
        ("booking.updated.cancelled_by_seller", "business"),
        ("booking.updated.declined", "business"),
    ],
)
def test_a_cancellation_says_who_cancelled(name: str, by: str) -> None:
    news = parsed(looked_up(name))
    assert isinstance(news, BookingCancelled)
    assert (news.booking.external_id, news.by) == (ID, by)


def test_a_no_show_is_one() -> None:
    news = parsed(looked_up("booking.updated.no_show"))
    assert isinstance(news, NoShowReported)
    assert (news.external_id, news.absent, news.booking is not None) == (ID, True, True)


@pytest.mark.parametrize(("name", "takes_back"), [("booking.created", False), ("booking.updated.accepted", True)])
def test_only_an_update_can_take_a_no_show_back(name: str, takes_back: bool) -> None:
    marks = [one.absent for one in every(looked_up(name)) if isinstance(one, NoShowReported)]
    assert marks == ([False] if takes_back else [])


def test_the_higher_version_is_newer_within_the_same_second() -> None:
    changed = "2026-11-12T09:00:00.7Z"
    times = [at(version=version, updated_at=changed) for version in (0, 1, 2, 10, None, -1, True, "3")]
    assert times[:4] == sorted(set(times[:4]))
    assert set(times[4:]) == {times[0]}
    assert at(version=0, updated_at="2026-11-12T09:00:01Z") > times[3]
    assert at(version=4, updated_at=None) == RECEIVED


def at(**booking: Any) -> datetime:
    news = parsed(looked_up("booking.created", **booking))
    assert isinstance(news, BookingCreated)
    return news.occurred_at


@pytest.mark.parametrize(
    "booking", [{"id": None}, {"id": ""}, {"id": "x" * 300}, {"start_at": None}, {"start_at": "2031-03-12T17:15:00"}]
)
def test_a_booking_without_an_id_or_a_time_makes_no_sense(booking: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        parsed(looked_up("booking.created", **booking))


@pytest.mark.parametrize("data", [None, {}, {"object": []}, {"object": {"booking": None}}, "x"])
def test_a_delivery_without_its_booking_makes_no_sense(data: object) -> None:
    with pytest.raises(MalformedError):
        parsed(json.dumps({"type": "booking.created", "data": data}).encode())


def test_a_delivery_is_known_by_its_event_id() -> None:
    first, again = fixture("square", "booking.created"), event("booking.created", seller_note="told again")
    assert key_of(first) == key_of(again) == "5f0e1a77-0000-4000-8000-000000000001"
    assert key_of(fixture("square", "booking.updated.accepted")) != key_of(first)


def key_of(body: bytes) -> str:
    delivery = Delivery(body=body, headers={}, url="", path_ref="", received_at=RECEIVED)
    return ADAPTERS["square"].delivery_key(delivery)


# From the delivery to the visit, with Square's API on loopback.

CUSTOMER, PLACE, SERVICE, LIST = "/v2/customers/", "/v2/locations/", "/v2/catalog/object/", "/v2/bookings"
FOUND = {
    CUSTOMER: http(200, fixture("square", "api.customer")),
    PLACE: http(200, fixture("square", "api.location")),
    SERVICE: http(200, fixture("square", "api.catalog")),
}


class Square:
    """Square's API: what it answers at each path."""

    def __init__(self, server: Loopback) -> None:
        self.server, self.answers = server, dict(FOUND)
        server.answers = [self._answer]

    def _answer(self, connection: socket.socket) -> None:
        path = self.asked[-1]
        self.answers[next(start for start in self.answers if path.startswith(start))](connection)

    @property
    def asked(self) -> list[str]:
        return [request.split(b" ")[1].decode() for request in self.server.requests]


@pytest.fixture
def square(loopback: Loopback) -> Iterator[Square]:
    with override_settings(PROVIDER_BASE_URLS={"square": loopback.url}):
        yield Square(loopback)


class Story:
    """Deliveries one after the other."""

    def __init__(self, client: Client, square: Square) -> None:
        self.client, self.square = client, square

    def hears(self, body: bytes | str) -> None:
        told = fixture("square", body) if isinstance(body, str) else body
        answer = self.client.generic("POST", URL, told, "application/json", headers=signed(told))
        assert answer.status_code == 200
        tick.drain(["receipts", "lookups"])

    @property
    def visit(self) -> Appointment:
        return Appointment.objects.get(source="square")


@pytest.fixture
def story(client: Client, transactional_db: None, business: Business, square: Square) -> Story:
    return Story(client, square)


def test_created_becomes_a_visit_with_what_was_fetched(story: Story) -> None:
    story.hears("booking.created")
    visit = story.visit
    assert (visit.external_id, visit.status, visit.starts_at, visit.duration_minutes) == (ID, S.BOOKED, START, 60)
    assert (visit.timezone, visit.service, visit.customer.phone) == ("America/Los_Angeles", "Check-up", "+12125550142")
    assert story.square.asked[0] == "/v2/customers/CUSTOMERROSA0001"
    assert re.search(rb"Square-Version: \d{4}-\d\d-\d\d\r\n", story.square.server.requests[0])
    assert b"Authorization: Bearer sandbox-square-access-token\r\n" in story.square.server.requests[0]
    assert not Due.objects.filter(lane__in=["receipts", "lookups"]).exists()


def test_pending_is_no_visit_until_it_is_accepted(story: Story) -> None:
    story.hears("booking.created.pending")
    assert (Appointment.objects.count(), Customer.objects.count(), story.square.asked) == (0, 0, [])
    assert Receipt.objects.get().outcome == Receipt.Outcome.IGNORED
    story.hears("booking.updated.accepted")
    assert story.visit.status == S.BOOKED


def test_pending_and_declined_is_never_a_visit_to_come(story: Story) -> None:
    story.hears("booking.created.pending")
    story.hears("booking.updated.declined")
    assert story.visit.status == S.CANCELLED


def test_an_update_that_changes_nothing_moves_nothing(story: Story) -> None:
    story.hears("booking.created")
    story.hears("booking.updated.accepted")
    assert (story.visit.status, story.visit.moves, story.visit.starts_at) == (S.BOOKED, 0, START)


def test_an_update_with_another_start_moves_the_visit_once(story: Story) -> None:
    story.hears("booking.created")
    story.hears("booking.updated.moved")
    story.hears("booking.updated.moved")
    assert (story.visit.status, story.visit.moves) == (S.BOOKED, 1)
    assert story.visit.starts_at == datetime(2031, 3, 13, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("booking.updated.cancelled_by_customer", S.CANCELLED),
        ("booking.updated.cancelled_by_seller", S.CANCELLED),
        ("booking.updated.no_show", S.NO_SHOW),
    ],
)
def test_an_update_of_the_status_ends_the_visit(story: Story, name: str, status: str) -> None:
    story.hears("booking.created")
    story.hears(name)
    assert story.visit.status == status


def test_a_no_show_can_be_taken_back(story: Story) -> None:
    story.hears("booking.created")
    story.hears("booking.updated.no_show")
    back = json.loads(event("booking.updated.accepted", version=4, updated_at="2026-11-12T09:00:00Z"))
    story.hears(json.dumps(back | {"event_id": "back"}).encode())
    assert (story.visit.status, story.visit.customer.no_shows) == (S.BOOKED, 0)


_STEPS = ["booking.created", "booking.updated.accepted", "booking.updated.moved", "booking.updated.cancelled_by_seller"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_highest_version_wins_in_whatever_order_they_come(story: Story, order: tuple[int, ...]) -> None:
    for number in order:
        story.hears(_STEPS[number])
    assert (story.visit.status, story.visit.starts_at) == (S.BOOKED, datetime(2031, 3, 13, 18, tzinfo=UTC))


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_cancelled_visit_stays_cancelled_in_whatever_order_they_come(story: Story, order: tuple[int, ...]) -> None:
    for number in order:
        story.hears(_STEPS[number])
    assert (story.visit.status, story.visit.moves in (0, 1)) == (S.CANCELLED, True)


def test_two_changes_in_one_second_are_ordered_by_their_version(story: Story) -> None:
    second = "2026-11-11T09:00:00Z"
    story.hears(event("booking.updated.moved", version=2, updated_at=second))
    story.hears(event("booking.updated.accepted", version=1, updated_at=second))
    assert (story.visit.starts_at.day, story.visit.moves) == (13, 0)


def test_a_customer_without_a_phone_is_kept_and_becomes_a_case(story: Story) -> None:
    story.square.answers[CUSTOMER] = http(200, {"customer": {"id": "CUSTOMERROSA0001", "given_name": "Rosa"}})
    story.hears("booking.created")
    assert (story.visit.customer.name, story.visit.customer.phone) == ("Rosa", "")
    assert story.visit.escalations.get().reason == "no_phone"


@pytest.mark.parametrize("gone", [CUSTOMER, PLACE, SERVICE])
def test_what_was_deleted_since_does_not_hold_up_the_booking(story: Story, gone: str) -> None:
    story.square.answers[gone] = http(404, {"errors": [{"code": "NOT_FOUND"}]})
    story.hears("booking.created")
    assert story.visit.status == S.BOOKED


@pytest.mark.parametrize("hidden", [PLACE, SERVICE])
def test_a_place_or_service_that_may_not_be_read_is_left_out(story: Story, hidden: str) -> None:
    story.square.answers[hidden] = http(403, {"errors": [{"code": "INSUFFICIENT_SCOPES"}]})
    story.hears("booking.created")
    assert story.visit.timezone == ("America/New_York" if hidden == PLACE else "America/Los_Angeles")
    assert story.visit.service == ("" if hidden == SERVICE else "Check-up")


@pytest.mark.parametrize("answer", [http(401, {}), http(403, {}), http(500, b"<html>"), http(200, b"<"), hang_up])
def test_without_the_customer_the_booking_waits_and_nothing_is_lost(story: Story, answer: Answer) -> None:
    story.square.answers[CUSTOMER] = answer
    story.hears("booking.created")
    assert (Appointment.objects.count(), Receipt.objects.get().outcome) == (0, Receipt.Outcome.PENDING)
    story.square.answers[CUSTOMER] = FOUND[CUSTOMER]
    ProviderState.objects.update(breaker="closed", tokens=5)
    Due.objects.filter(lane="lookups").update(due_at=clock.now())
    tick.drain(["lookups"])
    assert story.visit.customer.phone == "+12125550142"


def test_without_a_token_nothing_is_asked_and_the_way_out_is_told(square: Square) -> None:
    with override_settings(SQUARE_ACCESS_TOKEN=""), pytest.raises(RefusedError) as refused:
        square_api.check_account()
    assert "SQUARE_ACCESS_TOKEN" in refused.value.next_step
    assert square.asked == []


def test_a_delivery_that_makes_no_sense_goes_to_a_person_without_its_text(story: Story) -> None:
    story.hears(event("booking.created", status="COMPLETED", customer_note="call rosa"))
    letter = DeadLetter.objects.get()
    assert letter.error_code == "malformed"
    assert "rosa" not in letter.error_message + letter.stack


def test_the_connection_test_tells_the_merchants_status(square: Square) -> None:
    square.answers = {"/v2/merchants/me": http(200, {"merchant": {"id": "M", "status": "ACTIVE"}})}
    assert square_api.check_account() == "ACTIVE"
    square.answers = {"/v2/merchants/me": http(429, {}, headers={"Retry-After": "3"})}
    with pytest.raises(RateLimitedError) as limited:
        square_api.check_account()
    assert limited.value.retry_after == 3


# The list.


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


def test_the_list_after_the_deliveries_changes_nothing(story: Story) -> None:
    story.hears("booking.created")
    story.hears("booking.updated.moved")
    before = story.visit
    for _ in range(2):
        for news in ADAPTERS["square"].list_entry(entry(told("booking.updated.moved")), WINDOW):
            dispatch.apply(news, correlation_id=before.id)
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
