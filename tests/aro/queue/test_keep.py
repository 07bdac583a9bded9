"""What is kept and made due at once: both or neither, once, also over a connection that its server has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from aro.ids import new_id
from aro.models import DeadLetter, Due
from aro.queue import due, work

NOW = datetime(2026, 11, 24, 15, 0, 0, 123456, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def letter(**more: Any) -> DeadLetter:
    fields: dict[str, Any] = {"attempts": 1, "first_attempt_at": NOW, "last_attempt_at": NOW, "error_message": "%s"}
    return DeadLetter(lane="x", ref=new_id(), **fields | more)


def test_a_row_is_kept_and_due_together_and_once() -> None:
    first = letter()
    second = letter(id=first.id)
    with CaptureQueriesContext(connection) as asked:
        assert due.keep(first, "x", NOW, unique=("id",))
    assert connection.vendor != "postgresql" or len(asked) == 1, "one round trip"
    assert not due.keep(second, "x", NOW + timedelta(days=1), unique=("id",))
    assert DeadLetter.objects.get().ref == first.ref
    assert list(Due.objects.values_list("lane", "ref", "due_at", "fence", "attempts")) == [("x", first.id, NOW, 0, 0)]


def test_what_cannot_be_made_due_is_not_kept() -> None:
    with pytest.raises(DatabaseError):
        due.keep(letter(), None, NOW, unique=("id",))  # type: ignore[arg-type]
    assert not DeadLetter.objects.exists()


def test_it_is_kept_over_a_connection_that_the_server_has_ended_meanwhile() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    connection.ensure_connection()
    ended = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    here: Any = connection
    here.health_check_enabled, here.health_check_done = True, False  # as at the start of a request
    assert due.keep(letter(), "x", NOW, unique=("id",))
    assert DeadLetter.objects.count() == Due.objects.count() == 1


def test_work_begins_on_a_new_connection_after_the_server_was_restarted() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    work.tend_connection()
    connection.ensure_connection()
    ended = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    work.tend_connection()
    assert due.claim("x", now=NOW, limit=1) == []
