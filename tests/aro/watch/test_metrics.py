"""What Prometheus scrapes, read back with its own parser."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.test import Client
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from aro import clock
from aro.ids import new_id
from aro.models import DeadLetter
from aro.queue import due
from aro.watch import health, http, metrics

pytestmark = pytest.mark.django_db

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(autouse=True)
def own_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_sources", dict(metrics._sources))
    monkeypatch.setattr(health, "_last_beat", {})


def _scrape(client: Client) -> Samples:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(response.content.decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_queues_are_counted_by_lane_from_rows(client: Client) -> None:
    now = clock.now()
    for seconds in (-300, -60, 3600):
        due.put("timers", new_id(), now + timedelta(seconds=seconds))
    samples, lane = _scrape(client), (("queue", "timers"),)
    assert samples["aro_queue_length", lane] == 2
    assert samples["aro_queue_planned", lane] == 1
    assert 300 <= samples["aro_queue_oldest_age_seconds", lane] < 400


def test_dead_letters_and_heartbeats_are_shown(client: Client) -> None:
    now = clock.now()
    DeadLetter.objects.create(
        lane="timers", ref=new_id(), error_code="X", attempts=5, first_attempt_at=now, last_attempt_at=now
    )
    health.beat("beat")
    samples = _scrape(client)
    assert samples["aro_dlq_size", (("queue", "timers"),)] == 1
    assert samples["aro_heartbeat_age_seconds", (("part", "beat"),)] < 60
    assert samples["aro_beat_last_tick_timestamp_seconds", ()] > 1_700_000_000


def test_the_build_and_the_process_are_described(client: Client) -> None:
    samples = _scrape(client)
    assert [name for name, _ in samples if name == "aro_build_info"]
    assert samples["aro_process_resident_memory_bytes", ()] > 1_000_000
    assert 0 < samples["aro_disk_free_ratio", ()] <= 1


def test_requests_are_counted_by_route_and_never_by_path(client: Client) -> None:
    labels = (("method", "GET"), ("route", "/health"), ("status_class", "2xx"))
    before = _scrape(client).get(("aro_http_requests_total", labels), 0)
    client.get("/health")
    client.get("/v1/+15551234567")
    text = client.get("/metrics").content.decode()
    assert _scrape(client)["aro_http_requests_total", labels] == before + 1
    assert 'route="unmatched"' in text
    assert "5551234567" not in text


def test_an_invented_method_makes_no_new_series(client: Client) -> None:
    client.generic("BREW", "/health")
    assert "BREW" not in client.get("/metrics").content.decode()


def test_an_app_can_add_metrics(client: Client) -> None:
    def messages() -> Iterable[Metric]:
        yield metrics.gauges("aro_messages", "Messages.", label="status", values=[("sent", 3)])

    metrics.register_metrics(messages)
    assert _scrape(client)["aro_messages", (("status", "sent"),)] == 3


def test_a_source_that_cannot_read_costs_only_its_own_metrics(client: Client) -> None:
    def gone() -> Iterable[Metric]:
        raise DatabaseError("gone")

    metrics.register_metrics(gone)
    samples = _scrape(client)
    states = {dict(labels)["source"]: value for (name, labels), value in samples.items() if "source_up" in name}
    assert sorted(states.values()) == [0.0] + [1.0] * (len(states) - 1)
    assert ("aro_dlq_oldest_age_seconds", ()) in samples


def test_a_fault_in_a_source_is_not_hidden(client: Client) -> None:
    def wrong() -> Iterable[Metric]:
        raise ImproperlyConfigured("no such label")

    metrics.register_metrics(wrong)
    assert client.get("/metrics").status_code == 500


def test_metrics_are_closed_to_the_outside(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers={"Authorization": "Bearer x"}).status_code == 403


def test_metrics_open_to_the_token_and_to_staff(client: Client) -> None:
    token = {"Authorization": f"Bearer {http.metrics_token()}"}
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers=token).status_code == 200
    client.force_login(
        User.objects.create_user("operator", is_staff=True), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 200
