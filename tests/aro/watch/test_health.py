"""Probes over HTTP, on real rows, a real broker, and outages that are real connections refused."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from aro import clock
from aro.ids import new_id
from aro.models import DeadLetter, Heartbeat
from aro.ops.unused_ports import unused_port
from aro.queue import due
from aro.watch import health
from aro.watch.health import CheckResult, Status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_our_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_checks", {})
    monkeypatch.setattr(health, "_last_beat", {})


@pytest.fixture
def all_at_work() -> None:
    for name in ("worker", "beat"):
        health.beat(name)


@pytest.fixture
def no_broker(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{unused_port()}/0"


def _calls(listener: socket.socket) -> int:
    """How many connections came in that nobody has taken yet."""
    listener.setblocking(False)
    found = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            found += 1
    return found


def _health(client: Client, *, status: int = 200) -> dict[str, Any]:
    response = client.get("/api/v1/health")
    assert response.status_code == status
    body: dict[str, Any] = response.json()
    return body


def test_the_process_probe_depends_on_nothing(
    client: Client, no_broker: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health").json() == {"status": "ok"}


def test_it_is_ready_with_database_and_migrations(client: Client) -> None:
    response = client.get("/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready", "reasons": []})
    assert "no-store" in response.headers["Cache-Control"]


def test_without_the_broker_it_is_ready_and_impaired_and_says_so_quickly(
    client: Client, all_at_work: None, no_broker: None
) -> None:
    started = time.monotonic()
    assert client.get("/ready").status_code == 200
    body = _health(client)
    assert time.monotonic() - started < 4  # nobody waits for it; what a machine busy with other tests takes
    assert (body["status"], body["services"]["broker"], body["services"]["worker"]) == ("degraded", "down", "up")
    assert "Texts still go out" in body["details"]["broker"]
    assert client.get("/health/redis").status_code == 503
    assert client.get("/health/database").status_code == 200


def test_beat_is_no_more_heard_of_without_the_broker_and_nothing_stands_still(
    client: Client, all_at_work: None, no_broker: None
) -> None:
    Heartbeat.objects.filter(name="beat").update(at=health.real_now() - timedelta(minutes=5))
    body = _health(client)
    assert (body["status"], body["services"]["beat"]) == ("degraded", "degraded")
    assert "broker" in body["details"]["beat"]


@pytest.mark.parametrize("beat", ["late", "not yet"])
def test_a_worker_that_does_nothing_is_blamed_and_not_the_beat_that_it_hears_of(
    client: Client, all_at_work: None, beat: str
) -> None:
    Heartbeat.objects.update(at=health.real_now() - timedelta(minutes=5))
    if beat == "not yet":
        Heartbeat.objects.filter(name="beat").delete()
    body = _health(client, status=503)
    assert (body["services"]["worker"], body["services"]["beat"]) == ("down", "degraded")
    assert body["details"]["beat"] == "Unknown while the worker does nothing: it hears of the beat."


def test_a_beat_that_was_not_seen_for_long_is_down_and_nothing_stands_still(client: Client, all_at_work: None) -> None:
    Heartbeat.objects.filter(name="beat").update(at=health.real_now() - timedelta(minutes=5))
    body = _health(client)
    assert (body["status"], body["services"]["beat"]) == ("degraded", "down")


def test_a_broker_that_accepts_and_never_answers_is_down_within_a_second(client: Client, settings: Settings) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        started = time.monotonic()
        assert client.get("/health/redis").status_code == 503
        # Asked once, for less than a second; the rest is what a machine busy with other tests takes.
        assert health.BROKER_SECONDS < 1
        assert time.monotonic() - started < health.BROKER_SECONDS + 4
        assert _calls(silent) == 1


def test_it_is_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'aro'")
    response = client.get("/ready")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["The database lacks 1 migrations. `aro up` applies them."]


def test_the_whole_answer_has_the_promised_shape(client: Client, all_at_work: None) -> None:
    body = _health(client)
    assert set(body) == {"status", "timestamp", "version", "tzdata", "services", "details", "metrics"}
    assert body["services"] == {
        **dict.fromkeys(("database", "broker", "worker", "beat", "executor"), "up"),
        **dict.fromkeys(("openclaw", "booking_api", "messaging_api", "payment_api"), "off"),
    }
    assert body["status"] == "healthy"
    assert body["timestamp"].endswith("Z")
    assert 0 <= body["metrics"].pop("memory_usage") <= 1
    assert 0 <= body["metrics"].pop("cpu_usage") <= 1
    assert body["metrics"].pop("uptime") > 0
    assert body["metrics"] == {"oldest_due_seconds": 0, "dead_letters": 0}


def test_the_whole_answer_is_cheap(
    client: Client, all_at_work: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        _health(client)


@pytest.mark.parametrize(
    ("seconds", "service", "overall", "http_status"),
    [(0, "up", "healthy", 200), (30, "degraded", "degraded", 200), (90, "down", "unhealthy", 503)],
)
def test_a_worker_that_was_not_seen_for_long_is_down(
    client: Client, all_at_work: None, seconds: int, service: str, overall: str, http_status: int
) -> None:
    Heartbeat.objects.filter(name="worker").update(at=health.real_now() - timedelta(seconds=seconds))
    body = _health(client, status=http_status)
    assert (body["services"]["worker"], body["services"]["executor"], body["status"]) == (service, service, overall)


def test_a_worker_that_never_reported_is_down(client: Client) -> None:
    body = _health(client, status=503)
    assert body["services"]["worker"] == "down"
    assert "aro up" in body["details"]["worker"]


def test_a_provider_that_is_down_degrades_but_is_no_outage(client: Client, all_at_work: None) -> None:
    health.register_check("messaging_api", lambda: CheckResult(Status.DOWN, "Paused after failures."))
    body = _health(client)
    assert (body["status"], body["services"]["messaging_api"]) == ("degraded", "down")
    assert client.get("/health/providers").status_code == 503
    assert client.get("/ready").status_code == 200


def test_a_check_that_breaks_harms_only_its_own_service(client: Client, all_at_work: None) -> None:
    def broken() -> CheckResult:
        raise DatabaseError("gone")

    health.register_check("payment_api", broken)
    body = _health(client)
    assert (body["status"], body["services"]["payment_api"], body["services"]["worker"]) == (
        "degraded",
        "degraded",
        "up",
    )


def test_the_age_of_the_oldest_due_row_counts_only_what_nobody_owns(client: Client, all_at_work: None) -> None:
    now = clock.now()
    due.put("timers", new_id(), now - timedelta(seconds=600))
    due.claim("timers", now=now, limit=1)
    due.put("timers", new_id(), now - timedelta(seconds=120))
    due.put("timers", new_id(), now + timedelta(seconds=600))
    assert 120 <= _health(client)["metrics"]["oldest_due_seconds"] < 180


def test_only_open_dead_letters_are_counted(client: Client, all_at_work: None) -> None:
    now = clock.now()
    facts = {"lane": "timers", "error_code": "X", "attempts": 1, "first_attempt_at": now, "last_attempt_at": now}
    for ended in ({}, {"archived_at": now}, {"replayed_at": now}):
        DeadLetter.objects.create(ref=new_id(), **facts, **ended)
    assert _health(client)["metrics"]["dead_letters"] == 1


def test_a_part_writes_its_heartbeat_once_in_five_seconds(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        health.beat("worker")
        health.beat("worker")
    health.beat("worker", every=0)
    assert Heartbeat.objects.filter(name="worker").count() == 1


def test_a_probe_answers_reading_only(client: Client) -> None:
    assert client.post("/ready").status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/health", "/health/database", "/health/redis", "/health/providers", "/ready", "/api/v1/health", "/metrics"],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_monitor_that_sends_the_wrong_method_reads_which_one_is_right(path: str, method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["error"]["message"] == "This address answers GET, HEAD only."
