"""Traces: off by default, one plain line when they cannot work, and nothing about people in what goes out."""

from __future__ import annotations

import importlib.util
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.test import override_settings

from aro.project import ROOT
from config import tracing

installed = importlib.util.find_spec("opentelemetry") is not None
needs_packages = pytest.mark.skipif(
    not installed, reason="the tracing packages (requirements/production.txt) are missing"
)
PHONE, NAME = "2025550147", "Rosalind"
# A request with a query, as a web process serves it, and a task that fails with a text in its error.
WEB = f"""
from config.wsgi import application
from django.test import RequestFactory

def ask(path):
    request = RequestFactory().get(path, HTTP_USER_AGENT="{NAME}s browser", REMOTE_ADDR="203.0.113.9")
    application(request.environ | {{"HTTP_HOST": "127.0.0.1"}}, lambda status, headers: None)

ask("/admin/login/?next=/admin/?q={PHONE}")
ask("/health?q={PHONE}")
"""
WORKER = f"""
from celery.signals import worker_init
from config.celery import app

@app.task(name="probe")
def probe(words):
    raise ValueError("a text to {NAME} at {PHONE}")

worker_init.send(sender=None)
probe.apply(args=["{NAME} {PHONE}"])
"""


class Collector(HTTPServer):
    """Takes what is exported, as an OpenTelemetry collector does."""

    taken: list[tuple[str, bytes]]


class _Taker(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector(("127.0.0.1", 0), _Taker)
    server.taken = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


def environment(home: Path, **more: str) -> dict[str, str]:
    keys = {"ARO_SECRET_KEY": "x" * 60, "ARO_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
    base = {
        "PATH": os.environ["PATH"],
        "ARO_HOME": str(home),
        "ARO_MODE": "sandbox",
        "DATABASE_URL": "sqlite://:memory:",
    }
    return {**base, **keys, **more}


def ran(script: str, home: Path, **more: str) -> str:
    """What such a process complains about."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(home, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_nothing_is_traced_unless_it_is_asked_for() -> None:
    with override_settings(OTEL_EXPORTER_OTLP_ENDPOINT=""):
        assert tracing.start("web") is False


def test_an_address_that_is_none_is_one_plain_line(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(OTEL_EXPORTER_OTLP_ENDPOINT="collector:4318"), caplog.at_level(logging.ERROR):
        assert tracing.start("web") is False
    assert [record.getMessage() for record in caplog.records] == [tracing.NO_ADDRESS]


@pytest.mark.skipif(installed, reason="the tracing packages are installed")
def test_missing_packages_are_one_plain_line_that_names_the_file_to_install(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318"), caplog.at_level(logging.ERROR):
        assert tracing.start("web") is False
    (record,) = caplog.records
    assert "requirements/production.txt" in record.getMessage()
    assert record.exc_info is None
    assert (ROOT / "requirements" / "production.txt").is_file()


@pytest.mark.skipif(installed, reason="the tracing packages are installed")
@pytest.mark.slow
def test_without_the_packages_aro_serves_all_the_same(tmp_path: Path) -> None:
    printed = ran(WEB, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert "requirements/production.txt" in printed
    assert "ModuleNotFoundError" not in printed


@needs_packages
@pytest.mark.slow
def test_requests_and_tasks_are_traced_without_anything_about_people(collector: Collector, tmp_path: Path) -> None:
    for script in (WEB, WORKER):
        ran(script, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}")
    assert {path for path, _ in collector.taken} == {"/v1/traces"}
    sent = b"".join(body for _, body in collector.taken)
    for expected in (b"aro-web", b"aro-worker", b"admin/login/", b"run/probe", b"http.status_code"):
        assert expected in sent, expected
    for private in (PHONE.encode(), NAME.encode(), b"203.0.113.9", b"/health"):
        assert private not in sent, private
