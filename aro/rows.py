"""Rows in bulk, for the hot path: a model's own columns and converters, without building a query each time.

A statement's text is made once per model and columns. SQLite runs it once per row inside its own library; PostgreSQL
gets one statement for all rows, which its server unfolds from arrays. Values go in and come out as Python has them.
"""

# ruff: noqa: S608 - every name in these statements is one of our own models
from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

M = TypeVar("M", bound=models.Model)
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]


class TakenError(Exception):
    """A row was not as its owner left it, or there already: somebody else was first. Nothing of this transaction may
    be kept."""


def fetch(model: type[M], ids: Sequence[UUID]) -> list[M]:
    """The rows with these primary keys, in any order; one statement."""
    if not ids:
        return []
    here = connections[DEFAULT_DB_ALIAS]
    one, many, names, converters = _select(model, here.vendor)
    if len(ids) == 1:
        found = _rows(here, one, [_key(here, ids[0])])
    else:
        wanted = list(ids) if here.vendor == "postgresql" else json.dumps([one.hex for one in ids])
        found = _rows(here, many, [wanted])
    return [model.from_db(here.alias, names, _decoded(row, converters)) for row in found]


def _key(here: BaseDatabaseWrapper, value: UUID) -> Any:
    return value if here.features.has_native_uuid_field else value.hex


def insert(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row], *, on_conflict: str = "") -> None:
    """Inserts rows given as tuples of `columns`. `on_conflict` is SQL: with `ON CONFLICT ... DO NOTHING` a row that is
    there already raises `TakenError`; with `DO UPDATE` the caller sees to it that no row comes twice in one call."""
    here = connections[DEFAULT_DB_ALIAS]
    _write(here, _insert(model, columns, on_conflict, here.vendor), _encoded(here, model, columns, rows))


def insert_all(model: type[M], objects: Sequence[M], *, on_conflict: str = "") -> None:
    """`insert` for objects whose primary key is set by us."""
    columns = _attributes(model)
    read = attrgetter(*columns)
    for one in objects:
        one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
    insert(model, columns, [read(one) for one in objects], on_conflict=on_conflict)


def update(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: Sequence[Row],
    *,
    where: tuple[str, ...] = ("id", "fence"),
    also: str = "",
) -> None:
    """Sets `columns` of the rows that `where` names; each tuple has the values of both, in that order. `also` is SQL.

    Raises `TakenError` when one of the rows is not there.
    """
    here = connections[DEFAULT_DB_ALIAS]
    statement = _update(model, columns, where, also, here.vendor)
    _write(here, statement, _encoded(here, model, (*columns, *where), rows))


def delete(model: type[models.Model], rows: Sequence[Row], *, where: tuple[str, ...] = ("id", "fence")) -> None:
    """Deletes the rows that `where` names. Raises `TakenError` when one of them is not there."""
    here = connections[DEFAULT_DB_ALIAS]
    _write(here, _delete(model, where, here.vendor), _encoded(here, model, where, rows))


@contextmanager
def together() -> Iterator[None]:
    """Writes within go to PostgreSQL in one round trip; what they raise, the end of the block raises."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor != "postgresql" or _is_watched(here) or _pipeline.sent is not None:
        yield
        return
    here.ensure_connection()
    sent: list[tuple[Any, int]] = []
    _pipeline.sent = sent
    try:
        with here.wrap_database_errors, here.connection.pipeline():
            yield
    finally:
        _pipeline.sent = None
    for cursor, wanted in sent:
        _check(cursor, wanted)


class _Pipeline(threading.local):
    """What this thread has sent within `together`: cursors, with the number of rows that each must have met."""

    sent: list[tuple[Any, int]] | None = None


_pipeline = _Pipeline()


def _check(cursor: Any, wanted: int) -> None:
    if cursor.rowcount != wanted:
        raise TakenError


def _write(here: BaseDatabaseWrapper, statement: tuple[str, str], rows: list[Row]) -> None:
    if not rows:
        return
    with _cursor(here) as cursor:
        _execute(here, cursor, statement, rows)
        if _pipeline.sent is None:
            _check(cursor, len(rows))
        else:
            _pipeline.sent.append((cursor, len(rows)))


def _execute(here: BaseDatabaseWrapper, cursor: Any, statement: tuple[str, str], rows: list[Row]) -> None:
    one, many = statement
    if len(rows) == 1:
        cursor.execute(one, rows[0])
    elif here.vendor == "postgresql":
        cursor.execute(many, [list(column) for column in zip(*rows, strict=True)])
    else:
        cursor.executemany(one, rows)


def _rows(here: BaseDatabaseWrapper, sql: str, arguments: list[Any]) -> list[Row]:
    with _cursor(here) as cursor:
        cursor.execute(sql, arguments)
        return list(cursor.fetchall())


@contextmanager
def _cursor(here: BaseDatabaseWrapper) -> Iterator[Any]:
    """The driver's own cursor: Django's costs as much again as the statement. Where somebody counts or watches
    statements it is Django's, so that nothing is hidden from tests and debuggers."""
    if _is_watched(here):
        with here.cursor() as watched:
            yield watched
        return
    if here.connection is None:
        here.ensure_connection()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors, closing(_DRIVERS[here.vendor](here.connection)) as cursor:
        yield cursor


def _is_watched(here: BaseDatabaseWrapper) -> bool:
    return bool(here.queries_logged or here.execute_wrappers)


class _QmarkCursor(sqlite3.Cursor):
    """Takes the statements as written here, with `%s` for a value."""

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        return super().execute(_qmarks(sql), parameters)

    def executemany(self, sql: str, rows: Any) -> Any:
        return super().executemany(_qmarks(sql), rows)


@cache
def _qmarks(sql: str) -> str:
    return sql.replace("%s", "?")


# psycopg's plain cursor sends values beside the statement, so the server can keep its plan.
_DRIVERS: dict[str, Callable[[Any], Any]] = {"sqlite": _QmarkCursor, "postgresql": psycopg.Cursor}


# One statement per kind, for one row and (PostgreSQL) for arrays of columns. `vendor` is in the key of the cache only.


@cache
def _select(model: type[models.Model], vendor: str) -> tuple[str, str, list[str], list[tuple[int, Convert]]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(str(field.column) for field in fields)
    among = "= ANY(%s::uuid[])" if vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    head = f"SELECT {columns} FROM {model._meta.db_table} WHERE id"
    converters = [(n, convert) for n, field in enumerate(fields) for convert in _converters(field)]
    return f"{head} = %s", f"{head} {among}", [field.attname for field in fields], converters


@cache
def _insert(model: type[models.Model], columns: tuple[str, ...], on_conflict: str, vendor: str) -> tuple[str, str]:
    head = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
    one = f"{head} VALUES ({', '.join(['%s'] * len(columns))}) {on_conflict}"
    return one, f"{head} SELECT * FROM {_arrays(model, columns)} {on_conflict}"


@cache
def _update(
    model: type[models.Model], columns: tuple[str, ...], where: tuple[str, ...], also: str, vendor: str
) -> tuple[str, str]:
    table = model._meta.db_table
    more = f", {also}" if also else ""
    one = f"UPDATE {table} SET {_pairs(columns, ', ')}{more} WHERE {_pairs(where, ' AND ')}"
    named = [f"n{n}" for n in range(len(columns) + len(where))]
    sets = ", ".join(f"{c} = v.{n}" for c, n in zip(columns, named, strict=False))
    keys = " AND ".join(f"{table}.{c} = v.{n}" for c, n in zip(where, named[len(columns) :], strict=True))
    source = _arrays(model, (*columns, *where))
    return one, f"UPDATE {table} SET {sets}{more} FROM {source} AS v ({', '.join(named)}) WHERE {keys}"


@cache
def _delete(model: type[models.Model], where: tuple[str, ...], vendor: str) -> tuple[str, str]:
    table = model._meta.db_table
    one = f"DELETE FROM {table} WHERE {_pairs(where, ' AND ')}"
    keys = " AND ".join(f"{table}.{name} = v.{name}" for name in where)
    return one, f"DELETE FROM {table} USING {_arrays(model, where)} AS v ({', '.join(where)}) WHERE {keys}"


def _pairs(columns: tuple[str, ...], between: str) -> str:
    return between.join(f"{column} = %s" for column in columns)


def _arrays(model: type[models.Model], columns: tuple[str, ...]) -> str:
    types = [str(_field(model, column).cast_db_type(connection)) for column in columns]
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in types)})"


@cache
def _attributes(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def _field(model: type[models.Model], column: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.column == column)


def _encoded(
    here: BaseDatabaseWrapper, model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row]
) -> list[Row]:
    encoders = _encoders(model, columns, here.vendor)
    return [tuple([encode(value) if encode else value for encode, value in zip(encoders, row)]) for row in rows]  # noqa: B905 - the database counts


@cache
def _encoders(model: type[models.Model], columns: tuple[str, ...], vendor: str) -> list[Convert | None]:
    return [_encoder(_field(model, column), vendor) for column in columns]


def _encoder(field: Any, vendor: str) -> Convert | None:
    target = field.target_field if field.is_relation else field
    if isinstance(target, models.JSONField):
        return json.dumps
    if vendor == "postgresql":
        return None
    if isinstance(target, models.UUIDField):
        return lambda value: value and value.hex
    return connection.ops.adapt_datetimefield_value if isinstance(target, models.DateTimeField) else None


def _converters(field: Any) -> list[Convert]:
    column = field.get_col(field.model._meta.db_table)  # a foreign key's is of its target's type
    found = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
    return [partial(_convert, convert, column) for convert in found]


def _convert(convert: Callable[..., Any], column: Any, value: Any) -> Any:
    return convert(value, column, connection)


def _decoded(row: Row, converters: list[tuple[int, Convert]]) -> list[Any]:
    values = list(row)
    for n, convert in converters:
        values[n] = convert(values[n])
    return values
