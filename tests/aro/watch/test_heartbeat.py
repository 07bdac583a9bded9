"""The call to a monitor outside: made while all is well, on a real server that may misbehave."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from aro.models import Heartbeat
from aro.ops.unused_ports import unused_port
from aro.watch import health, heartbeat
from tests.integrations.loopback import Answer, Loopback, hang_up, http

pytestmark = pytest.mark.django_db


@pytest.fixture
def monitor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setattr(health, "_last_beat", {})
    for name in ("worker", "beat"):
        health.beat(name)
    with Loopback() as server:
        server.answers = [http(200, b"OK")]
        settings.ARO_HEARTBEAT_URL = f"{server.url}/ping/secret-uuid"
        yield server


def test_the_monitor_is_called_while_all_is_well(monitor: Loopback) -> None:
    assert heartbeat.send()
    assert monitor.requests[0].startswith(b"GET /ping/secret-uuid ")


def test_it_is_called_again_and_again_without_beat_and_broker(monitor: Loopback, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{unused_port()}/0"
    Heartbeat.objects.filter(name="beat").delete()
    assert heartbeat.send()
    assert heartbeat.send()
    assert len(monitor.requests) == 2


@pytest.mark.parametrize(("url", "asked"), [("https://monitor.example/ping/1", True), ("", False)])
def test_a_worker_calls_by_itself_when_there_is_an_address(
    url: str, asked: bool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "EVERY_SECONDS", 3600)
    settings.ARO_HEARTBEAT_URL = url
    before = set(threading.enumerate())
    heartbeat.keep_sending()
    assert ["heartbeat"] * asked == [thread.name for thread in set(threading.enumerate()) - before]


def test_without_an_address_nobody_is_called(monitor: Loopback, settings: Settings) -> None:
    settings.ARO_HEARTBEAT_URL = ""
    assert not heartbeat.send()
    assert monitor.requests == []


def test_the_calls_stop_when_something_vital_is_down(monitor: Loopback) -> None:
    Heartbeat.objects.filter(name="worker").update(at=health.real_now() - timedelta(minutes=5))
    assert not heartbeat.send()
    assert monitor.requests == []


@pytest.mark.parametrize("answer", [http(500, b"busy"), http(404, b""), hang_up])
def test_a_monitor_in_trouble_harms_nobody_and_its_address_stays_secret(
    monitor: Loopback, caplog: pytest.LogCaptureFixture, answer: Answer
) -> None:
    monitor.answers = [answer]
    with caplog.at_level(logging.DEBUG, logger="aro"):
        assert not heartbeat.send()
    assert "heartbeat not taken" in caplog.text
    assert "secret-uuid" not in caplog.text


def test_a_monitor_that_drips_its_answer_is_given_up_in_time(
    monitor: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "DEADLINE_SECONDS", 0.5)
    monitor.answers = [monitor.drip]
    started = time.monotonic()
    assert not heartbeat.send()
    assert time.monotonic() - started < 2
