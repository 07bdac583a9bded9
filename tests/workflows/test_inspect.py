"""The why ledger: what it says of a text that had to wait, after the real executor has had it in its hands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
import time_machine
from django.core.management import call_command
from django.test import override_settings

from appointments.inbound import BookingCreated
from appointments.models import Appointment, Message
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro.ids import new_id
from aro.ops import run_command
from aro.queue import tick
from compliance.models import Actor
from tests.factories import BusinessFactory, booking
from tests.integrations.loopback import Loopback, http
from workflows import inspect

pytestmark = pytest.mark.django_db
# Three in the night and eight in the morning in New York.
NIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
CORRELATION = UUID(int=7)


@pytest.fixture
def carrier() -> Iterator[Loopback]:
    """Takes every text."""
    with Loopback() as server:
        taken = {"sid": f"SM{new_id().hex}", "status": "queued", "num_segments": "1", "error_code": None}
        server.answers = [http(201, taken)]
        with override_settings(PROVIDER_BASE_URLS={"twilio": server.url}):
            yield server


@pytest.fixture
def held(carrier: Loopback) -> Iterator[tuple[Appointment, time_machine.Traveller]]:
    """A visit booked in the night, whose confirmation waits for the morning."""
    BusinessFactory.create()
    with time_machine.travel(NIGHT, tick=False) as traveller:
        bookings.created(BookingCreated(booking=booking(), occurred_at=NIGHT), correlation_id=CORRELATION)
        tick.drain()
        yield Appointment.objects.get(), traveller


def line(visit: Appointment) -> str:
    (only,) = (line for line in inspect.why(visit) if "  confirmation " in line)
    return only


def test_a_text_that_waits_says_until_when_and_why(held: tuple[Appointment, time_machine.Traveller]) -> None:
    assert line(held[0]).endswith("waits until Tue 24 Nov 2026 08:00 EST: quiet hours at the recipient's place")


def test_a_text_that_waited_and_went_out_says_both(held: tuple[Appointment, time_machine.Traveller]) -> None:
    visit, traveller = held
    traveller.move_to(MORNING)
    tick.drain()
    assert Message.objects.get(kind="confirmation").status == Message.Status.QUEUED
    assert line(visit) == (
        "Tue 24 Nov 2026 08:00 EST  confirmation       held until Tue 24 Nov 2026 08:00 EST "
        "(quiet hours at the recipient's place), then sent at Tue 24 Nov 2026 08:00 EST: accepted"
    )


def test_a_text_that_waited_and_was_left_out_says_both(held: tuple[Appointment, time_machine.Traveller]) -> None:
    visit, traveller = held
    visits.cancel(visit, actor=Actor.WEBHOOK, by="customer", reason="", correlation_id=CORRELATION)
    traveller.move_to(MORNING)
    tick.drain()
    assert line(visit).endswith("(quiet hours at the recipient's place), then not sent: the visit was cancelled")


def test_who_was_booked_last_comes_first_whenever_the_visit_begins() -> None:
    BusinessFactory.create()
    for name, days in (("in a month", 30), ("tomorrow", 1)):
        news = BookingCreated(
            booking=booking(external_id=name, starts_at=MORNING + timedelta(days=days)), occurred_at=NIGHT
        )
        bookings.created(news, correlation_id=CORRELATION)
    assert [visit.external_id for visit in inspect.visits()] == ["tomorrow", "in a month"]
    assert [visit.external_id for visit in inspect.visits(limit=1)] == ["tomorrow"]


def test_a_visit_is_shown_in_words() -> None:
    BusinessFactory.create()
    bookings.created(BookingCreated(booking=booking(), occurred_at=NIGHT), correlation_id=CORRELATION)
    shown = StringIO()
    call_command("appointments_show", str(Appointment.objects.get().pk), stdout=shown)
    assert "deposit            required no" in shown.getvalue()
    assert re.search("^confirmed at +-$", shown.getvalue(), re.MULTILINE)
    assert not re.search(r"None|[{}]|True|False|\[\]", shown.getvalue())


@pytest.mark.parametrize("command", ["why", "appointments:show", "appointments:review", "workflows:simulate"])
def test_an_id_of_no_visit_is_wrong_usage_whatever_is_asked_of_it(
    db: None, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = run_command.run([command, "01a225f7-1b42-746a-b108-50f63a4f2f89"])
    except SystemExit as left:
        status = int(str(left.code))
    assert status == 2
    assert "There is no such visit" in capsys.readouterr().err
