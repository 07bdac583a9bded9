"""A booking whose visit was over when ARO first heard of it, by whatever way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import override_settings

from appointments.inbound import BookingCreated
from appointments.models import Appointment, Deposit, Escalation
from appointments.services.booking import bookings
from aro.ids import new_id
from aro.queue import tick
from tests.factories import BusinessFactory, booking
from tests.integrations.loopback import Loopback, http
from workflows import inspect

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.fixture
def carrier() -> Iterator[Loopback]:
    """Of a business that asks everybody for a deposit, a review and the next visit."""
    BusinessFactory.create(
        booking_consent_marketing=True,
        google_place_id="ChIJ1",
        booking_url="https://book.example.com",
        deposit_threshold=0,
        deposit_amount=Decimal(50),
    )
    with Loopback() as server:
        taken = {"sid": f"SM{new_id().hex}", "status": "queued", "num_segments": "1", "error_code": None}
        server.answers = [http(201, taken)]
        with override_settings(PROVIDER_BASE_URLS={"twilio": server.url, "stripe": server.url}):
            yield server


@pytest.mark.parametrize("before", [timedelta(days=9000), timedelta(days=2), timedelta(hours=2)])
def test_nothing_is_sent_or_asked_about_it(carrier: Loopback, before: timedelta) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        news = BookingCreated(booking=booking(starts_at=NOON - before), occurred_at=NOON)
        bookings.created(news, correlation_id=new_id())
        for hours in range(0, 100, 4):
            traveller.move_to(NOON + timedelta(hours=hours))
            tick.drain()
    visit = Appointment.objects.get()
    assert visit.status == "completed"
    assert (carrier.requests, Deposit.objects.count(), Escalation.objects.count()) == ([], 0, 0)
    why = inspect.why(visit)
    assert len(why) == 2
    assert all("the visit was over already when ARO first heard of it" in line for line in why)


def test_of_one_that_is_on_a_deposit_is_still_asked(carrier: Loopback) -> None:
    with time_machine.travel(NOON, tick=False):
        news = BookingCreated(booking=booking(starts_at=NOON - timedelta(minutes=5)), occurred_at=NOON)
        bookings.created(news, correlation_id=new_id())
    assert Deposit.objects.count() == 1
