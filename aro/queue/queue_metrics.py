"""What Prometheus is told of the queues: rows that are due, how long the oldest waits, and open dead letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Min, Q
from prometheus_client.core import Metric

from aro import clock
from aro.models import DeadLetter, Due
from aro.queue import lanes
from aro.watch import health, metrics


def about_queues() -> Iterator[Metric]:
    now, real = clock.now(), health.real_now()
    waiting = Q(due_at__lte=now) & (Q(lease__isnull=True) | Q(lease__lt=real))
    counted: Any = Due.objects.values("lane").annotate(
        due=Count("id", filter=Q(due_at__lte=now)),
        planned=Count("id", filter=Q(due_at__gt=now)),
        oldest=Min("due_at", filter=waiting),
    )
    rows: dict[str, dict[str, Any]] = {row["lane"]: row for row in counted}
    names = list(dict.fromkeys([*lanes.names(), *rows]))
    found = [(name, rows.get(name, {})) for name in names]
    yield _queue("length", "Rows that are due now.", [(name, row.get("due", 0)) for name, row in found])
    yield _queue("planned", "Rows that are due later.", [(name, row.get("planned", 0)) for name, row in found])
    ages = [(name, metrics.age_seconds(row.get("oldest"), now=now)) for name, row in found]
    yield _queue("oldest_age_seconds", "How long the oldest due row waits for an owner.", ages)


def _queue(name: str, text: str, values: Iterable[tuple[str, float]]) -> Metric:
    return metrics.gauges(f"aro_queue_{name}", text, label="queue", values=values)


def about_dead_letters() -> Iterator[Metric]:
    counted = DeadLetter.objects.filter(archived_at=None, replayed_at=None).values("lane")
    rows = list(counted.annotate(size=Count("id"), oldest=Min("created_at")))
    sizes = {**dict.fromkeys(lanes.names(), 0), **{row["lane"]: row["size"] for row in rows}}
    yield metrics.gauges("aro_dlq_size", "Open dead letters.", label="queue", values=sizes.items())
    oldest = min((row["oldest"] for row in rows), default=None)
    age = metrics.age_seconds(oldest, now=clock.now())
    yield metrics.gauge("aro_dlq_oldest_age_seconds", "Age of the oldest open dead letter.", age)
