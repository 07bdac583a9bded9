"""The driver's own cursor, for statements that are made once."""

from __future__ import annotations

import select
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def cursor(here: BaseDatabaseWrapper) -> Iterator[Any]:
    """The driver's own cursor: Django's costs as much again as the statement. Where somebody counts or watches
    statements it is Django's, so that nothing is hidden from tests and debuggers."""
    if is_watched(here):
        with here.cursor() as watched:
            yield watched
        return
    if here.connection is None:
        here.ensure_connection()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors, closing(_DRIVERS[here.vendor](here.connection)) as cursor:
        yield cursor


def is_watched(here: BaseDatabaseWrapper) -> bool:
    return bool(here.queries_logged or here.execute_wrappers)


def has_hung_up(here: BaseDatabaseWrapper) -> bool:
    """Whether the server has ended this connection, without a round trip: who has hung up has sent the end, which is
    there to be read, and else nothing is. Ask between transactions."""
    if here.vendor != "postgresql" or here.connection is None:
        return False
    line = select.poll()
    line.register(here.connection.pgconn.socket, select.POLLIN)
    return bool(line.poll(0))


class _QmarkCursor(sqlite3.Cursor):
    """Takes the statements as written here, with `%s` for a value."""

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        return super().execute(_qmarks(sql), parameters)

    def executemany(self, sql: str, rows: Any) -> Any:
        return super().executemany(_qmarks(sql), rows)


@cache
def _qmarks(sql: str) -> str:
    return sql.replace("%s", "?")


def _plain_cursor(connection: Any) -> Any:
    """psycopg's own, which sends values beside the statement, so that the server can keep its plan."""
    import psycopg  # noqa: PLC0415 - it takes 9 MB of each process, and none is needed on SQLite

    return psycopg.Cursor(connection)


_DRIVERS: dict[str, Callable[[Any], Any]] = {"sqlite": _QmarkCursor, "postgresql": _plain_cursor}
