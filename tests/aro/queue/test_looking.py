"""While a worker looks often, nobody tells it; when it does not, it is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings

from aro import clock
from aro.ids import new_id
from aro.queue import due, hints, lanes, looking
from aro.queue.lanes import Lane
from aro.queue.looking import Mark, Watchers
from aro.queue.pacemaker import Pacemaker

LANE = "looked"


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    monkeypatch.setattr(hints.publisher, "_paused_until", 0.0)
    monkeypatch.setattr(looking, "BROKER_SECONDS", 5.0)  # a machine full of tests answers late
    looking._client.cache_clear()
    client = redis.Redis(unix_socket_path=settings.CELERY_BROKER_URL.split("://")[1].split("?")[0])
    assert hints.publisher.flush(5)  # of the test before
    client.delete(LANE, looking._key(LANE))
    hints.publisher._watchers._until.clear()
    yield client
    client.delete(LANE, looking._key(LANE))
    hints.publisher._watchers._until.clear()
    looking._client.cache_clear()


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def put_up() -> Mark:
    mark = Mark()
    mark.wanted = True
    assert mark.keep([LANE])
    return mark


def test_nobody_is_told_while_a_worker_looks_often(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MARK_SECONDS", 60.0)
    put_up()
    for _ in range(3):
        hints.give(LANE)
        assert hints.publisher.flush(5)
    assert broker.llen(LANE) == 0


def test_a_mark_goes_by_itself_and_then_the_worker_is_told_again(broker: redis.Redis) -> None:
    mark = put_up()
    assert 0 < broker.pttl(looking._key(LANE)) <= looking.MARK_SECONDS * 1000
    assert Watchers().are_at(LANE)
    while mark.keep([LANE]):
        time.sleep(0.01)
    assert broker.exists(looking._key(LANE)) == 0  # the worker looks often for longer than anybody relies on it
    hints.give(LANE)
    assert hints.publisher.flush(5)
    assert broker.llen(LANE) == 1


def test_a_mark_without_an_end_is_none(broker: redis.Redis) -> None:
    broker.set(looking._key(LANE), 1)
    assert not Watchers().are_at(LANE)


def test_a_broker_that_takes_no_mark_is_left_alone_and_the_worker_promises_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", f"redis+socket://{tmp_path}/nobody.sock")
    mark = Mark()
    for _ in range(2):
        mark.wanted = True
        assert not mark.keep([LANE])
    assert mark.wanted


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_works_puts_up_its_mark_and_one_at_rest_does_not(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(lanes._lanes, LANE, Lane(name=LANE, handle=lambda claims, now: due.finish_many(claims)))
    watchers, worker = Watchers(), Pacemaker()
    monkeypatch.setattr(looking, "MARK_SECONDS", 60.0)
    worker.serve([LANE])
    worker.look()
    assert not watchers.are_at(LANE)
    due.put(LANE, new_id(), clock.now())
    assert within(30, lambda: watchers.are_at(LANE))
    assert worker.end()


@pytest.mark.django_db(transaction=True)
def test_what_is_due_later_needs_no_hint(broker: redis.Redis) -> None:
    due.put(LANE, new_id(), clock.now() + timedelta(hours=1))
    assert hints.publisher.flush(5)
    assert broker.llen(LANE) == 0
    due.put_many(LANE, [(new_id(), clock.now() + timedelta(hours=1)), (new_id(), datetime(2026, 1, 1, tzinfo=UTC))])
    assert hints.publisher.flush(5)
    assert broker.llen(LANE) == 1
