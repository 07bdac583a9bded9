"""Rows for the hot path, singly and in bulk: a model's own columns and converters, without building a query each time.

A statement's text is made once per model and columns (`statements`). SQLite runs it once per row inside its own
library; PostgreSQL gets one statement for all rows, which its server unfolds from arrays. Values go in and come out as
Python has them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

from aro.queue import codecs, drivers, statements
from aro.queue.statements import Row

M = TypeVar("M", bound=models.Model)


class TakenError(Exception):
    """A row was not as its owner left it, or there already: somebody else was first. Nothing of this transaction may
    be kept."""


def fetch(model: type[M], ids: Collection[UUID]) -> list[M]:
    """The rows with these primary keys, in any order; one statement."""
    if len(ids) <= 1:
        return [one for id_ in ids if (one := first(model, id=id_))]
    vendor = statements.vendor()
    wanted = list(ids) if vendor == "postgresql" else json.dumps([one.hex for one in ids])
    return _read(model, statements.is_among(vendor), [wanted])


def first(model: type[M], *, newest: str = "", hold: bool = False, **equal: Any) -> M | None:
    """A row with these values in these columns, or None: the one with the latest value of the column `newest`, if any.
    `hold` locks it until the transaction ends."""
    vendor, columns = statements.vendor(), tuple(equal)
    absent = frozenset(column for column in columns if equal[column] is None)
    given = tuple(column for column in columns if column not in absent)
    (values,) = statements.encoded(model, given, [tuple(equal[column] for column in given)], vendor=vendor)
    found = _read(model, statements.equal(columns, absent, newest=newest, hold=hold, vendor=vendor), list(values))
    return found[0] if found else None


def matching(model: type[M], condition: str, values: Sequence[str]) -> list[M]:
    """The rows that meet this SQL, with `%s` for each value. For what equality does not say; values are strings."""
    return _read(model, condition, list(values))


def follow(objects: Collection[models.Model], *names: str) -> None:
    """Reads the rows that these foreign keys lead to; one statement for each key."""
    for name in names:
        with_one = [one for one in objects if getattr(one, f"{name}_id") is not None]
        if with_one:
            wanted = {getattr(one, f"{name}_id") for one in with_one}
            model = with_one[0]._meta.get_field(name).related_model
            found = {row.pk: row for row in fetch(model, wanted)}  # type: ignore[arg-type]
            for one in with_one:
                setattr(one, name, found[getattr(one, f"{name}_id")])


def refresh(one: models.Model, *names: str) -> None:
    """Reads all of its columns anew, and the rows that these foreign keys lead to. Raises `TakenError` when it is
    gone."""
    read = first(type(one), id=one.pk)
    if read is None:
        raise TakenError
    one.__dict__.update(read.__dict__)  # its state, too, which knows of no other row yet
    follow([one], *names)


def save(one: models.Model, *columns: str) -> None:
    """Writes these columns of it. Raises `TakenError` when it is gone."""
    _keep_in_step(one)
    values = [one._meta.get_field(column).pre_save(one, add=False) for column in columns]  # type: ignore[union-attr]
    update(type(one), columns, [(*values, one.pk)], where=("id",))


def _values(one: models.Model) -> Row:
    """All columns of a new row; those that note the moment have it from here."""
    _keep_in_step(one)
    for field in statements.noting(type(one)):
        field.pre_save(one, add=True)
    given: Row = statements.getter(type(one))(one)
    return given


def _named_values(one: models.Model) -> list[tuple[str, Any]]:
    return list(zip(statements.attributes(type(one)), _values(one), strict=True))


def _keep_in_step(one: models.Model) -> None:
    """What a model of ours does to itself when it is saved. A `save` of its own would be passed by unseen."""
    if type(one).save is not models.Model.save:
        keep = getattr(one, "keep_in_step", None)
        if keep is None:
            raise codecs.UnknownFieldError(
                f"{type(one)._meta.db_table}: {type(one).__name__} has a `save` of its own, which statements do not "
                "call. Move what it does to the row into `keep_in_step`, or use the ORM for this table."
            )
        keep()


def _read(model: type[M], condition: str, arguments: list[Any]) -> list[M]:
    sql, names, converters = statements.select(model, condition, statements.vendor())
    found = query(sql, arguments)
    return [made(model, names, statements.decoded(row, converters)) for row in found]


def made(model: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """An instance as `Model.from_db` makes it of a whole row, without the loop over its fields and the two signals
    that nobody here hears: a text reads twenty rows."""
    one = model.__new__(model)
    one.__dict__.update(zip(names, values))  # noqa: B905 - the statement was made of these names
    one._state = ModelState()
    one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
    return one


def query(sql: str, arguments: Sequence[Any]) -> list[Row]:
    """What a statement of one's own returns, as the driver gives it; values as the database takes them."""
    with drivers.cursor(connections[DEFAULT_DB_ALIAS]) as cursor:
        cursor.execute(sql, arguments)
        found: list[Row] = cursor.fetchall()
        return found


def insert(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row], *, on_conflict: str = "") -> None:
    """Inserts rows given as tuples of `columns`. `on_conflict` is SQL: with `ON CONFLICT ... DO NOTHING` a row that is
    there already raises `TakenError`; with `DO UPDATE` the caller sees to it that no row comes twice in one call."""
    here = connections[DEFAULT_DB_ALIAS]
    statement = statements.insert(model, columns, on_conflict, here.vendor)
    _write(here, statement, statements.encoded(model, columns, rows, vendor=here.vendor))


def insert_all(model: type[M], objects: Sequence[M], *, on_conflict: str = "") -> None:
    """`insert` for objects whose primary key is set by us."""
    columns = statements.attributes(model)
    insert(model, columns, [_values(one) for one in objects], on_conflict=on_conflict)
    for one in objects:
        one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS


def insert_new(one: models.Model, *, unique: tuple[str, ...]) -> bool:
    """Inserts it; False when a row with the same values in the `unique` columns is there already. Not within
    `together`, which answers only at its end. A number that the database gives it stays unknown here."""
    with drivers.cursor(connections[DEFAULT_DB_ALIAS]) as cursor:
        cursor.execute(*insertion(one, unique=unique))
        one._state.adding, one._state.db = cursor.rowcount == 0, DEFAULT_DB_ALIAS
    return not one._state.adding


def insertion(one: models.Model, *, unique: tuple[str, ...]) -> tuple[str, Row]:
    """The statement of `insert_new` and its values, for who makes it part of another one."""
    vendor = statements.vendor()
    known = [(name, value) for name, value in _named_values(one) if value is not None or name != one._meta.pk.attname]
    columns = tuple(name for name, _ in known)
    on_conflict = f"ON CONFLICT ({', '.join(unique)}) DO NOTHING"
    (row,) = statements.encoded(type(one), columns, [tuple(value for _, value in known)], vendor=vendor)
    return statements.insert(type(one), columns, on_conflict, vendor)[0], row


def alone(sql: str, values: Row) -> int:
    """Runs a statement that needs no transaction around it, for it is one; how many rows it met."""
    here = connections[DEFAULT_DB_ALIAS]
    if not here.in_atomic_block:
        _look_after(here)
    with drivers.cursor(here) as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _look_after(here: Any) -> None:
    """A connection that its server has ended is made anew. Django asks `SELECT 1` at each request to find out."""
    if here.connection is not None and here.health_check_enabled and not here.health_check_done:
        if drivers.has_hung_up(here):
            here.close_if_health_check_failed()
        here.health_check_done = True


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
    statement = statements.update(model, columns, where, also, here.vendor)
    _write(here, statement, statements.encoded(model, (*columns, *where), rows, vendor=here.vendor))


def change(one: models.Model, values: Mapping[str, Any], *, only_if: str) -> bool:
    """Writes these columns of it where this SQL holds of its row; False when it does not. Not within `together`."""
    here, columns = connections[DEFAULT_DB_ALIAS], tuple(values)
    sql, _ = statements.update(type(one), columns, ("id",), "", here.vendor)
    (row,) = statements.encoded(type(one), (*columns, "id"), [(*values.values(), one.pk)], vendor=here.vendor)
    with drivers.cursor(here) as cursor:
        cursor.execute(f"{sql} AND {only_if}", row)
        return bool(cursor.rowcount)


def delete(model: type[models.Model], rows: Sequence[Row], *, where: tuple[str, ...] = ("id", "fence")) -> None:
    """Deletes the rows that `where` names. Raises `TakenError` when one of them is not there."""
    here = connections[DEFAULT_DB_ALIAS]
    statement = statements.delete(model, where, here.vendor)
    _write(here, statement, statements.encoded(model, where, rows, vendor=here.vendor))


@contextmanager
def together() -> Iterator[None]:
    """Writes within go to PostgreSQL in one round trip; what they raise, the end of the block raises."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor != "postgresql" or drivers.is_watched(here) or _pipeline.sent is not None:
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
    with drivers.cursor(here) as cursor:
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
