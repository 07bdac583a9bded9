"""A database that can be read and not written. PostgreSQL is really made so; SQLite is one by its file's rights."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, InternalError, OperationalError, connection
from django.test import Client, RequestFactory

from aro import errors
from aro.models import Heartbeat
from aro.ops import bootstrap
from aro.queue import outage, tasks, work
from aro.queue.lanes import Lane
from aro.watch import health, http

WORDS = "can be read but not written"


@pytest.fixture
def frozen(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every new session is read-only, as on a standby and on a managed database that is full."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no sessions; its file's rights are below")
    for name in ("worker", "beat"):
        health.beat(name, every=0)
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    monkeypatch.setattr(health, "_last_beat", {})
    monkeypatch.setattr(outage, "_said", outage._Said())
    _execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    connection.close()
    try:
        yield
    finally:
        _execute(
            "SET default_transaction_read_only = off", f"ALTER DATABASE {name} RESET default_transaction_read_only"
        )
        connection.close()


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)


def refused() -> InternalError:
    wrapped = InternalError("kann UPDATE nicht in einer Read-Only-Transaktion ausf\xfchren")
    wrapped.__cause__ = psycopg.errors.ReadOnlySqlTransaction(str(wrapped))
    return wrapped


def test_the_probes_say_at_once_that_it_cannot_be_written_and_blame_nobody_else(client: Client, frozen: None) -> None:
    ready = client.get("/ready")
    assert (ready.status_code, WORDS in ready.json()["reasons"][0]) == (503, True)
    told = client.get("/api/v1/health")
    body = told.json()
    assert (told.status_code, body["status"], body["services"]["database"]) == (503, "unhealthy", "down")
    assert WORDS in body["details"]["database"]
    assert {body["services"][name] for name in ("worker", "beat", "executor")} == {"degraded"}
    assert "See its log" not in str(body["details"])
    assert client.get("/health").status_code == 200


def test_a_worker_says_it_once_and_goes_on_by_itself(frozen: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            tasks.tick_lane("receipts", "beat")
    said = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert [WORDS in one for one in said] == [True]


def test_the_kill_switch_says_that_it_is_not_kept_and_what_holds(
    frozen: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DatabaseError) as error:
        call_command("kill_switch_on")
    said = capsys.readouterr().err
    assert "SENDING IS STILL ON" in said
    assert "aro stop" in said
    line = bootstrap.database_advice(error.value)
    assert WORDS in line
    assert "is not running" not in line


def test_once_it_can_be_written_no_session_of_before_keeps_it_read_only(client: Client, frozen: None) -> None:
    assert client.get("/ready").status_code == 503
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": None}, autocommit=True) as other:
        other.execute("SET default_transaction_read_only = off")
        other.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert client.get("/ready").status_code == 200
    tasks.tick_lane("receipts", "beat")
    assert Heartbeat.objects.filter(name="beat").exists()


@pytest.mark.parametrize("error", [refused(), OperationalError("attempt to write a readonly database")])
def test_programs_are_told_to_come_again_and_people_what_was_not_saved(
    rf: RequestFactory, error: DatabaseError
) -> None:
    told = errors.from_exception(error)
    assert (told.http_status, told.retryable, "not written" in told.message) == (503, True, True)
    for path in ("/v1/bookings", "/admin/"):
        answer = http._failed(rf.post(path), error)
        assert answer.status_code == 503
        assert ("<h1>Nothing can be saved at the moment</h1>" in answer.content.decode()) == (path == "/admin/")
    assert WORDS in bootstrap.database_advice(error)


def test_a_row_is_not_buried_for_it() -> None:
    lane = Lane(name="test", handle=lambda claims, now: None, max_attempts=3)
    assert work._most_attempts(lane, refused()) > work._most_attempts(lane, ValueError())


@pytest.mark.django_db
def test_a_file_that_may_not_be_written_is_named_by_the_probes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("its own way is above")
    assert client.get("/ready").status_code == 200
    monkeypatch.setattr("aro.stores.read_only.os.access", lambda *_: False)
    assert WORDS in client.get("/ready").json()["reasons"][0]


def test_what_is_no_outage_is_not_endured() -> None:
    with pytest.raises(ZeroDivisionError), outage.endured():
        raise ZeroDivisionError
