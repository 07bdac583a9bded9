"""A provider is away: who waits asks seldom, who matters goes first, one notice opens and closes itself."""

from __future__ import annotations

import io
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command

from appointments.models import Escalation, Message
from appointments.services import escalations
from aro import clock
from aro.models import Due
from aro.ops import commands as known_commands
from aro.queue import due
from compliance.models import AuditLog
from integrations.models import BreakerChange, ProviderState
from integrations.outbound.resilience import gate, history, provider_queue
from integrations.outbound.waiting.bulk_share import Places
from tests.admin import rows
from workflows.models import Execution

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def works(provider: str = "twilio", *, now: datetime = NOW) -> None:
    for _ in range(3):
        gate.succeeded(provider, now=now)


def breaks(provider: str = "twilio", *, now: datetime = NOW) -> None:
    gate.failed(provider, error="unavailable", now=now, at_once=True)


def aro(command: str, *arguments: str) -> Any:
    out = io.StringIO()
    call_command(command, *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_those_who_wait_for_a_paused_provider_get_turns_and_do_not_come_all_at_once(db: None) -> None:
    breaks()
    waits = [gate.admit("twilio", now=later(1)).wait_seconds for _ in range(500)]
    assert waits[0] == pytest.approx(59)
    gaps = [after - before for before, after in zip(waits, waits[1:], strict=False)]
    assert min(gaps) == pytest.approx(1 / provider_queue.TURNS_PER_SECOND, abs=1e-4)


def test_nobody_waits_for_a_turn_longer_than_ten_minutes(db: None) -> None:
    breaks()
    ProviderState.objects.update(line_until=later(60 + 599.9))
    waits = [gate.admit("twilio", now=NOW).wait_seconds for _ in range(3)]
    assert max(waits) <= 60 + provider_queue.LONGEST.total_seconds() + 1
    assert waits == pytest.approx([660.1, 60, 60.2])


def test_the_lines_end_when_the_provider_is_back(db: None) -> None:
    breaks()
    for _ in range(50):
        gate.admit("twilio", now=NOW)
    assert gate.admit("twilio", now=later(60)).wait_seconds == 0
    works(now=later(61))
    ProviderState.objects.update(tokens=0, refilled_at=later(61))
    assert gate.admit("twilio", now=later(61)).wait_seconds == pytest.approx(1)


def test_bulk_messages_leave_half_of_the_bucket_to_the_others(db: None) -> None:
    works()
    ProviderState.objects.update(tokens=10, refilled_at=NOW)
    bulk = [gate.admit("twilio", now=NOW, bulk=True).wait_seconds for _ in range(8)]
    assert [wait == 0 for wait in bulk] == [True] * 5 + [False] * 3
    assert [gate.admit("twilio", now=NOW).wait_seconds for _ in range(5)] == [0] * 5


def test_bulk_messages_wait_in_a_line_of_their_own(db: None) -> None:
    breaks()
    for _ in range(200):
        gate.admit("twilio", now=NOW, bulk=True)
    assert gate.admit("twilio", now=NOW).wait_seconds == pytest.approx(60)


def test_bulk_messages_leave_threads_free() -> None:
    places, inside, leave = Places(2), threading.Barrier(3), threading.Event()

    def hold() -> None:
        with places.one() as wait:
            assert wait == 0
            inside.wait(5)
            leave.wait(5)

    threads = [threading.Thread(target=hold) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(5)
    with places.one() as first, places.one() as second:
        assert 0 < first < second
    leave.set()
    for thread in threads:
        thread.join(5)
    with places.one() as wait:
        assert wait == 0


@pytest.fixture
def waiting(db: None) -> Execution:
    """A text held because the carrier is paused, due in ten minutes."""
    rows.business()
    text = rows.message(rows.visit())
    execution = Execution.objects.create(
        key="waits", command_type="integration.messaging.send", message=text, correlation_id=uuid4()
    )
    Message.objects.filter(pk=text.pk).update(status=Message.Status.HELD, reason="provider_paused", channel="sms")
    due.put("executions", execution.id, clock.now() + timedelta(minutes=10))
    return execution


def test_what_waited_is_due_at_once_when_the_provider_is_back(waiting: Execution) -> None:
    breaks(now=clock.now())
    gate.admit("twilio", now=clock.now() + timedelta(seconds=61))
    works(now=clock.now() + timedelta(seconds=62))
    assert Due.objects.get(lane="executions", ref=waiting.id).due_at <= clock.now()


def test_what_waits_for_another_provider_keeps_its_time(waiting: Execution) -> None:
    breaks("stripe", now=clock.now())
    works("stripe", now=clock.now())
    gate.admit("stripe", now=clock.now() + timedelta(seconds=61))
    works("stripe", now=clock.now() + timedelta(seconds=62))
    assert Due.objects.get(lane="executions", ref=waiting.id).due_at > clock.now()


def test_the_notice_closes_itself_when_the_provider_is_back(db: None) -> None:
    breaks()
    for key in ("provider_paused:twilio", "provider_paused:stripe"):
        escalations.escalate(key=key, reason="provider_paused", title="Paused.", next_step="Wait.")
    gate.admit("twilio", now=later(61))
    works(now=later(62))
    open_ones = Escalation.objects.filter(status=Escalation.Status.OPEN)
    assert list(open_ones.values_list("key", flat=True)) == ["provider_paused:stripe"]
    assert Escalation.objects.get(key="provider_paused:twilio").resolved_by == "aro"


def test_the_history_is_bounded(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_PER_PROVIDER", 4)
    for number in range(9):
        history.note("twilio", before="open", after="half_open", reason=str(number), by="aro", at=later(number))
    assert not history.tidy(later(9))
    assert [row.reason for row in BreakerChange.objects.order_by("id")] == ["5", "6", "7", "8"]
    history.note("stripe", before="open", after="half_open", reason="new", by="aro", at=NOW + timedelta(days=91))
    assert not history.tidy(NOW + timedelta(days=91))
    assert [row.reason for row in BreakerChange.objects.all()] == ["new"]


def test_the_history_command_tells_when_why_and_who(db: None) -> None:
    with time_machine.travel(NOW, tick=False):
        breaks(now=later(-7200))
        aro("circuit_breaker_reset", "--service", "messaging")
        found = aro("circuit_breaker_history", "--hours", "24", "--service", "twilio")
        assert aro("circuit_breaker_history", "--hours", "24", "--service", "stripe") == []
    assert [(row["after"], row["reason"]) for row in found] == [("open", "unavailable"), ("half_open", "reset")]
    assert [row["by"] for row in found] == ["aro", "cli circuit-breaker:reset"]


def test_a_reset_has_the_provider_tried_at_once_and_is_on_record(waiting: Execution) -> None:
    breaks(now=clock.now())
    assert aro("circuit_breaker_reset", "--service", "twilio")["tried_now"] == ["twilio"]
    assert Due.objects.get(lane="executions", ref=waiting.id).due_at <= clock.now()
    assert gate.admit("twilio", now=clock.now()).wait_seconds == 0
    assert AuditLog.objects.filter(action="circuit_breaker.reset").count() == 1


def test_a_reset_of_what_works_changes_nothing(db: None) -> None:
    works()
    assert aro("circuit_breaker_reset", "--service", "twilio")["tried_now"] == []


def test_a_reset_of_what_was_never_paused_says_so_and_tries_nothing(db: None) -> None:
    """The first call to a provider goes alone, too: that is no pause."""
    for name in ("twilio", "telnyx"):
        gate.admit(name, now=NOW)
    assert aro("circuit_breaker_reset", "--service", "messaging")["tried_now"] == []
    assert not BreakerChange.objects.exists()


def test_the_status_names_every_provider_and_when_it_is_tried_again(db: None) -> None:
    breaks()
    found = {row["provider"]: row for row in aro("circuit_breaker_status")}
    assert found["twilio"]["state"] == "open"
    assert found["twilio"]["tried_again_at"] == later(60).isoformat()
    assert found["stripe"]["state"] == "not called yet"


@pytest.mark.parametrize("spelling", ["circuit-breaker:status", "circuit-breakers:status", "status:circuit-breakers"])
def test_the_command_is_found_under_every_name_that_the_guides_use(spelling: str) -> None:
    assert known_commands.find([spelling]) == ("circuit_breaker_status", [])
    assert known_commands.spelling("circuit_breaker_status") == "circuit-breaker:status"
