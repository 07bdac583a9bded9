"""Doing what is due: batches, poison, retries, dead letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from appointments.models import Escalation
from aro import clock
from aro.ids import new_id
from aro.models import DeadLetter, Due
from aro.ops.supervise import programs
from aro.queue import due, lanes, tick, work
from aro.queue.due import Claim, HopelessError
from aro.queue.lanes import Lane

pytestmark = pytest.mark.django_db


class Body:
    """A lane's body that notes what it did, and fails for the refs it is told to."""

    def __init__(self) -> None:
        self.done: list[UUID] = []
        self.poison: dict[UUID, Exception] = {}
        self.buried: list[UUID] = []
        self.retried: list[UUID] = []

    def handle(self, claims: Sequence[Claim], now: datetime) -> None:
        for claim in claims:
            if claim.ref in self.poison:
                raise self.poison[claim.ref]
        due.finish_many(claims)
        self.done += [claim.ref for claim in claims]

    def lane(self, *, max_attempts: int = 3) -> Lane:
        return Lane(
            name="test",
            handle=self.handle,
            batch=10,
            max_attempts=max_attempts,
            on_dead=lambda claim, error: self.buried.append(claim.ref),
            on_retry=lambda claim, error: self.retried.append(claim.ref),
        )


@pytest.fixture
def body() -> Body:
    return Body()


def due_now(count: int) -> list[UUID]:
    refs = [new_id() for _ in range(count)]
    due.put_many("test", [(ref, clock.now()) for ref in refs])
    return refs


def make_due() -> None:
    Due.objects.update(due_at=clock.now() - timedelta(seconds=1))


def test_a_batch_is_done_together(body: Body) -> None:
    refs = due_now(5)
    assert work.drain_once(body.lane()) == 5
    assert sorted(body.done) == sorted(refs)
    assert Due.objects.count() == 0


def test_poison_harms_no_neighbour(body: Body) -> None:
    refs = due_now(5)
    body.poison[refs[2]] = ValueError("no")
    work.drain_once(body.lane())
    assert sorted(body.done) == sorted(set(refs) - {refs[2]})
    assert list(Due.objects.values_list("ref", flat=True)) == [refs[2]]


def test_poison_ends_in_the_dead_letters_after_its_last_attempt(body: Body) -> None:
    (ref,) = due_now(1)
    body.poison[ref] = ValueError("secret text of a patient")
    for _ in range(3):
        work.drain_once(body.lane())
        make_due()
    letter = DeadLetter.objects.get()
    assert (letter.ref, letter.attempts, letter.error_code) == (ref, 3, "ValueError")
    assert "patient" not in letter.error_message + letter.stack
    assert body.buried == [ref]
    assert len(body.retried) == 2
    assert list(Due.objects.values_list("lane", "ref")) == [(lanes.DEAD_LETTERS, letter.id)]


def test_a_body_that_kills_its_worker_is_counted_too(body: Body) -> None:
    """The worker dies between claim and failure: only the claim has counted."""
    (ref,) = due_now(1)
    body.poison[ref] = ValueError("no")
    for _ in range(3):
        due.claim("test", now=clock.now(), limit=1, lease_seconds=-1)
    work.drain_once(body.lane())
    assert DeadLetter.objects.get().attempts == 4


class WorkerLost(BaseException):
    """What a worker that hangs or dies leaves behind: neither an end nor an error."""


def lose(body: Body, *, times: int, threads: int = 0) -> None:
    """So many workers, one after the other, never come back from what they began."""
    for _ in range(times):
        with suppress(WorkerLost):
            work.drain_inline(replace(body.lane(max_attempts=9), threads=threads))
        Due.objects.update(lease=None)


@pytest.mark.parametrize("threads", [0, 4])
def test_a_row_that_hung_its_worker_twice_goes_to_the_dead_letters_and_its_neighbours_are_done(
    body: Body, threads: int
) -> None:
    refs = due_now(3)
    body.poison[refs[0]] = WorkerLost()  # type: ignore[assignment]
    lose(body, times=1 + work.MOST_BEGUN, threads=threads)
    assert DeadLetter.objects.count() == 0
    lose(body, times=1, threads=threads)
    letter = DeadLetter.objects.get()
    assert (letter.ref, letter.error_code) == (refs[0], "HUNG")
    assert body.buried == [refs[0]]
    assert sorted(body.done) == sorted(refs[1:])


def test_who_was_only_claimed_beside_a_hung_row_is_not_blamed(body: Body) -> None:
    """Lost in a batch, or behind the row that hung: never begun alone without an end."""
    refs = due_now(3)
    for _ in range(work.MOST_BEGUN + 2):
        due.claim("test", now=clock.now(), limit=9, lease_seconds=-1)
    work.drain_once(body.lane(max_attempts=9))
    assert sorted(body.done) == sorted(refs)
    assert DeadLetter.objects.count() == 0


def test_an_end_of_any_kind_takes_the_note_away(body: Body) -> None:
    (ref,) = due_now(1)
    for _ in range(4):
        body.poison[ref] = WorkerLost()  # type: ignore[assignment]
        lose(body, times=1)
        body.poison[ref] = ValueError("no")
        work.drain_once(body.lane(max_attempts=99))
        make_due()
    assert Due.objects.get().begun == 0
    assert DeadLetter.objects.count() == 0


def test_hopeless_work_is_not_tried_again(body: Body) -> None:
    (ref,) = due_now(1)
    body.poison[ref] = HopelessError("malformed", "The body is not JSON.")
    work.drain_once(body.lane())
    letter = DeadLetter.objects.get()
    assert (letter.error_code, letter.error_message) == ("malformed", "The body is not JSON.")


def test_an_outage_of_our_own_buries_nothing(body: Body) -> None:
    (ref,) = due_now(1)
    body.poison[ref] = OperationalError("database is locked")
    for _ in range(10):
        work.drain_once(body.lane())
        make_due()
    assert DeadLetter.objects.count() == 0
    assert Due.objects.get().attempts == 10


def test_a_row_that_fails_as_in_an_outage_though_its_neighbours_are_done_is_buried_some_day(body: Body) -> None:
    """E.g. a statement that the database always gives up on."""
    (ref,) = due_now(1)
    body.poison[ref] = OperationalError("canceling statement due to statement timeout")
    for _ in range(3 + work.MORE_ATTEMPTS_IN_AN_OUTAGE):
        assert DeadLetter.objects.count() == 0
        work.drain_once(body.lane())
        make_due()
    assert DeadLetter.objects.get().ref == ref


def test_what_is_too_much_for_the_database_is_no_outage(body: Body) -> None:
    (ref,) = due_now(1)
    body.poison[ref] = OperationalError("too many SQL variables")
    for _ in range(3):
        work.drain_once(body.lane())
        make_due()
    assert DeadLetter.objects.get().attempts == 3


def test_a_retry_waits_longer_each_time(body: Body) -> None:
    (ref,) = due_now(1)
    body.poison[ref] = ValueError("no")
    lane = body.lane(max_attempts=9)
    waits = []
    for _ in range(4):
        before = clock.now()
        work.drain_once(lane)
        # The wait began somewhere in between.
        again, after = Due.objects.get().due_at, clock.now()
        waits.append(next(wait for wait in (1, 2, 4, 8) if before <= again - timedelta(seconds=wait) <= after))
        make_due()
    assert waits == [1, 2, 4, 8]


def test_waiting_for_the_database_makes_no_batch_smaller(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    # A clock on which only the waiting takes time: what five rows really take depends on who else is at work.
    in_turn, seconds, limit = transaction.atomic, [0.0], work.TRANSACTION_SECONDS[connection.vendor]

    @contextmanager
    def after_others() -> Iterator[None]:
        seconds[0] += 2 * limit
        with in_turn():
            yield

    monkeypatch.delitem(work._seconds_per_row, "test", raising=False)
    due_now(5)
    claims = due.claim("test", now=clock.now(), limit=5)
    with monkeypatch.context() as patched:
        patched.setattr(transaction, "atomic", after_others)
        patched.setattr(work, "time", SimpleNamespace(monotonic=lambda: seconds[0], thread_time=lambda: 0.0))
        work._in_one(body.lane(), claims)
    assert len(body.done) == 5
    assert work._seconds_per_row["test"] < limit / 5


@pytest.mark.parametrize(("own", "counts"), [(0.1, 0.2), (0.5, 0.5)])
def test_a_full_machine_makes_batches_smaller_only_a_little(
    body: Body, monkeypatch: pytest.MonkeyPatch, own: float, counts: float
) -> None:
    """What a batch takes beside its own work, because others are at work, counts a fourth."""
    seconds = {"in all": 0.0, "own": 0.0}

    def handle(claims: Sequence[Claim], now: datetime) -> None:
        seconds.update({"in all": 0.8, "own": own})
        due.finish_many(claims)

    due_now(4)
    claims = due.claim("test", now=clock.now(), limit=4)
    clocks = SimpleNamespace(monotonic=lambda: seconds["in all"], thread_time=lambda: seconds["own"])
    with monkeypatch.context() as patched:
        patched.setattr(work, "time", clocks)
        work._in_one(Lane(name="test", handle=handle), claims)
    assert work._seconds_per_row["test"] == pytest.approx(counts / 4)


def test_a_lost_claim_keeps_nothing_and_counts_as_no_failure(body: Body) -> None:
    (ref,) = due_now(1)

    def steal(claims: Sequence[Claim], now: datetime) -> None:
        due.put("test", ref, now + timedelta(hours=1))
        due.finish_many(claims)

    work.drain_once(Lane(name="test", handle=steal))
    assert DeadLetter.objects.count() == 0
    assert Due.objects.get().ref == ref


def test_staff_are_told_of_a_dead_letter_whatever_the_broker_lost(body: Body) -> None:
    (ref,) = due_now(1)
    body.poison[ref] = HopelessError("malformed", "The body is not JSON.")
    work.drain_once(body.lane())
    tick.drain()
    case = Escalation.objects.get()
    assert (case.reason, case.times, Due.objects.count()) == ("dead_letter", 1, 0)


def test_a_dead_letter_that_somebody_closed_first_is_no_case(body: Body) -> None:
    (ref,) = due_now(1)
    body.poison[ref] = HopelessError("malformed", "The body is not JSON.")
    work.drain_once(body.lane())
    DeadLetter.objects.update(archived_at=clock.now())
    tick.drain()
    assert (Escalation.objects.count(), Due.objects.count()) == (0, 0)


def test_a_letter_that_cannot_be_told_of_makes_no_more_letters_for_ever(body: Body) -> None:
    (ref,) = due_now(1)
    body.poison[ref] = ValueError("nobody can be told")
    Due.objects.update(lane=lanes.DEAD_LETTERS)
    for _ in range(3):
        work.drain_once(replace(body.lane(), name=lanes.DEAD_LETTERS))
        make_due()
    assert (DeadLetter.objects.get().lane, Due.objects.count()) == (lanes.DEAD_LETTERS, 0)


def test_every_lane_has_its_queue() -> None:
    assert set(lanes.names()) == set(settings.LANES)
    assert programs.QUEUES.split(",") == [*settings.LANES, "celery"]
    assert {entry["options"]["queue"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(settings.LANES)
