"""Cal.com, Easy!Appointments and the custom webhook against the sandbox: another process that speaks as they do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from appointments.inbound import BookingCancelled, BookingCreated, BookingMoved, Inbound
from appointments.models import Appointment, Business
from aro import clock
from aro.queue import tick
from integrations.inbound import routing
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Window
from tests.integrations.carriers.test_with_sandbox import ask, sandbox, wait_until

__all__ = ["sandbox"]
S = Appointment.Status
BEGUN = clock.now().replace(microsecond=0)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def played(sandbox: str, business: Business) -> Iterator[str]:
    """The sandbox's address, with these providers' APIs there."""
    bases = {name: f"{sandbox}/{name}" for name in ("calcom", "easyappointments")}
    with override_settings(PROVIDER_BASE_URLS=bases):
        yield sandbox


def start(days: int) -> datetime:
    return BEGUN + timedelta(days=days)


def book(sandbox: str, provider: str, days: int = 4) -> dict[str, Any]:
    wanted = {"provider": provider, "name": "Rosa Testperson", "phone": "+12125550142", "service": "Check-up"}
    booked = ask("POST", f"{sandbox}/book", {**wanted, "starts_at": start(days).isoformat()})
    return {"provider": provider, "booking_id": booked["booking_id"]}


def worked(count: int) -> Appointment:
    """The one visit, once that many deliveries were taken."""
    wait_until(lambda: Receipt.objects.count() == count, seconds=60)
    tick.drain(["receipts", "lookups"])
    assert list(Receipt.objects.exclude(outcome="applied")) == []
    return Appointment.objects.get()


@pytest.mark.parametrize("provider", ["calcom", "custom", "easyappointments"])
def test_a_visit_is_booked_moved_and_cancelled(played: str, provider: str) -> None:
    booking = book(played, provider)
    visit = worked(1)
    assert (visit.status, visit.customer.phone, visit.starts_at) == (S.BOOKED, "+12125550142", start(4))
    assert booking["booking_id"] in visit.external_id
    ask("POST", f"{played}/reschedule", {**booking, "starts_at": start(6).isoformat()})
    visit = worked(2)
    assert (visit.status, visit.moves, visit.starts_at) == (S.BOOKED, 1, start(6))
    ask("POST", f"{played}/cancel", {**booking, "by": "host"})
    assert worked(3).status == S.CANCELLED


@pytest.mark.parametrize("provider", ["calcom", "custom"])
def test_a_no_show_is_marked_and_taken_back(played: str, provider: str) -> None:
    booking = book(played, provider, days=0)
    ask("POST", f"{played}/no-show", booking)
    assert worked(2).status == S.NO_SHOW
    ask("POST", f"{played}/no-show", {**booking, "undo": True})
    assert worked(3).status != S.NO_SHOW


@pytest.mark.parametrize("provider", ["calcom", "easyappointments"])
def test_the_list_tells_what_no_webhook_told_and_once_is_enough(played: str, provider: str) -> None:
    ask("POST", f"{played}/faults", {"provider": provider, "kind": "no_callback", "rate": 1})
    booking = book(played, provider)
    assert Receipt.objects.count() == 0
    listed(provider)
    visit = Appointment.objects.get()
    assert (visit.status, visit.customer.phone, visit.starts_at) == (S.BOOKED, "+12125550142", start(4))
    ask("POST", f"{played}/reschedule", {**booking, "starts_at": start(6).isoformat()})
    for _ in range(2):
        listed(provider)
    visit = Appointment.objects.get()
    assert (visit.status, visit.moves, visit.starts_at) == (S.BOOKED, 1, start(6))


def test_a_cancellation_is_in_the_list_of_calcom(played: str) -> None:
    ask("POST", f"{played}/faults", {"provider": "calcom", "kind": "no_callback", "rate": 1})
    booking = book(played, "calcom")
    listed("calcom")
    ask("POST", f"{played}/cancel", {**booking, "by": "invitee"})
    news = listed("calcom")
    assert [one.by for one in news if isinstance(one, BookingCancelled)] == ["customer"]
    assert Appointment.objects.get().status == S.CANCELLED


def listed(provider: str) -> list[Inbound]:
    """Applies the provider's whole list."""
    window = Window(starts_from=start(-1), starts_until=start(30))
    page = ADAPTERS[provider].list_page(window, "")
    assert (page.next, page.unreadable) == ("", 0)
    for one in page.news:
        assert isinstance(one, BookingCreated | BookingMoved | BookingCancelled)
        routing.apply(one, correlation_id=Business.objects.get().id)
    return page.news
