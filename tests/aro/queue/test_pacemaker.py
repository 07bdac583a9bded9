"""A worker's lanes go on whether or not anybody says what to look at."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aro import clock
from aro.ids import new_id
from aro.models import Due
from aro.queue import due, hints, lanes, work
from aro.queue.due import Claim
from aro.queue.lanes import Handler, Lane
from aro.queue.pacemaker import Pacemaker
from aro.watch import health

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0


class Counter:
    """A lane's body that notes when it did how much."""

    def __init__(self) -> None:
        self.at: list[datetime] = []
        self._changed = threading.Condition()

    def handle(self, claims: Sequence[Claim], now: datetime) -> None:
        due.finish_many(claims)
        with self._changed:
            self.at += [now for _ in claims]
            self._changed.notify_all()

    def has_done(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.at) >= count, PATIENCE)


@pytest.fixture
def worker() -> Iterator[Pacemaker]:
    made = Pacemaker()
    yield made
    assert made.end()
    Due.objects.all().delete()
    close_pool("silent")


def close_pool(lane: str) -> None:
    """Its threads keep connections, which would keep the test database."""
    pool = work._pools.pop(lane, None)
    if pool is None:
        return
    together = threading.Barrier(pool._lane.threads)

    def close(number: int) -> None:
        together.wait(PATIENCE)
        connection.close()

    with pool._executor as threads:
        list(threads.map(close, range(pool._lane.threads)))


@pytest.fixture
def body() -> Counter:
    return Counter()


def register(monkeypatch: pytest.MonkeyPatch, name: str, handle: Handler, *, threads: int = 0, batch: int = 2) -> str:
    monkeypatch.setitem(lanes._lanes, name, Lane(name=name, handle=handle, batch=batch, threads=threads))
    return name


def put_silently(lane: str, count: int = 1, *, at: datetime | None = None) -> None:
    """As when the hint is lost."""
    Due.objects.bulk_create([Due(lane=lane, ref=new_id(), due_at=at or clock.now()) for _ in range(count)])


@pytest.mark.parametrize("threads", [0, 2])
def test_what_is_due_is_done_though_nobody_speaks_of_it(
    worker: Pacemaker, body: Counter, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    worker.serve([register(monkeypatch, "silent", body.handle, threads=threads)])
    put_silently("silent", 9)
    assert body.has_done(9)


def test_a_timer_is_done_at_its_moment(worker: Pacemaker, body: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.serve([register(monkeypatch, "timed", body.handle)])
    at = clock.now() + timedelta(seconds=0.4)
    put_silently("timed", at=at)
    assert body.has_done(1)
    assert body.at[0] >= at


def test_a_lane_that_stands_still_holds_up_no_other(
    worker: Pacemaker, body: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over = threading.Event(), threading.Event()

    def wait(claims: Sequence[Claim]) -> Handler:
        begun.set()
        assert over.wait(PATIENCE)
        return body.handle

    # It stands outside a transaction, so that it keeps SQLite's one writer from nobody.
    monkeypatch.setitem(lanes._lanes, "slow", Lane(name="slow", handle=body.handle, ahead=wait))
    worker.serve(["slow", register(monkeypatch, "quick", body.handle)])
    put_silently("slow")
    assert begun.wait(PATIENCE)
    put_silently("quick", 5)
    assert body.has_done(5)
    over.set()
    assert body.has_done(6)


def test_one_statement_tells_about_all_lanes(worker: Pacemaker, body: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.serve([register(monkeypatch, name, body.handle) for name in ("one", "two", "three")])
    with CaptureQueriesContext(connection) as queries:
        assert worker.look() == hints.LONGEST_SLEEP
    assert len(queries) == 1


def test_what_was_put_off_by_its_own_work_is_done_at_its_moment(
    worker: Pacemaker, body: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [clock.now() + timedelta(seconds=0.5)]

    def once_more(claims: Sequence[Claim], now: datetime) -> None:
        if moments:
            due.again_many([(claim, moments.pop()) for claim in claims])
        else:
            body.handle(claims, now)

    worker.serve([register(monkeypatch, "again", once_more)])
    put_silently("again")
    assert body.has_done(1)


def test_other_workers_lanes_are_not_its_business(
    worker: Pacemaker, body: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.serve([register(monkeypatch, "ours", body.handle)])
    register(monkeypatch, "theirs", body.handle)
    put_silently("theirs")
    put_silently("ours")
    assert worker.wake("ours")
    assert not worker.wake("theirs")
    assert body.has_done(1)
    assert worker.end(PATIENCE)
    assert Due.objects.get().lane == "theirs"


def test_who_is_asked_to_end_ends_what_is_begun_and_leaves_no_lease(
    body: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over = threading.Event(), threading.Event()

    def slowly(claims: Sequence[Claim], now: datetime) -> None:
        begun.set()
        assert over.wait(PATIENCE)
        body.handle(claims, now)

    worker = Pacemaker()
    worker.serve([register(monkeypatch, "ending", slowly, batch=1)])
    put_silently("ending", 3)
    assert begun.wait(PATIENCE)
    assert not worker.end(0.01)
    over.set()
    assert worker.end(PATIENCE)
    assert (len(body.at), Due.objects.exclude(lease=None).count(), Due.objects.count()) == (1, 0, 2)


def test_a_worker_with_a_lane_that_ended_does_not_say_that_it_is_at_work(
    worker: Pacemaker, body: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.serve([register(monkeypatch, "ended", body.handle), register(monkeypatch, "sound", body.handle)])
    ended = worker._drainers["ended"]
    ended.end()
    assert ended.join(PATIENCE)
    monkeypatch.setattr(health, "_last_beat", {})
    worker._beat()
    assert not health._last_beat
    assert worker._drainers["sound"].lives()


def test_who_never_served_a_lane_can_end() -> None:
    idle = Pacemaker()
    idle.serve([])
    assert idle.end()
