"""Prometheus metrics. Gauges are computed from rows at each scrape; request counters live in the web process.

Labels carry lanes, routes and states only, never a phone, a name or a record's id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Min, Q
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from aro import clock, zones
from aro.models import DeadLetter, Due
from aro.version import VERSION
from aro.watch import disk_space, health

Source = Callable[[], Iterable[Metric]]

# Prometheus 0.0.4 has no place for creation times; as gauges they would double the series.
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry(auto_describe=False)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

logger = logging.getLogger(__name__)
_sources: dict[str, Source] = {}
_requests = Counter(
    "aro_http_requests", "HTTP requests answered.", ["route", "method", "status_class"], registry=REGISTRY
)
_durations = Histogram(
    "aro_http_request_duration_seconds",
    "Time to answer an HTTP request.",
    ["route", "method"],
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=REGISTRY,
)
_ended = Counter(
    "aro_http_connections_ended", "Connections that the web server ended, by its reason.", ["reason"], registry=REGISTRY
)


def register_metrics(function: Source) -> None:
    """`function()` is called at each scrape and yields metric families computed from rows."""
    _sources[f"{function.__module__}.{function.__qualname__}"] = function


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Counts one answered request. `route` is the pattern, not the path: a path can carry an id."""
    known = method if method in METHODS else "OTHER"
    _requests.labels(route, known, f"{status // 100}xx").inc()
    _durations.labels(route, known).observe(seconds)


def count_ended_connection(reason: str) -> None:
    """Counts a connection that the server ended, or a request that it answered in the application's place."""
    _ended.labels(reason).inc()


def exposition() -> bytes:
    """Everything, in Prometheus' text format 0.0.4."""
    return generate_latest(REGISTRY)


class _Rows(Collector):
    """Asks all registered sources. One that cannot read its rows costs its own metrics only, and says so."""

    def collect(self) -> Iterator[Metric]:
        states = GaugeMetricFamily(
            "aro_metrics_source_up", "1 when the source of metrics could be read.", labels=["source"]
        )
        for name, source in list(_sources.items()):
            families = _read(name, source)
            states.add_metric([name], 0 if families is None else 1)
            yield from families or ()
        yield states


def _read(name: str, source: Source) -> list[Metric] | None:
    try:
        return list(source())
    except DatabaseError as error:
        logger.warning("metrics not read", extra={"source": name, "error": type(error).__name__})
        return None


def gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    """A gauge without labels."""
    return GaugeMetricFamily(name, text, value=value)


def gauges(name: str, text: str, *, label: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    """A gauge with one label."""
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values:
        family.add_metric([key], value)
    return family


def _about_process() -> Iterator[Metric]:
    build = {"version": VERSION, "mode": settings.ARO_MODE, "tzdata": zones.version()}
    yield InfoMetricFamily("aro_build", "What is running.", value=build)
    yield gauge("aro_clock_offset_seconds", "How far the sandbox moved the clock.", clock.offset_seconds())
    yield gauge("aro_disk_free_ratio", "Free part of the data directory's disk.", disk_space.free_ratio())


def age_seconds(at: datetime | None, *, now: datetime) -> float:
    """Seconds from `at` to `now`; 0 when there is nothing."""
    return max(0.0, (now - at).total_seconds()) if at else 0.0


def oldest_due_seconds() -> float:
    """How long the oldest due row that nobody owns has been waiting. Progress is watched, not liveness."""
    now = clock.now()
    unowned = Q(lease__isnull=True) | Q(lease__lt=health.real_now())
    at = Due.objects.filter(unowned, due_at__lte=now).aggregate(at=Min("due_at"))["at"]
    return age_seconds(at, now=now)


def open_dead_letters() -> int:
    """Dead letters that nobody replayed or archived yet."""
    return DeadLetter.objects.filter(archived_at=None, replayed_at=None).count()


def _about_heartbeats() -> Iterator[Metric]:
    ages = health.heartbeat_ages()
    values = [(name, age.total_seconds()) for name, age in ages.items()]
    yield gauges("aro_heartbeat_age_seconds", "Since a part was last at work.", label="part", values=values)
    if "beat" in ages:
        at = (health.real_now() - ages["beat"]).timestamp()
        yield gauge("aro_beat_last_tick_timestamp_seconds", "When beat last ticked (Unix time).", at)


for _source in (_about_process, _about_heartbeats):
    register_metrics(_source)
REGISTRY.register(_Rows())
ProcessCollector(namespace="aro", registry=REGISTRY)
