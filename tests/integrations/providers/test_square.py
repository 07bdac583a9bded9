"""Square's deliveries: the border's contract, and what each status of a booking becomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.test import Client, override_settings

from appointments.inbound import Booking, BookingCancelled, BookingCreated, Inbound, NoShowReported, NothingToDo
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Delivery, MalformedError, NeedsLookupError, Stored
from tests.integrations import signers
from tests.integrations.contract import JsonBodyContract, fixture

SECRET, ID, URL = "sandbox-square-signature-key", "harbour8k2q9x", "/webhooks/square"
RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
START = datetime(2031, 3, 12, 17, 15, tzinfo=UTC)


class TestSquareAtTheBorder(JsonBodyContract):
    name = "square"
    url = URL
    setting = "SQUARE_WEBHOOK_SIGNATURE_KEY"
    good: ClassVar[bytes] = fixture("square", "booking.created")
    unknown: ClassVar[bytes] = fixture("square", "customer.created")

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signers.square(body, secret=secret, url=settings.PUBLIC_BASE_URL + self.url)

    def test_a_signature_for_another_address_is_refused(self, client: Client, db: None) -> None:
        for url in ("https://elsewhere.example/webhooks/square", f"{settings.PUBLIC_BASE_URL}{URL}/"):
            headers = signers.square(self.good, secret=SECRET, url=url)
            assert self.refused(self.post(client, self.good, headers)) == 401

    def test_a_query_is_part_of_the_signed_address(self, client: Client, db: None) -> None:
        called = f"{URL}?from=square"
        headers = signers.square(self.good, secret=SECRET, url=settings.PUBLIC_BASE_URL + called)
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
    times = [at(version=version, updated_at=changed) for version in (0, 1, 2, 10, None, -1, True, "x3")]
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
