"""Hints go to our broker, cost a webhook next to nothing, and their loss is accepted."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import transaction

from aro.ids import new_id
from aro.models import DeadLetter, Due
from aro.queue import due, hints, lanes, tasks, work
from aro.queue.due import HopelessError
from aro.queue.lanes import Lane
from aro.watch import health

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> redis.Redis:
    monkeypatch.setattr(hints.publisher, "_paused_until", 0.0)
    return redis.Redis(unix_socket_path=settings.CELERY_BROKER_URL.split("://")[1].split("?")[0])


def test_every_process_publishes_to_our_broker() -> None:
    assert current_app.conf.broker_url == settings.CELERY_BROKER_URL


@pytest.mark.django_db(transaction=True)
def test_a_committed_row_gives_one_hint_and_a_rolled_back_one_none(broker: redis.Redis) -> None:
    broker.delete("quiet")
    with transaction.atomic():
        due.put("quiet", new_id(), NOW)
        due.put("quiet", new_id(), NOW)
        assert broker.llen("quiet") == 0
    assert hints.publisher.flush(5)
    assert broker.llen("quiet") == 1
    with transaction.atomic():
        due.put("quiet", new_id(), NOW)
        transaction.set_rollback(True)
    with transaction.atomic():
        due.put("other", new_id(), NOW)
    assert hints.publisher.flush(5)
    assert broker.llen("quiet") == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_costs_no_time_and_loses_no_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hints.publisher, "_paused_until", 0.0)
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", f"redis+socket://{tmp_path}/nobody.sock")
    began = time.monotonic()
    with transaction.atomic():
        due.put("quiet", new_id(), NOW)
    assert time.monotonic() - began < 1
    assert hints.publisher.flush(5)
    assert Due.objects.filter(lane="quiet").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_storm_of_rows_is_a_handful_of_hints(broker: redis.Redis) -> None:
    broker.delete("storm")
    for _ in range(200):
        due.put("storm", new_id(), NOW)
    assert hints.publisher.flush(5)
    assert 1 <= broker.llen("storm") < 100
    broker.delete("storm")


def test_a_process_that_ends_still_gives_its_hints(broker: redis.Redis) -> None:
    broker.delete("ends")
    code = "import django; django.setup(); from aro.queue import hints; hints.give('ends')"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert broker.llen("ends") == 1
    broker.delete("ends")


@pytest.mark.django_db(transaction=True)
def test_flower_is_shown_each_dead_letter_and_no_hint(broker: redis.Redis) -> None:
    """11 of 100 parts of a busy worker's time went into events of hints."""
    broker.delete("dead_letter")
    due.put("buried", new_id(), NOW)
    (claim,) = due.claim("buried", now=NOW, limit=1)
    with transaction.atomic():
        work.bury(Lane(name="buried", handle=lanes.tell_of), claim, HopelessError("malformed", "No JSON."))
        assert broker.llen("dead_letter") == 0
    assert hints.publisher.flush(5)
    posted = [json.loads(message)["headers"] for message in broker.lrange("dead_letter", 0, -1)]
    shown = [headers for headers in posted if current_app.tasks[headers["task"]].send_events]
    assert [headers["argsrepr"] for headers in shown] == [f"['{DeadLetter.objects.get().id}']"]
    assert {headers["task"] for headers in posted} == {"aro.dead_letter", "aro.tick"}
    broker.delete("dead_letter", "buried")


@pytest.mark.django_db
def test_a_tick_of_beat_shows_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_last_beat", {})
    tasks.tick_lane("", "beat")
    assert health.heartbeat_ages().keys() == {"beat"}


@pytest.mark.django_db
def test_a_process_without_a_pacemaker_does_what_it_is_told_of() -> None:
    """E.g. a child of Celery's pool of processes."""
    due.put("sweeps", new_id(), NOW)
    tasks.tick_lane("sweeps")
    assert not Due.objects.exists()
