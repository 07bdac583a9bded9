"""Somebody else holds the database: senders that try again are told in time, Twilio's replies wait, probes answer."""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection, connections

from appointments.models import Business
from aro import clock
from aro.stores import patience
from compliance import consent
from config import treatment
from integrations.models import Receipt
from tests.aro.web.conftest import SHORT, Running, served
from tests.integrations import signers
from tests.integrations.contract import fixture

TWILIO = {"AccountSid": "AC" + "a" * 32, "From": "+12125550147", "To": "+15005550006", "Body": "STOP", "NumMedia": "0"}
# How long a reply's sender waits, in seconds; what a machine busy with other tests takes is within it.
TWILIO_HANGS_UP = 15
# Does not end when it is cancelled.
DEAF = "DO $$ BEGIN PERFORM pg_sleep(30); EXCEPTION WHEN query_canceled THEN PERFORM pg_sleep(30); END $$"


@contextmanager
def stalled() -> Iterator[None]:
    """As a backup tool, a shell left open in a transaction, or a long ALTER TABLE does it."""
    if connection.vendor == "sqlite":
        holder = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.close()
        return
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE integrations_receipt IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            other.close()


def until_nobody_waits() -> None:
    """Every thread has given its wait for the lock up; SQLite's end before their sender is told."""
    if connection.vendor != "postgresql":
        return
    deadline = time.monotonic() + 15
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if not cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline, "statements go on waiting for the lock"
            time.sleep(0.1)


def until_idle(running: Running) -> None:
    """Every thread has given its connection back, also of a request whose sender was told to come again."""
    deadline = time.monotonic() + 40
    lanes = running.server._work._lanes.values()
    while any(lane._idle._value < lane._threads for lane in lanes):
        assert time.monotonic() < deadline, "a thread does not end"
        time.sleep(0.05)


@pytest.fixture
def front(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """ARO behind its own web server, on the test database."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    monkeypatch.setattr("tests.aro.web.conftest.treat", treatment.of)
    Business.objects.get_or_create(defaults={"name": "Clinic"})
    with served(get_wsgi_application(), SHORT) as running:
        yield running
        until_idle(running)


def post(running: Running, path: str, body: bytes, headers: dict[str, str]) -> tuple[bytes, float]:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{lines}\r\n"
    began = time.monotonic()
    return running.ask(head.encode() + body), time.monotonic() - began


def calendly(running: Running) -> tuple[bytes, float]:
    data = json.loads(fixture("calendly", "invitee.created"))
    data["payload"]["uri"] += uuid4().hex
    body = json.dumps(data).encode()
    headers = signers.calendly(body, secret="sandbox-calendly-signing-key", at=clock.now().timestamp())
    return post(running, "/webhooks/calendly", body, {"Content-Type": "application/json", **headers})


def reply(running: Running) -> tuple[bytes, float]:
    body = urlencode({"MessageSid": "SM" + uuid4().hex, **TWILIO}).encode()
    url = settings.PUBLIC_BASE_URL + "/webhooks/twilio/sms"
    headers = signers.twilio(body, secret="sandbox-twilio-auth-token", url=url)
    return post(running, "/webhooks/twilio/sms", body, {"Content-Type": "application/x-www-form-urlencoded", **headers})


def test_who_tries_again_is_told_within_three_seconds_and_probes_and_pages_are_answered(front: Running) -> None:
    assert calendly(front)[0].startswith(b"HTTP/1.1 200")
    with stalled():
        told: list[tuple[bytes, float]] = []
        crowd = [threading.Thread(target=lambda: told.append(calendly(front))) for _ in range(12)]
        for one in crowd:
            one.start()
        time.sleep(0.5)
        for path in ("/health", "/ready", "/admin/login/"):
            began = time.monotonic()
            asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
            assert front.ask(asked).startswith(b"HTTP/1.1 200"), path
            assert time.monotonic() - began < 5, path
        for one in crowd:
            one.join(10)
        # Who was told to come again is stored all the same when the lock goes in that very moment; then it counts once.
        until_nobody_waits()
    assert len(told) == 12
    for said, seconds in told:
        assert said.startswith(b"HTTP/1.1 503"), said
        assert b"Retry-After: 5" in said
        assert b'"retryable": true' in said
        # Three at most (`tests/config/test_treatment.py`), and what a machine busy with other tests takes.
        assert seconds < treatment.DELIVERIES.seconds + 4
    assert calendly(front)[0].startswith(b"HTTP/1.1 200")  # the threads are free again
    assert Receipt.objects.filter(source="calendly").count() == 2


def test_a_reply_waits_because_twilio_repeats_nothing_and_holds_when_the_database_is_back(front: Running) -> None:
    told: list[Any] = []
    with stalled():
        waiting = threading.Thread(target=lambda: told.append(reply(front)))
        waiting.start()
        time.sleep(4.5)
        assert not told
    waiting.join(10)
    said, seconds = told[0]
    assert said.startswith(b"HTTP/1.1 200")
    assert 4 < seconds < TWILIO_HANGS_UP
    assert consent.is_suppressed("+12125550147")


def test_a_reply_that_has_waited_in_vain_gets_an_answer_that_twilio_is_told_to_repeat_after(front: Running) -> None:
    with stalled():
        said, seconds = reply(front)
    assert said.startswith(b"HTTP/1.1 503")
    assert 9 < seconds < TWILIO_HANGS_UP


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could fall silent")
def test_a_server_that_takes_connections_and_says_nothing_keeps_nobody_waiting(
    front: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        monkeypatch.setitem(connection.settings_dict, "PORT", silent.getsockname()[1])
        said, seconds = calendly(front)
        assert said.startswith(b"HTTP/1.1 503")
        assert seconds < 6
    monkeypatch.undo()
    time.sleep(1.5)  # the thread gives up after three seconds


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's waits end by themselves")
@pytest.mark.parametrize("statement", ["SELECT pg_sleep(30)", DEAF])
def test_a_thread_is_had_back_from_a_statement_even_if_that_will_not_be_cancelled(statement: str, db: None) -> None:
    other, ended = connections.create_connection("default"), threading.Event()

    other.inc_thread_sharing()

    def wait() -> None:
        with contextlib.suppress(OperationalError), other.cursor() as cursor:
            cursor.execute(statement)
        ended.set()

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    patience.give_up(other, while_=lambda: not ended.is_set())
    assert ended.wait(5)
    assert time.monotonic() - began < 3
    thread.join(5)
    other.close()
