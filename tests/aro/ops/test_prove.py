"""The battery's own eyes: what is broken on purpose must be seen."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from django.core.management import CommandError, call_command

from appointments.models import Message, StatusChange
from appointments.states import ALLOWED
from aro import clock
from aro.ids import new_id
from aro.models import Due
from aro.ops.files import write_private
from aro.queue import due
from compliance import append_only, events
from compliance.audit import chain
from compliance.models import AuditLog, Event, StreamPosition
from integrations.proving import faults, invariants, machine, rows
from integrations.proving.battery import Battery
from integrations.proving.faults import disk
from integrations.proving.killer import Killer
from integrations.proving.report import Report, in_words
from integrations.proving.round import Outcome
from integrations.proving.sandbox import Sandbox
from tests.factories import AppointmentFactory
from tests.integrations.loopback import Loopback, http
from workflows.models import Execution

CALM: dict[str, list[str]] = {name: [] for name in invariants.PROMISES}


def text(to: str = "+12025550101", body: str = "See you", status: str = "delivered") -> dict[str, str]:
    return {"to": to, "body": body, "status": status}


def report(*outcomes: Outcome, **changes: Any) -> Report:
    values: dict[str, Any] = {
        "seed": 7,
        "chosen": "news",
        "kills": 3,
        "bookings": 20,
        "victims": {"web": 3},
        "expected": 60,
        "sent": 60,
    }
    values |= {"lost": 0, "duplicates": 0, "slowest_settling_seconds": 2.0, "at_the_end": CALM, "seconds": 60.0}
    return Report(**{**values, **changes}, outcomes=list(outcomes))


def outcome(**changes: Any) -> Outcome:
    return Outcome(**{"fault": "storm", "family": "news", "did": "Often.", "during": "book", **changes})


# What the ledger shows.


def test_the_same_words_to_the_same_phone_count_as_sent_twice() -> None:
    assert invariants.sent_twice([text(), text(body="Other"), text(to="+12025550102")]) == []
    assert invariants.sent_twice([text(), text()]) == ["1 texts were sent twice."]


def test_a_text_that_never_arrived_may_be_sent_again() -> None:
    assert invariants.sent_twice([text(status="undelivered"), text()]) == []


def test_a_text_after_stop_is_seen() -> None:
    assert invariants.after_stop([text()], {"+12025550101": 1}) == []
    assert invariants.after_stop([text(), text(body="More")], {"+12025550101": 1}) != []


# What the database shows.


@pytest.mark.django_db
def test_a_text_that_nobody_will_ever_send_is_seen() -> None:
    intent = Execution.objects.create(key="k", command_type="integration.messaging.send", correlation_id=new_id())
    assert invariants.lost_work() == ["1 of workflows.Execution are unfinished and forgotten."]
    due.put("executions", intent.pk, clock.now())
    assert invariants.lost_work() == []


@pytest.mark.django_db
def test_a_text_left_out_in_silence_is_seen() -> None:
    message = Message.objects.create(direction="out", kind="confirmation", status="blocked", reason="moved")
    assert invariants.without_reason() == []
    Message.objects.filter(pk=message.pk).update(reason="")
    assert invariants.without_reason() != []


@pytest.mark.django_db
def test_work_that_stays_with_a_dead_owner_is_seen() -> None:
    due.put("receipts", new_id(), clock.now() - timedelta(minutes=1))
    due.claim("receipts", now=clock.now(), limit=1)
    assert invariants.left_alone() == []
    Due.objects.update(lease=clock.now() - timedelta(minutes=1))
    assert invariants.left_alone() != []


@pytest.mark.django_db
def test_work_counts_as_going_on_only_when_somebody_took_it_up() -> None:
    due.put("receipts", new_id(), clock.now() - timedelta(minutes=1))
    backlog = rows.due_now()
    assert rows.untouched(backlog) == 1
    due.claim("receipts", now=clock.now(), limit=1)
    assert rows.untouched(backlog) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("steps", "end", "lawful"),
    [
        ([("booked", "confirmed", False)], "confirmed", True),
        ([("booked", "completed", False)], "completed", False),
        ([("booked", "completed", True)], "completed", True),
        ([("booked", "confirmed", False), ("booked", "cancelled", False)], "cancelled", False),
        ([("booked", "confirmed", False)], "booked", False),
    ],
)
def test_a_forbidden_or_missing_step_of_a_visit_is_seen(
    steps: list[tuple[str, str, bool]], end: str, lawful: bool
) -> None:
    visit = AppointmentFactory.create(status=end)
    for before, after, override in steps:
        StatusChange.objects.create(
            appointment=visit, before=before, after=after, override=override, at=clock.now(), actor="system"
        )
    assert (invariants.unlawful() == []) is lawful


def test_the_battery_measures_by_the_same_law_as_the_product_promises() -> None:
    assert {str(a): {str(b) for b in to} for a, to in ALLOWED.items() if to} == invariants.LAWFUL


@pytest.mark.django_db
def test_a_changed_audit_entry_is_seen() -> None:
    chain.write(action="x", actor="admin", resource_type="appointment")
    assert invariants.chain() == []
    with append_only.suspended():
        AuditLog.objects.update(reason="other")
    assert invariants.chain() == ["The audit chain is broken at entry 1."]


@pytest.mark.django_db(transaction=True)
def test_events_that_can_be_changed_are_seen() -> None:
    events.record(type="message.sent", aggregate_type="appointment", aggregate_id=new_id())
    assert invariants.changeable() == []
    with append_only.suspended():
        assert invariants.changeable() != []


@pytest.mark.django_db
def test_an_event_that_is_missing_from_the_stream_is_seen() -> None:
    for _ in range(3):
        events.record(type="message.sent", aggregate_type="appointment", aggregate_id=new_id())
    for cursor, event in enumerate(Event.objects.all(), start=1):
        StreamPosition.objects.create(tenant_id="default", cursor=cursor, event=event)
    assert invariants.gaps() == []
    StreamPosition.objects.filter(cursor=2).delete()
    assert invariants.gaps() == ["The stream of events has a hole."]
    StreamPosition.objects.filter(cursor=3).delete()
    assert invariants.gaps() == ["2 events are not in the stream."]


# The list of faults, and the same again.


def test_every_fault_has_a_name_of_its_own_and_says_what_it_does() -> None:
    names = [fault.name for fault in faults.ALL]
    assert len(names) == len(set(names)) >= 30
    assert all(fault.did.endswith(".") and fault.at for fault in faults.ALL)


def test_faults_are_chosen_by_family_and_by_name() -> None:
    assert faults.chosen("all") == list(faults.ALL)
    assert faults.chosen("none") == []
    assert {fault.family for fault in faults.chosen("kill")} == {"kill"}
    assert [fault.name for fault in faults.chosen("storm, flushall")] == ["flushall", "storm"]


def test_an_unknown_fault_is_refused_with_the_names_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.ARO_MODE", "sandbox")
    with pytest.raises(CommandError, match="no fault called flood.*two-beats") as refused:
        call_command("prove", faults="flood", stdout=StringIO(), stderr=StringIO())
    assert refused.value.returncode == 2


@pytest.mark.parametrize("option", ["--kills", "--bookings"])
def test_a_number_of_things_below_nothing_is_refused(option: str) -> None:
    with pytest.raises(CommandError, match="give 0 or more"):
        call_command("prove", f"{option}=-3", stdout=StringIO(), stderr=StringIO())


class Interrupted(Battery):
    def _run(self) -> Report:
        raise KeyboardInterrupt


def test_a_run_that_is_ended_on_the_way_leaves_no_fault_switched_on() -> None:
    with Loopback() as sandbox:
        sandbox.answers = [http(200, b"{}")]
        port = urlsplit(sandbox.url).port or 0
        battery = Interrupted(Sandbox(port), chosen="none", bookings=0, kills=0, seed=1, say=lambda line: None)
        with pytest.raises(KeyboardInterrupt):
            battery.run()
        assert [request.split(b" HTTP")[0] for request in sandbox.requests] == [b"DELETE /faults"]


def test_a_live_installation_is_never_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.ARO_MODE", "live")
    with pytest.raises(CommandError, match="sandbox mode only") as refused:
        call_command("prove", stdout=StringIO(), stderr=StringIO())
    assert refused.value.returncode == 3


def test_an_installation_that_does_not_run_is_not_disturbed_and_that_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("django.conf.settings.ARO_MODE", "sandbox")
    monkeypatch.setenv("ARO_HOME", str(tmp_path))
    with pytest.raises(CommandError, match=f"ARO is not running on {tmp_path}.*aro up"):
        call_command("prove", kills=1, stdout=StringIO(), stderr=StringIO())


# The report.


def test_a_run_in_which_nothing_broke_says_so() -> None:
    good = report(outcome())
    assert good.ok
    assert in_words(good).startswith("# ARO kept all its promises.")


def test_a_broken_promise_is_named_with_the_way_to_see_it_again() -> None:
    bad = report(outcome(broken={"I1": ["2 texts were sent twice."]}))
    assert not bad.ok
    assert bad.again == "aro prove --seed 7 --faults news --kills 3 --bookings 20"
    assert "storm: 2 texts were sent twice." in in_words(bad)
    assert bad.as_dict()["faults"][0]["ok"] is False


@pytest.mark.parametrize(
    ("changes", "promise"),
    [
        ({"lost": 1}, "I2"),
        ({"duplicates": 1}, "I1"),
        ({"at_the_end": {**CALM, "I3": ["1 texts went to people who had said stop or cancelled."]}}, "I3"),
    ],
)
def test_what_the_killing_or_the_last_look_broke_counts(changes: dict[str, Any], promise: str) -> None:
    bad = report(**changes)
    assert not bad.ok
    assert [name for name, found in bad.broken.items() if found] == [promise]


def test_a_recovery_beyond_the_longest_lease_is_a_broken_promise() -> None:
    assert report(outcome(recovery_seconds=45.9)).ok
    assert not report(outcome(recovery_seconds=46.2)).ok


def test_a_fault_that_could_not_be_done_says_why() -> None:
    assert "left out: there is no disk" in in_words(report(outcome(skipped="there is no disk")))


# The hands: real processes.


@pytest.fixture
def sleeper(home: Path) -> Iterator[psutil.Popen]:
    """A process that the installation in `home` calls its worker."""
    process = psutil.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    child = f'{{"pid": {process.pid}, "born": {process.create_time()}, "restarts": 0, "up": true}}'
    write_private(home / "run" / "children.json", f'{{"supervisor": 1, "children": {{"worker": {child}}}}}')
    yield process
    with suppress(psutil.NoSuchProcess):
        process.kill()
    process.wait(30)


def test_a_frozen_process_stands_still_and_then_goes_on(sleeper: psutil.Popen) -> None:
    with machine.frozen("worker"):
        _wait(lambda: sleeper.status() == psutil.STATUS_STOPPED)
    _wait(lambda: sleeper.status() != psutil.STATUS_STOPPED)


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_killed_process_is_dead(sleeper: psutil.Popen) -> None:
    machine.kill("web")
    assert sleeper.is_running()
    machine.kill("worker")
    assert sleeper.wait(30) == -signal.SIGKILL


def test_the_same_seed_kills_the_same_victims(sleeper: psutil.Popen) -> None:
    killers = [Killer(kills=2, seed=5) for _ in range(2)]
    for killer in killers:
        killer.start()
    for killer in killers:
        killer.join(60)
    assert killers[0].done == killers[1].done
    assert killers[0].done.total() == 2


def test_the_installation_on_the_small_disk_shares_nothing_with_the_one_that_is_disturbed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`aro` remembers for its commands whose sandbox is used: the other one would play on these phones."""
    for name in ("SANDBOX_HOME", "REDIS_URL", "ARO_SUPERVISED"):
        monkeypatch.setenv(name, "/the/first/one")
    ports = {"PORT": "1", "SANDBOX_PORT": "2", "FLOWER_PORT": "3"}
    environment = disk._environment(tmp_path, ports)  # noqa: SLF001
    assert {"SANDBOX_HOME", "REDIS_URL", "ARO_SUPERVISED"}.isdisjoint(environment)
    assert environment.items() >= {**ports, "ARO_HOME": str(tmp_path), "ARO_MODE": "sandbox"}.items()
