"""After a start, or with an older backup, a STOP that this database never heard of comes before the first text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from appointments.models import Appointment, Message
from aro import clock
from aro.ids import new_id
from aro.models import Due
from aro.queue import due
from integrations.models import SyncState
from integrations.outbound.health import sending_health
from integrations.outbound.waiting import catching_up
from integrations.sync import schedule, state
from tests.integrations.loopback import Loopback
from tests.integrations.messaging import ana, sends, twilio, visit, work

__all__ = ["ana", "twilio", "visit"]
pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def just_started() -> Iterator[None]:
    with override_settings(SYNC_EVERY_MINUTES=15):
        catching_up.begin()
        yield
    catching_up._Process.started = catching_up._Process.waits_since = None
    catching_up._Process.caught_up = False


def looked(*, before: timedelta) -> SyncState:
    row = state.row("twilio_sms")
    SyncState.objects.filter(pk=row.pk).update(last_done_at=clock.now() - before)
    return row


def again(message: Message) -> Message:
    """As a moment later."""
    Due.objects.filter(lane="executions").update(due_at=clock.now())
    work()
    message.refresh_from_db()
    return message


def test_a_text_waits_for_the_look_and_goes_out_after_it(twilio: Loopback, visit: Appointment) -> None:
    looked(before=timedelta(minutes=1))
    message = sends(visit)
    assert (message.status, message.reason, twilio.requests) == ("held", "catching_up", [])
    said = sending_health.check()
    assert (said.status, "Automatic texts wait" in said.detail) == ("up", True)
    looked(before=timedelta(0))
    assert again(message).status != "held"
    assert len(twilio.requests) == 1
    assert sending_health.check().detail == ""


def test_who_has_caught_up_is_not_asked_for_every_text(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    looked(before=timedelta(0))
    assert not catching_up.is_behind(clock.now())
    with django_assert_num_queries(0):
        assert not catching_up.is_behind(clock.now())


def test_what_the_look_found_is_read_first(twilio: Loopback, visit: Appointment) -> None:
    looked(before=timedelta(minutes=1))
    message = sends(visit)
    looked(before=timedelta(0))
    found = new_id()
    due.put("receipts", found, clock.now())
    assert again(message).reason == "catching_up"
    Due.objects.filter(lane="receipts").delete()
    assert again(message).status != "held"


def test_who_writes_to_us_is_answered_at_once(twilio: Loopback, visit: Appointment) -> None:
    looked(before=timedelta(minutes=1))
    assert sends(visit, "thank_you", automatic=False).status != "held"


def test_a_clock_that_jumps_while_it_runs_keeps_nothing_waiting(twilio: Loopback, visit: Appointment) -> None:
    catching_up._Process.started = clock.now() - timedelta(hours=10)
    looked(before=timedelta(hours=9))
    assert sends(visit).status != "held"


@pytest.mark.parametrize(
    "setting",
    [{"SYNC_EVERY_MINUTES": 0}, {"TWILIO_AUTH_TOKEN": ""}, {"TWILIO_PHONE_NUMBER": "", "TWILIO_WHATSAPP_NUMBER": ""}],
)
def test_nobody_waits_who_cannot_ask(setting: dict[str, object], business: object) -> None:
    looked(before=timedelta(days=1))
    assert catching_up.is_behind(clock.now())
    with override_settings(**setting):
        assert not catching_up.is_behind(clock.now())


def test_a_first_start_has_nothing_to_catch_up_with(db: None) -> None:
    state.row("twilio_sms")
    assert not catching_up.is_behind(clock.now())


def test_a_carrier_that_fails_for_long_keeps_nothing_for_ever(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    looked(before=timedelta(days=1))
    assert catching_up.is_behind(clock.now())
    monkeypatch.setattr(catching_up, "PATIENCE_SECONDS", 0.0)
    assert not catching_up.is_behind(clock.now())


def test_a_start_asks_at_once(db: None) -> None:
    schedule.plan_at_start()
    (asked,) = Due.objects.filter(lane="sync", ref=state.row("twilio_sms").pk)
    assert asked.due_at <= clock.now()


def test_what_was_written_before_the_start_is_not_left_for_the_next_look() -> None:
    now = clock.now() + timedelta(seconds=20)
    assert catching_up.written_before(now, now - timedelta(minutes=1)) == catching_up._Process.started
    later = now + timedelta(hours=1)
    assert catching_up.written_before(later, later - timedelta(minutes=1)) == later - timedelta(minutes=1)
