"""What becomes of a visit that Square tells of, and what Square's API is asked for meanwhile."""

from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings

from appointments.models import Appointment, Business, Customer
from aro import clock
from aro.ids import new_id
from aro.models import DeadLetter, Due
from aro.queue import tick
from integrations.models import ProviderState, Receipt
from integrations.providers.shared.base import RateLimitedError, RefusedError
from integrations.providers.square import api
from tests.integrations import signers
from tests.integrations.contract import fixture
from tests.integrations.loopback import Answer, hang_up, http
from tests.integrations.providers.square_server import CUSTOMER, FOUND, PLACE, SERVICE, Square
from tests.integrations.providers.test_square import ID, SECRET, START, URL, event
from tests.times import begun

S = Appointment.Status


class Story:
    """Deliveries one after the other."""

    def __init__(self, client: Client, square: Square) -> None:
        self.client, self.square = client, square

    def hears(self, body: bytes | str) -> None:
        told = fixture("square", body) if isinstance(body, str) else body
        headers = signers.square(told, secret=SECRET, url=settings.PUBLIC_BASE_URL + URL)
        answer = self.client.generic("POST", URL, told, "application/json", headers=headers)
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


def test_a_move_that_the_business_declines_becomes_a_case(story: Story) -> None:
    story.hears("booking.created")
    story.hears(event("booking.created.pending", version=2, event_id="asked", updated_at="2026-11-11T09:00:00Z"))
    assert story.visit.status == S.BOOKED
    story.hears(event("booking.updated.declined", version=3, updated_at="2026-11-12T09:00:00Z"))
    assert story.visit.status == S.CANCELLED
    assert story.visit.escalations.get(status="open").reason == "declined"


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
    with begun():
        story.hears(event(name, updated_at=clock.now().isoformat()))
    assert story.visit.status == status


def test_a_no_show_can_be_taken_back(story: Story) -> None:
    story.hears("booking.created")
    with begun():
        story.hears(event("booking.updated.no_show", updated_at=clock.now().isoformat()))
        back = json.loads(event("booking.updated.accepted", version=4, updated_at=clock.now().isoformat()))
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
        api.check_account()
    assert "SQUARE_ACCESS_TOKEN" in refused.value.next_step
    assert square.asked == []


def test_a_delivery_that_makes_no_sense_goes_to_a_person_without_its_text(story: Story) -> None:
    story.hears(event("booking.created", status="COMPLETED", customer_note="call rosa"))
    letter = DeadLetter.objects.get()
    assert letter.error_code == "malformed"
    assert "rosa" not in letter.error_message + letter.stack


def test_the_connection_test_tells_the_merchants_status(square: Square) -> None:
    square.answers = {"/v2/merchants/me": http(200, {"merchant": {"id": "M", "status": "ACTIVE"}})}
    assert api.check_account() == "ACTIVE"
    square.answers = {"/v2/merchants/me": http(429, {}, headers={"Retry-After": "3"})}
    with pytest.raises(RateLimitedError) as limited:
        api.check_account()
    assert limited.value.retry_after == 3


@pytest.mark.parametrize("with_another_time", [False, True])
def test_what_was_cancelled_and_is_accepted_again_stands(story: Story, with_another_time: bool) -> None:  # noqa: FBT001
    story.hears("booking.created")
    story.hears("booking.updated.cancelled_by_seller")
    name = "booking.updated.moved" if with_another_time else "booking.updated.accepted"
    back = json.loads(event(name, version=9, updated_at="2026-11-15T09:00:00Z"))
    story.hears(json.dumps(back | {"event_id": "back"}).encode())
    assert (story.visit.status, story.visit.moves, story.visit.restarts) == (S.BOOKED, 0, 1)
    story.hears(event("booking.updated.accepted", version=1))
    assert story.visit.status == S.BOOKED


SOON = clock.now().replace(microsecond=0) + timedelta(days=9)


def told(version: object, status: str = "ACCEPTED", *, hours: int = 0, changed: str = "2026-11-20T10:00:00Z") -> bytes:
    """Each with a time of change that says nothing about the order."""
    starts_at = (SOON + timedelta(hours=hours)).isoformat()
    # Square is asked so often a minute and no more: little is looked up, and a test tells of four.
    bare = {"customer_id": None, "location_id": None, "appointment_segments": [{"duration_minutes": 30}]}
    booking = event("booking.created", version=version, status=status, start_at=starts_at, updated_at=changed, **bare)
    return json.dumps(json.loads(booking) | {"event_id": str(new_id()), "type": "booking.updated"}).encode()


EARLY, LATE = "2026-11-20T09:00:00Z", "2026-11-20T11:00:00Z"


@pytest.mark.parametrize("again", [LATE, EARLY, "2026-11-20T10:00:00Z"])
def test_a_lower_version_moves_nothing_whatever_its_time(story: Story, again: str) -> None:
    for body in (told(0), told(2, hours=24), told(1, hours=2, changed=again), told(0, changed=again)):
        story.hears(body)
    assert [one.outcome for one in Receipt.objects.order_by("received_at")] == ["applied", "applied", "stale", "stale"]
    assert story.visit.starts_at == SOON + timedelta(hours=24)


@pytest.mark.parametrize("again", [LATE, EARLY, "2026-11-20T10:00:00Z"])
def test_nor_does_it_revive_a_cancelled_visit(story: Story, again: str) -> None:
    for body in (told(0), told(2, "CANCELLED_BY_SELLER"), told(0, changed=again), told(1, changed=again)):
        story.hears(body)
    assert [one.outcome for one in Receipt.objects.order_by("received_at")] == ["applied", "applied", "stale", "stale"]
    assert story.visit.status == S.CANCELLED


def test_the_highest_version_counts_though_its_time_is_earlier(story: Story) -> None:
    for body in (told(0, changed=LATE), told(1, "CANCELLED_BY_CUSTOMER", changed=EARLY)):
        story.hears(body)
    assert story.visit.status == S.CANCELLED
    story.hears(told("2", hours=24, changed=EARLY))
    assert (story.visit.status, story.visit.starts_at) == (S.BOOKED, SOON + timedelta(hours=24))
