"""The statements that `rows` runs, each made once per model and columns, and how values go in and come out."""

# ruff: noqa: S608 - every name in these statements is one of our own models
from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, models

from aro.queue import codecs
from aro.queue.codecs import Convert

Row = tuple[Any, ...]
Converters = list[tuple[int, Convert]]


@cache
def vendor() -> str:
    """Which kind of database it is; the same as long as the process lives."""
    return connection.vendor


# One statement per kind, for one row and (PostgreSQL) for arrays of columns. `vendor` is in the key of the cache only.


@cache
def select(model: type[models.Model], condition: str, vendor: str) -> tuple[str, list[str], Converters]:
    """All columns of the rows that meet the condition; the attributes that they become, and how."""
    fields = model._meta.concrete_fields
    columns = ", ".join(str(field.column) for field in fields)
    converters = [(n, one) for n, field in enumerate(fields) for one in _converters(field)]
    sql = f"SELECT {columns} FROM {model._meta.db_table} WHERE {condition}"
    return sql, [field.attname for field in fields], converters


@cache
def equal(columns: tuple[str, ...], absent: frozenset[str], *, newest: str, hold: bool, vendor: str) -> str:
    """The condition for one row with these values, those named in `absent` being NULL."""
    among = " AND ".join(f"{c} IS NULL" if c in absent else f"{c} = %s" for c in columns)
    order = f" ORDER BY {newest} DESC, id DESC" if newest else ""
    return f"{among}{order} LIMIT 1" + (" FOR UPDATE" if hold and vendor == "postgresql" else "")


def is_among(vendor: str) -> str:
    """The condition for the rows with these ids."""
    return "id = ANY(%s::uuid[])" if vendor == "postgresql" else "id IN (SELECT value FROM json_each(%s))"


@cache
def insert(model: type[models.Model], columns: tuple[str, ...], on_conflict: str, vendor: str) -> tuple[str, str]:
    head = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
    one = f"{head} VALUES ({', '.join(['%s'] * len(columns))}) {on_conflict}"
    return one, f"{head} SELECT * FROM {_arrays(model, columns)} {on_conflict}"


@cache
def update(
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
def delete(model: type[models.Model], where: tuple[str, ...], vendor: str) -> tuple[str, str]:
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
def attributes(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def getter(model: type[models.Model]) -> Callable[[models.Model], Row]:
    """The values of all columns of an instance."""
    return attrgetter(*attributes(model))


@cache
def noting(model: type[models.Model]) -> list[Any]:
    """The fields that set their own value when a row is written, such as the moment."""
    plain = (models.Field.pre_save, models.JSONField.pre_save)
    return [field for field in model._meta.concrete_fields if type(field).pre_save not in plain]


def _field(model: type[models.Model], column: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.column == column)


def encoded(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Row], *, vendor: str) -> list[Row]:
    ways = _encoders(model, columns, vendor)
    return [tuple([encode(value) if encode else value for encode, value in zip(ways, row)]) for row in rows]  # noqa: B905 - the database counts


@cache
def _encoders(model: type[models.Model], columns: tuple[str, ...], vendor: str) -> list[Convert | None]:
    return [_encoder(_field(model, column), vendor) for column in columns]


def _encoder(field: Any, vendor: str) -> Convert | None:
    ways = [way for way in (codecs.of(field).encode, _drivers_form(codecs.value_field(field), vendor)) if way]
    return ways[0] if len(ways) == 1 else partial(_one_after_the_other, ways) if ways else None


def _one_after_the_other(ways: list[Convert], value: Any) -> Any:
    for way in ways:
        value = way(value)
    return value


def _drivers_form(field: Any, vendor: str) -> Convert | None:
    kind = field.get_internal_type()
    if kind == "JSONField":
        return _json
    if vendor == "postgresql":
        return None
    forms: dict[str, Convert] = {
        "DateTimeField": moment_in_sqlite,
        "DateField": connection.ops.adapt_datefield_value,
        "TimeField": connection.ops.adapt_timefield_value,
        "UUIDField": lambda value: value and value.hex,
        "DecimalField": partial(_decimal, field),
    }
    return forms.get(kind)


def moment_in_sqlite(value: datetime | None) -> str | None:
    """In UTC and without a zone, as the ORM writes it."""
    if value is None:
        return None
    if value.tzinfo is None:
        return str(value)
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _json(value: Any) -> str | None:
    """None is NULL, as the ORM writes it."""
    return None if value is None else json.dumps(value)


def _decimal(field: models.DecimalField[Any, Any], value: Any) -> Any:
    return connection.ops.adapt_decimalfield_value(value, field.max_digits, field.decimal_places)


def _converters(field: Any) -> list[Convert]:
    decode = codecs.of(field).decode
    return django_converters(field, vendor()) + ([decode] if decode else [])


def django_converters(field: Any, vendor: str) -> list[Convert]:
    """What makes Django's value of what the driver gives; never asked about NULL. The kinds of which every row has
    several are made without Django's way there, which looks the connection and the settings up each time."""
    kind = codecs.value_field(field).get_internal_type()
    if vendor == "sqlite" and kind in _FROM_SQLITE:
        return _FROM_SQLITE[kind]
    if kind == "JSONField" and field.decoder is None:
        return [_from_json]
    column = field.get_col(field.model._meta.db_table)  # a foreign key's is of its target's type
    found = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
    return [partial(convert, one, column) for one in found]


def convert(by: Callable[..., Any], column: Any, value: Any) -> Any:
    """A value as the database gave it, made what Django's `by` makes of it."""
    return by(value, column, connection)


def _from_json(value: Any) -> Any:
    return {"[]": list, "{}": dict}[value]() if value in ("[]", "{}") else json.loads(value)


# Django has the driver read moments and booleans; a moment comes without its zone, which is UTC.
_FROM_SQLITE: dict[str, list[Convert]] = {
    "BooleanField": [],
    "DateTimeField": [lambda value: value.replace(tzinfo=UTC)],
    "UUIDField": [UUID],
}


def decoded(row: Row, converters: Converters) -> list[Any]:
    values = list(row)
    for n, one in converters:
        value = values[n]
        if value is not None:
            values[n] = one(value)
    return values
