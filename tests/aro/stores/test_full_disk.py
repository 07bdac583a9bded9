"""What callers and people are told while the disk is full. The SQLite here is a real one without room."""

from __future__ import annotations

import errno
import json
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from aro import errors
from aro.stores import full_disk
from aro.watch import health, http


def full_sqlite(directory: Path) -> OperationalError:
    with sqlite3.connect(directory / "small.db") as database:
        database.execute("PRAGMA max_page_count = 2")
        try:
            for number in range(100):
                database.execute(f"CREATE TABLE t{number} (x)")
        except sqlite3.OperationalError as error:
            wrapped = OperationalError(str(error))
            wrapped.__cause__ = error
            return wrapped
    raise AssertionError("it had room")


def full_postgres() -> OperationalError:
    wrapped = OperationalError("could not extend file")
    wrapped.__cause__ = psycopg.errors.DiskFull('could not extend file "base/1/2": No space left on device')
    return wrapped


def test_a_full_disk_is_known_by_what_either_database_says(tmp_path: Path) -> None:
    for error in (full_sqlite(tmp_path), full_postgres(), OSError(errno.ENOSPC, "No space left on device")):
        told = errors.from_exception(error)
        assert (told.http_status, told.retry_after, told.code) == (503, 60, "SERVICE_UNAVAILABLE")
        assert told.retryable
        assert "disk is full" in told.message
    assert "disk" not in errors.from_exception(OperationalError("database is locked")).message


def test_an_error_that_is_its_own_cause_is_looked_at_once() -> None:
    error = ValueError("raised from itself")
    error.__cause__ = error
    assert list(full_disk.causes(error)) == [error]
    assert not full_disk.is_full(error)


def test_a_database_that_only_says_it_is_gone_is_explained_by_its_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_disk, "has_no_room", lambda: True)
    assert "disk is full" in errors.from_exception(OperationalError("server closed the connection")).message


def test_programs_get_the_envelope_and_people_a_page(rf: RequestFactory, tmp_path: Path) -> None:
    error = full_sqlite(tmp_path)
    for path in ("/webhooks/twilio/sms", "/v1/bookings", "/admin/"):
        answer = http._failed(rf.post(path), error)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        text = answer.content.decode()
        assert ("<h1>The disk is full</h1>" in text) == (path == "/admin/")
        assert path == "/admin/" or "disk is full" in json.loads(text)["error"]["message"]


@pytest.mark.django_db
def test_readiness_says_that_there_is_no_room(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not full_disk.has_no_room()
    monkeypatch.setattr(full_disk, "_free", lambda place: 0)
    monkeypatch.setattr(full_disk, "_of_the_database", lambda: Path("/"))
    assert client.get("/health").status_code == 200
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert "disk is full" in answer.json()["reasons"][0]
    assert health.database().status == health.Status.DOWN


def test_a_place_that_cannot_be_looked_at_is_no_full_disk() -> None:
    assert full_disk._free(Path("/nonexistent")) >= full_disk.NO_ROOM_BYTES
