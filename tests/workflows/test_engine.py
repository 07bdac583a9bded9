"""The engine with small definitions of its own, on a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, Escalation
from aro import clock
from aro.errors import ConflictError
from aro.ids import new_id
from aro.models import DeadLetter, Due
from aro.queue import due, lanes, sweeps, tick, work
from compliance import events
from compliance.models import Event, IdempotencyKey, StreamPosition
from compliance.privacy import retention
from tests.factories import AppointmentFactory, BusinessFactory
from workflows.commands import bus
from workflows.engine import registry, runs
from workflows.engine.definition import Condition, Definition, Step, Trigger
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Escalate, Next, Outcome, SleepUntil, WaitFor
from workflows.models import StepLog, WorkflowInstance

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
St = WorkflowInstance.Status
CONFIRMED = "appointment.confirmed"


def begin(facts: Facts, now: datetime) -> Outcome:
    return SleepUntil(NOW + timedelta(hours=1), "ask")


def ask(facts: Facts, now: datetime) -> Outcome:
    return WaitFor(events=("response.classified",), within=timedelta(hours=2), then="answered", otherwise="silent")


def answered(facts: Facts, now: datetime) -> Outcome:
    return Done(f"answered by {facts.event}")


def silent(facts: Facts, now: datetime) -> Outcome:
    return Done("silent", (Escalate(reason="no_answer", title="No answer.", next_step="Call."),))


def stop(facts: Facts, now: datetime) -> Outcome:
    return Done("interrupted")


def broken(facts: Facts, now: datetime) -> Outcome:
    raise ZeroDivisionError


def round_and_round(facts: Facts, now: datetime) -> Outcome:
    return Next("round_and_round")


STORY = Definition(
    name="test-story",
    version=1,
    triggers=(Trigger(event="appointment.created", when=(Condition("appointment.risk_score", ">=", 40),)),),
    steps=(begin, ask, answered, silent, stop),
    interrupts={CONFIRMED: "stop"},
    awaits=("response.classified",),
    cancelled_by=("appointment.cancelled",),
    priority=1,
)


@pytest.fixture(autouse=True)
def only_test_definitions() -> Iterator[None]:
    shipped = registry.everything()
    for definition in shipped:
        registry.forget(definition)
    yield
    for definition in registry.everything():
        registry.forget(definition)
    for definition in shipped:
        registry.register(definition)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    BusinessFactory.create()
    with time_machine.travel(NOW, tick=False) as at:
        yield at


def started(definition: Definition, risk: int = 50) -> WorkflowInstance:
    registry.register(definition)
    visit = AppointmentFactory.create(risk_score=risk)
    happened("appointment.created", visit.id)
    return WorkflowInstance.objects.get(appointment=visit)


def happened(event_type: str, about: object) -> Event:
    event = events.record(type=event_type, aggregate_type="appointment", aggregate_id=about)  # type: ignore[arg-type]
    tick.drain(["events", "timers"])
    return event


def later(at: time_machine.Traveller, **passed: float) -> None:
    at.shift(timedelta(**passed))
    tick.drain(["events", "timers"])


def test_a_condition_that_does_not_hold_starts_nothing() -> None:
    registry.register(STORY)
    happened("appointment.created", AppointmentFactory.create(risk_score=39).id)
    assert not WorkflowInstance.objects.exists()


def test_an_event_dispatched_twice_starts_one_run() -> None:
    run = started(STORY)
    event = Event.objects.get(type="appointment.created")
    due.put("events", event.id, clock.now())
    tick.drain(["events", "timers"])
    assert WorkflowInstance.objects.get().pk == run.pk
    assert StreamPosition.objects.filter(event=event).count() == 1


def test_a_run_sleeps_as_one_row_and_wakes_on_time(noon: time_machine.Traveller) -> None:
    run = started(STORY)
    assert (run.status, run.wake_at) == (St.WAITING, NOW + timedelta(hours=1))
    later(noon, minutes=59)
    run.refresh_from_db()
    assert run.step == "ask"
    later(noon, minutes=1)
    run.refresh_from_db()
    assert (run.step, run.awaited) == ("silent", ["response.classified"])


def test_silence_goes_the_other_way_and_tells_a_person(noon: time_machine.Traveller) -> None:
    run = started(STORY)
    later(noon, hours=1)
    later(noon, hours=2)
    run.refresh_from_db()
    assert run.status == St.COMPLETED
    assert Escalation.objects.get().reason == "no_answer"
    assert not Due.objects.filter(ref=run.id).exists()
    assert [log.name for log in run.steps.order_by("seq")] == ["begin", "ask", "silent"]


def test_an_awaited_event_ends_the_wait(noon: time_machine.Traveller) -> None:
    run = started(STORY)
    later(noon, hours=1)
    happened("response.classified", run.appointment_id)
    run.refresh_from_db()
    assert run.status == St.COMPLETED
    assert run.steps.order_by("seq").last().outcome == "done: answered by response.classified"  # type: ignore[union-attr]


def test_an_event_that_nobody_waits_for_changes_nothing() -> None:
    run = started(STORY)
    happened("response.classified", run.appointment_id)
    run.refresh_from_db()
    assert (run.status, run.step) == (St.WAITING, "ask")


def test_an_interrupt_reaches_a_run_anywhere() -> None:
    run = started(STORY)
    happened(CONFIRMED, run.appointment_id)
    run.refresh_from_db()
    assert (run.status, run.step) == (St.COMPLETED, "stop")


def test_a_cancelled_run_and_its_timer_are_gone_for_good(noon: time_machine.Traveller) -> None:
    run = started(STORY)
    happened("appointment.cancelled", run.appointment_id)
    assert not Due.objects.filter(ref=run.id).exists()
    later(noon, days=3)
    run.refresh_from_db()
    assert run.status == St.CANCELLED
    assert run.steps.count() == 1


@pytest.fixture
def one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is due is one transaction, however long it takes: how a batch is cut in time is not the question."""
    monkeypatch.setattr(work, "TRANSACTION_SECONDS", {connection.vendor: 600})
    for lane in ("events", "timers"):
        monkeypatch.setitem(work._seconds_per_row, lane, 1e-5)


@pytest.mark.usefixtures("one_batch")
def test_in_one_batch_an_event_starts_what_the_next_one_wakes_and_another_one_ends() -> None:
    registry.register(STORY)
    visits = [AppointmentFactory.create(risk_score=50) for _ in range(2)]
    for event_type, visit in [
        ("appointment.created", visits[0]),
        ("appointment.created", visits[1]),
        (CONFIRMED, visits[0]),
        (CONFIRMED, visits[1]),
        ("appointment.cancelled", visits[1]),
        (CONFIRMED, visits[1]),
    ]:
        events.record(type=event_type, aggregate_type="appointment", aggregate_id=visit.id)
    tick.drain(["events", "timers"])
    found = {run.appointment_id: run for run in WorkflowInstance.objects.all()}
    woken, ended = found[visits[0].id], found[visits[1].id]
    assert (woken.status, woken.step, ended.status, ended.error) == (
        St.COMPLETED,
        "stop",
        St.CANCELLED,
        "appointment.cancelled",
    )
    assert ended.steps.count() == 0
    assert not Due.objects.exists()


@pytest.mark.usefixtures("one_batch")
def test_what_a_batch_of_events_is_about_is_read_once() -> None:
    registry.register(STORY)
    happened(CONFIRMED, new_id())
    counts = []
    for size in (5, 20):
        for _ in range(size):
            visit = AppointmentFactory.create(risk_score=50)
            for event_type in ("appointment.created", CONFIRMED):
                events.record(type=event_type, aggregate_type="appointment", aggregate_id=visit.id)
        with CaptureQueriesContext(connection) as queries:
            work.drain_inline(lanes.get("events"))
        counts.append(sum(query["sql"].startswith("SELECT") for query in queries.captured_queries))
    assert counts[0] == counts[1]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_the_runs_that_events_are_about_are_held() -> None:
    run = started(STORY)
    with CaptureQueriesContext(connection) as queries:
        happened("response.classified", run.appointment_id)
    assert any("workflows_workflowinstance" in q["sql"] and "FOR UPDATE" in q["sql"] for q in queries.captured_queries)


def test_an_event_fences_off_whoever_works_on_the_run() -> None:
    """A worker has claimed the timer; before it writes, a cancellation is dispatched."""
    run = started(STORY)
    Due.objects.filter(ref=run.id).update(due_at=clock.now())
    (claim,) = due.claim("timers", now=clock.now(), limit=1)
    happened("appointment.cancelled", run.appointment_id)
    with pytest.raises(due.LostClaimError):
        due.finish(claim)


def test_a_broken_step_is_retried_then_buried_and_told_then_replayed(noon: time_machine.Traveller) -> None:
    definition = Definition(name="broken", version=1, triggers=STORY.triggers, steps=(broken,))
    run = started(definition)
    assert run.status == St.RETRYING
    later(noon, seconds=2)
    later(noon, seconds=5)
    run.refresh_from_db()
    letter = DeadLetter.objects.get()
    assert (run.status, letter.attempts, letter.error_code) == (St.FAILED, 3, "ZeroDivisionError")
    assert Escalation.objects.get().reason == "workflow_failed"
    bus.execute(command="dead_letter.replay", payload={"dead_letter_id": str(letter.id)}, actor="admin", actor_id="op")
    registry.forget(definition)
    registry.register(Definition(name="broken", version=1, triggers=STORY.triggers, steps=(stop, _mended())))
    tick.drain(["events", "timers"])
    run.refresh_from_db()
    assert run.status == St.COMPLETED


def _mended() -> Step:
    def broken(facts: Facts, now: datetime) -> Outcome:
        return Done("mended")

    return broken


def test_a_definition_that_never_sleeps_is_stopped(noon: time_machine.Traveller) -> None:
    run = started(Definition(name="loop", version=1, triggers=STORY.triggers, steps=(round_and_round,)))
    run.refresh_from_db()
    assert run.status == St.FAILED
    assert DeadLetter.objects.get().error_code == "endless_definition"


def test_a_run_stays_with_the_version_it_started_with(noon: time_machine.Traveller) -> None:
    old = started(STORY)
    registry.register(Definition(name="test-story", version=2, triggers=STORY.triggers, steps=(stop,)))
    visit = AppointmentFactory.create(risk_score=50)
    happened("appointment.created", visit.id)
    new = WorkflowInstance.objects.get(appointment=visit)
    later(noon, hours=4)
    old.refresh_from_db()
    assert (old.version, new.version) == (1, 2)
    assert (old.step, new.step) == ("silent", "stop")


def test_a_changed_version_is_refused() -> None:
    registry.register(STORY)
    with pytest.raises(ValueError, match="new version"):
        registry.register(Definition(name="test-story", version=1, triggers=(), steps=(stop,)))


def _waiting_for(event: str, *, declared: tuple[str, ...]) -> Definition:
    def wait(facts: Facts, now: datetime) -> Outcome:
        return WaitFor(events=(event,), within=timedelta(hours=2), then="answered", otherwise="silent")

    steps = (wait, answered, silent)
    return Definition(name="waiting", version=1, triggers=STORY.triggers, steps=steps, awaits=declared)


@pytest.mark.parametrize("event", ["appointment.in_progress", "message.delivered", "deposit.refunded"])
def test_a_run_hears_of_whatever_its_definition_says_that_it_waits_for(event: str) -> None:
    run = started(_waiting_for(event, declared=(event,)))
    happened(event, run.appointment_id)
    run.refresh_from_db()
    assert (run.status, run.step) == (St.COMPLETED, "answered")


def test_a_step_that_waits_for_what_its_definition_does_not_say_fails_at_once() -> None:
    run = started(_waiting_for("message.delivered", declared=("response.classified",)))
    run.refresh_from_db()
    letter = DeadLetter.objects.get()
    assert (run.status, letter.error_code) == (St.FAILED, "undeclared_wait")
    assert "message.delivered" in letter.error_message


UNKNOWN = "appointment.confrimed"


@pytest.mark.parametrize(
    "definition",
    [
        Definition(name="typo", version=1, triggers=(Trigger(event=UNKNOWN),), steps=(stop,)),
        Definition(name="typo", version=1, triggers=(), steps=(stop,), interrupts={UNKNOWN: "stop"}),
        Definition(name="typo", version=1, triggers=(), steps=(stop,), cancelled_by=(UNKNOWN,)),
        Definition(name="typo", version=1, triggers=(), steps=(stop,), awaits=(UNKNOWN,)),
    ],
    ids=["trigger", "interrupt", "end", "wait"],
)
def test_a_definition_that_names_an_event_which_does_not_exist_is_refused(definition: Definition) -> None:
    with pytest.raises(ValueError, match="appointment.confrimed"):
        registry.register(definition)
    assert registry.everything() == []


def test_events_get_their_places_in_the_stream_without_gaps() -> None:
    for _ in range(5):
        happened("appointment.created", new_id())
    cursors = list(StreamPosition.objects.order_by("cursor").values_list("cursor", flat=True))
    assert cursors == list(range(1, len(cursors) + 1))


@pytest.mark.usefixtures("one_batch")
def test_a_batch_of_sleepers_costs_the_same_queries_for_ten_as_for_a_hundred() -> None:
    registry.register(Definition(name="pure", version=1, triggers=(), steps=STORY.steps, awaits=STORY.awaits))
    pure = registry.get("pure", 1)
    counts = []
    for size in (10, 100):
        _start(pure, size)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tick.drain(["timers"])
        counts.append(sum("SELECT" in q["sql"][:10] for q in queries.captured_queries))
    assert counts[0] == counts[1]
    assert StepLog.objects.count() == 110


def _start(definition: Definition, count: int) -> None:
    """Runs that are about no visit."""
    now = clock.now()
    for number in range(count):
        runs.start(
            definition,
            occurrence=f"{count}-{number}",
            facts=Facts(business=None),
            wake_at=now,
            now=now,
            correlation_id=new_id(),
            tenant_id="default",
        )


def test_an_unknown_command_and_a_used_key_are_refused() -> None:
    visit = AppointmentFactory.create()
    payload = {"appointment_id": str(visit.id)}
    first = bus.execute(
        command="appointment.confirm", payload=payload, actor="admin", actor_id="ana", idempotency_key="k"
    )
    again = bus.execute(
        command="appointment.confirm", payload=payload, actor="admin", actor_id="ana", idempotency_key="k"
    )
    assert first == again
    with pytest.raises(ConflictError, match="another command"):
        bus.execute(command="appointment.cancel", payload=payload, actor="admin", actor_id="ana", idempotency_key="k")


def test_a_key_that_has_expired_is_a_new_one_when_it_comes_again(noon: time_machine.Traveller) -> None:
    visits = [AppointmentFactory.create() for _ in range(2)]
    for visit in visits:
        _confirmed(visit, key="again")
        visit.refresh_from_db()
        assert visit.status == "confirmed"
        noon.shift(retention.IDEMPOTENCY_KEYS)


def test_a_key_is_the_same_until_it_expires(noon: time_machine.Traveller) -> None:
    one, other = AppointmentFactory.create(), AppointmentFactory.create()
    first = _confirmed(one, key="kept")
    noon.shift(retention.IDEMPOTENCY_KEYS - timedelta(seconds=1))
    assert _confirmed(one, key="kept") == first
    with pytest.raises(ConflictError, match="Use a new key"):
        _confirmed(other, key="kept")


def test_expired_keys_are_purged_within_the_hour(noon: time_machine.Traveller) -> None:
    sweeps.plan_at_start()
    for number in range(3):
        _confirmed(AppointmentFactory.create(), key=f"old {number}")
    noon.shift(retention.IDEMPOTENCY_KEYS)
    _confirmed(AppointmentFactory.create(), key="new")
    tick.drain([sweeps.LANE])
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]


def test_a_command_that_fails_takes_no_key(noon: time_machine.Traveller) -> None:
    visit = AppointmentFactory.create(status="cancelled")
    with pytest.raises(ConflictError):
        _confirmed(visit, key="failed")
    assert not IdempotencyKey.objects.exists()


def _confirmed(visit: Appointment, *, key: str) -> dict[str, Any]:
    payload = {"appointment_id": str(visit.id)}
    return bus.execute(
        command="appointment.confirm", payload=payload, actor="admin", actor_id="ana", idempotency_key=key
    )
