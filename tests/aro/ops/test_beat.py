"""Beat's schedule is what the settings say, also in a database that has seen others."""

from __future__ import annotations

import pytest
from django.conf import settings
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from aro.ops.supervise.beat import Scheduler
from config.celery import app


def entry(name: str, task: str) -> None:
    every, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.create(name=name, task=task, interval=every)


@pytest.mark.django_db(transaction=True)  # the scheduler closes connections as it likes
def test_what_former_versions_asked_for_every_second_is_asked_no_more() -> None:
    entry("look at receipts", "aro.tick")
    entry("somebody's own", "another.task")
    Scheduler(app)
    asked = set(PeriodicTask.objects.filter(enabled=True).values_list("name", flat=True))
    assert asked - {"celery.backend_cleanup"} == {"somebody's own", *settings.CELERY_BEAT_SCHEDULE}
