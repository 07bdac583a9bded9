"""What becomes of a visit that Acuity tells of, and what Acuity's API is asked for meanwhile."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from appointments.models import Appointment, Business
from aro import clock
from aro.models import DeadLetter, Due
from aro.queue import tick
from integrations.inbound import receipts
from integrations.models import ProviderState, Receipt
from integrations.providers import ADAPTERS
from integrations.providers.acuity import api
from integrations.providers.shared.base import RateLimitedError, RefusedError, Stored
from tests.integrations import signers
from tests.integrations.contract import fixture
from tests.integrations.loopback import Answer, Loopback, hang_up, http
from tests.integrations.providers.test_acuity import FORM, ID, SECRET, START, appointment, looked_up
from tests.times import begun

S = Appointment.Status


class Story:
    """Deliveries one after the other, and what Acuity's API says to each."""

    def __init__(self, client: Client, acuity: Loopback) -> None:
        self.client, self.acuity = client, acuity

    def hears(self, name: str, answer: Answer | None = None, **more: Any) -> None:
        self.acuity.answers = [answer or http(200, appointment(**more))]
        body = fixture("acuity", name)
        with time_machine.travel(clock.now() + timedelta(seconds=Receipt.objects.count())):
            headers = signers.acuity(body, secret=SECRET)
            assert self.client.generic("POST", "/webhooks/acuity", body, FORM, headers=headers).status_code == 200
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
    with begun():
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
    assert api.check_account() == "America/Los_Angeles"
    with pytest.raises(RefusedError) as refused:
        api.check_account()
    assert refused.value.permanent


def test_too_many_calls_say_when_to_come_back(acuity: Loopback) -> None:
    acuity.answers = [http(429, {}, headers={"Retry-After": "7"})]
    with pytest.raises(RateLimitedError) as limited:
        api.appointment(ID)
    assert limited.value.retry_after == 7
