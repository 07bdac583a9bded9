"""Beat's schedule is what the settings say, also in a database that has seen others."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from aro.ops.supervise.beat import Scheduler
from aro.ops.unused_ports import unused_port
from aro.queue import absence
from config.celery import app
from tests.own_redis import PASSWORD, own_redis


def entry(name: str, task: str) -> None:
    every, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.create(name=name, task=task, interval=every)


@pytest.mark.django_db(transaction=True)  # the scheduler closes connections as it likes
def test_what_former_versions_asked_for_every_second_is_asked_no_more() -> None:
    entry("look at receipts", "aro.tick")
    entry("tell the monitor outside", "aro.heartbeat")
    entry("somebody's own", "another.task")
    Scheduler(app)
    asked = set(PeriodicTask.objects.filter(enabled=True).values_list("name", flat=True))
    assert asked - {"celery.backend_cleanup"} == {"somebody's own", *settings.CELERY_BEAT_SCHEDULE}


def ticks(scheduler: Scheduler) -> None:
    """Everything is due once more, and given out."""
    scheduler._heap = None
    for entry in scheduler.schedule.values():
        entry.last_run_at = entry.last_run_at.replace(year=2020)
    while scheduler.tick() == 0:
        pass


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    port = unused_port()
    monkeypatch.setitem(app.conf, "broker_url", f"redis://:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/0")
    return port


@pytest.mark.django_db(transaction=True)
def test_it_says_in_a_line_that_the_broker_is_away_and_when_it_is_back(
    port: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = Scheduler(app)
    try:
        for _ in range(3):
            ticks(scheduler)
        (line,) = caplog.records
        assert (line.levelno, line.exc_info) == (logging.ERROR, None)
        assert line.getMessage().startswith(absence.AWAY)
        with own_redis(tmp_path, port=port):
            ticks(scheduler)
        assert caplog.messages[-1].startswith(absence.BACK)
    finally:
        scheduler.close()
