"""Log lines and error reports: their shape, and that no person and no secret is ever in one."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from django.test import Client
from pytest_django import Settings

from aro.watch import error_reports, logs, scrub

PHONES = ("+15551234567", "(555) 123-4567", "555.123.4567", "0049 30 1234567", "+44\u00a020 7946 0958", "tel5551234567")
EMAIL = "ann.o'hara+clinic@mail.example.org"
SECRET = "AC-token-0f9e8d7c6b5a"  # noqa: S105
ID = "0199b7c2-1111-7222-8333-123456789012"


@pytest.fixture(autouse=True)
def secret(settings: Settings) -> Iterator[None]:
    settings.TWILIO_AUTH_TOKEN = SECRET
    scrub.forget()
    yield
    scrub.forget()


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.json_formatter())
    for name in ("canary", "aro.watch.middleware"):
        logging.getLogger(name).addHandler(handler)
    yield written
    for name in ("canary", "aro.watch.middleware"):
        logging.getLogger(name).removeHandler(handler)


def _last(stream: io.StringIO) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(stream.getvalue().splitlines()[-1])
    return line


def _shows_nothing(text: str) -> None:
    for private in (*PHONES, EMAIL, SECRET, "ann.o", "1234567", "123-4567"):
        assert private not in text
    # As a word of its own: ids and microseconds are made anew in each run, and four digits turn up in them by chance.
    assert not re.search(r"\b7946\b", text)


@pytest.mark.parametrize("canary", [*PHONES, EMAIL, SECRET])
def test_a_canary_shows_nowhere_in_a_line(stream: io.StringIO, canary: str) -> None:
    logger = logging.getLogger("canary")
    logger.warning("sent to %s", canary)
    logger.warning(f"sent to {canary}.", extra={"lane": canary, "deep": {"list": [canary, {canary: canary}]}})
    structlog.get_logger("canary").warning(f"sent to {canary}", other=canary)
    try:
        raise ValueError(f"cannot send to {canary}")
    except ValueError:
        logger.exception("failed for %s", canary)
    assert len(stream.getvalue().splitlines()) == 4
    _shows_nothing(stream.getvalue())


def test_a_line_has_the_fields_that_people_search_by(stream: io.StringIO) -> None:
    correlation = uuid.uuid4()
    with logs.correlated(correlation):
        logging.getLogger("canary").error("claim lost", extra={"lane": "timers", "ref": ID, "attempts": 2})
    line = _last(stream)
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "level": "error",
        "service": "cli",
        "logger": "canary",
        "message": "claim lost",
        "correlation_id": str(correlation),
        "context": {"lane": "timers", "ref": ID, "attempts": 2},
    }


def test_a_request_is_logged_by_its_route_under_the_callers_id(stream: io.StringIO, client: Client) -> None:
    correlation = str(uuid.uuid4())
    client.get("/v1/patients/Zebulon?phone=+15551234567", headers={"X-Correlation-Id": correlation})
    line = _last(stream)
    assert line["correlation_id"] == correlation
    assert (line["context"]["route"], line["context"]["status"]) == ("unmatched", 404)
    assert "Zebulon" not in stream.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/health", "/nothing/here"])
def test_a_host_that_a_scanner_makes_up_is_one_short_warning_without_it(
    client: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    client.get(path, headers={"host": "evil.example"})
    loud = [line for line in caplog.records if line.levelno >= logging.WARNING]
    assert [line.getMessage() for line in loud] in ([], ["a suspicious request was refused"])
    assert all(line.levelno == logging.WARNING and not line.exc_info for line in loud)
    assert not any("evil" in str(vars(line)) for line in caplog.records if line.name != "aro.watch.middleware")
    assert loud or path != "/admin/login/"


def test_a_traceback_is_told_without_local_variables(stream: io.StringIO) -> None:
    patient = "Zebulon Quartz"
    try:
        raise RuntimeError("stopped")
    except RuntimeError:
        logging.getLogger("canary").exception("failed")
    line = _last(stream)
    assert "RuntimeError: stopped" in line["exception"]
    assert "test_logs.py" in line["exception"]
    assert f'= "{patient}"' not in line["exception"]


def test_values_without_a_pattern_are_hidden_by_their_key(stream: io.StringIO) -> None:
    logging.getLogger("canary").info("x", extra={"body": "I am late", "first_name": "Zebulon", "lane": "timers"})
    assert _last(stream)["context"] == {"body": "[hidden]", "first_name": "[hidden]", "lane": "timers"}


@pytest.mark.parametrize(
    "harmless",
    [
        ID,
        "2026-11-21T00:36:10.123456+00:00",
        "2026-11-21 00:36",
        "SM0123456789abcdef0123456789abcdef",
        "7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730",
        "127.0.0.1:3000",
        "0.123456789",
        "line 120, in tick",
        "port 63790",
    ],
)
def test_ids_times_and_hashes_stay_readable(harmless: str) -> None:
    assert scrub.text(f"({harmless}) done") == f"({harmless}) done"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call +1 (555) 123-4567 now", "call ***67 now"),
        ("2026-11-21 5551234567", "2026-11-21 ***67"),
        ("postgres://aro:hunter2@db/aro", "postgres://[hidden]@db/aro"),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer [hidden]"),
        ("key sk_live_abc123 used", "key sk_live_[hidden] used"),
        ("DETAIL:  Key (name)=(Zebulon) exists.", "DETAIL: [hidden]"),
        ("%2B15551234567", "%2B***67"),
        ("(555) 123-4567", "(***67"),
    ],
)
def test_what_is_hidden_leaves_the_rest(text: str, kept: str) -> None:
    assert scrub.text(text) == kept


@pytest.mark.parametrize("piece", ["a1-", "a.", "1", "x@", "://a:", "+1 (", "0.", "abcdef12"])
def test_no_text_takes_long(piece: str) -> None:
    started = time.thread_time()
    scrub.text(piece * 20_000)
    assert time.thread_time() - started < 2


def test_an_address_behind_other_characters_is_found() -> None:
    assert "ann" not in scrub.text(f"2026-11-21ann@mail.example.org {'x' * 80}ann@mail.example.org")


def test_a_secret_learned_while_running_is_hidden_too() -> None:
    scrub.hide("just-decrypted-credential")
    assert scrub.text("login with just-decrypted-credential") == "login with [hidden]"


def test_outside_a_request_there_is_a_new_correlation_id_each_time() -> None:
    assert logs.correlation_id() != logs.correlation_id()
    bound = uuid.uuid4()
    with logs.correlated(bound):
        assert logs.correlation_id() == bound


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (["/opt/aro/config/web.py", "--listener", "6"], "web"),
        (["/v/site-packages/celery/__main__.py", "-A", "config.celery", "worker"], "worker"),
        (["/v/site-packages/celery/__main__.py", "-A", "config.celery", "beat"], "beat"),
        (["/v/bin/celery", "-A", "config.celery", "flower"], "flower"),
        (["/p/integrations/sandbox/__main__.py"], "sandbox"),
        (["/v/bin/aro", "appointments:list"], "cli"),
    ],
)
def test_a_process_is_named_by_how_it_was_started(argv: list[str], name: str) -> None:
    assert logs.service(argv) == name


def test_a_real_process_logs_json_and_hides_what_libraries_say() -> None:
    program = (
        "import django, logging; django.setup();"
        "logging.getLogger('twilio.http_client').info('quiet');"
        "logging.getLogger('somebody').warning('to +15551234567')"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], env=dict(os.environ), capture_output=True, text=True, timeout=60, check=True
    )
    (line,) = [json.loads(text) for text in done.stderr.splitlines()]
    assert (line["message"], line["level"]) == ("to ***67", "warning")


def _reports(canaries: list[str]) -> list[str]:
    """What a process of its own would send: Sentry's patches of libraries stay out of this one."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "tests.aro.reporter"],
        input=json.dumps(canaries),
        env=dict(os.environ, TWILIO_AUTH_TOKEN=SECRET),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


def test_error_reports_carry_no_person_and_no_secret() -> None:
    canaries = [*PHONES, EMAIL, SECRET]
    reports = _reports(canaries)
    assert len(reports) == len(canaries)
    for report in reports:
        assert "cannot send to" in report
        assert "Quartz" not in report
        _shows_nothing(report)


def test_without_a_dsn_nothing_is_reported() -> None:
    error_reports.start(dsn="", release="1", environment="test")
    assert not sentry_sdk.get_client().is_active()
