"""A booking system of the tests' own, with a list: a real adapter whose list is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.test import override_settings

from appointments.inbound import Booking, BookingCancelled, BookingCreated, Inbound, Person
from appointments.models import Appointment
from aro import clock
from aro.ids import new_id
from aro.queue import due, tick
from integrations.inbound import routing
from integrations.models import SyncState
from integrations.providers import ADAPTERS, POLICIES
from integrations.providers.shared.base import (
    Adapter,
    Delivering,
    Delivery,
    Page,
    Stored,
    Subscription,
    UnavailableError,
    Window,
)
from integrations.sync import schedule, state

TODAY = clock.now().replace(microsecond=0)
NAME = "listed"


class Listed(Adapter):
    """`calls` counts the questions; the call of number `fails_at` gets no answer, and `stops_at` kills the asker."""

    name: ClassVar[str] = NAME
    lists: ClassVar[bool] = True

    def __init__(self, per_page: int = 100) -> None:
        self.per_page = per_page
        self.news: list[Inbound] = []
        self.calls = 0
        self.fails_at = self.stops_at = -1
        self.windows: list[Window] = []

    def verify(self, delivery: Delivery) -> None:
        raise NotImplementedError

    def delivery_key(self, delivery: Delivery) -> str:
        raise NotImplementedError

    def parse(self, stored: Stored) -> list[Inbound]:
        raise NotImplementedError

    def list_page(self, window: Window, cursor: str) -> Page:
        self.calls += 1
        self.windows.append(window)
        if self.calls == self.fails_at:
            raise UnavailableError("status 503")
        if self.calls == self.stops_at:
            raise KeyboardInterrupt
        start = int(cursor or 0)
        following = start + self.per_page
        return Page(news=self.news[start:following], next=str(following) if following < len(self.news) else "")


class Delivers(Listed):
    """With a subscription, too."""

    subscribes: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.state = Delivering.ON
        self.renewed: list[tuple[str, str]] = []

    def subscription(self, url: str) -> Subscription:
        return Subscription(state=self.state, ref="" if self.state == Delivering.NONE else "hook-1")

    def renew(self, url: str, ref: str) -> None:
        self.renewed.append((url, ref))
        self.state = Delivering.ON


def booking(number: int, **changes: object) -> Booking:
    """The booking of that number, four days ahead."""
    values: dict[str, object] = {
        "source": NAME,
        "external_id": f"b-{number}",
        "starts_at": TODAY + timedelta(days=4, minutes=number),
        "duration_minutes": 30,
        "person": Person(name=f"Ana Diaz {number}", phone=f"+1202555{number:04d}"),
        "timezone": "America/New_York",
    }
    return Booking(**{**values, **changes})  # type: ignore[arg-type]


def created(number: int, *, ago: timedelta = timedelta(hours=1), **changes: object) -> BookingCreated:
    return BookingCreated(booking=booking(number, **changes), occurred_at=clock.now() - ago)


def cancelled(number: int, *, at: datetime, **changes: object) -> BookingCancelled:
    return BookingCancelled(booking=booking(number, **changes), occurred_at=at, by="customer")


@contextmanager
def only(adapter: Adapter) -> Iterator[None]:
    """It is the one booking system that is set up, and its limit is off."""
    with pytest.MonkeyPatch.context() as patch, _instead_of(ADAPTERS, {adapter.name: adapter}):
        patch.setitem(POLICIES, NAME, POLICIES["calendly"])
        with override_settings(PROVIDER_RATE_LIMITS=False):
            yield


@contextmanager
def _instead_of(kept: dict[str, Adapter], given: dict[str, Adapter]) -> Iterator[None]:
    """Afterwards all is as before, in its order too: the first adapter is the one that is taken for granted."""
    before = dict(kept)
    kept.clear()
    kept.update(given)
    try:
        yield
    finally:
        kept.clear()
        kept.update(before)


def poll() -> SyncState:
    """The next periodic run, now."""
    row = state.row(NAME)
    due.put(schedule.LANE, row.id, clock.now())
    tick.drain([schedule.LANE])
    row.refresh_from_db()
    return row


def by_webhook(news: Any) -> None:
    routing.apply(news, correlation_id=new_id())


def visit(number: int) -> Appointment:
    return Appointment.objects.get(source=NAME, external_id=f"b-{number}")
