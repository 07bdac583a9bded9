"""Queries of the ORM whose statement is made once: `@remembered` before a function that returns a queryset.

The ORM takes longer to word a query than SQLite takes to answer it. Here it is worded at the first call of each shape
of arguments and asked with the values of the moment from then on, by the driver's own cursor as in `rows`.

Arguments are texts, UUIDs, moments, collections of these (for `IN`: a member may reach it twice), None, True and
False. What is no argument, such as the time or a setting, is as it was at the first call: pass it. An argument that
does not reach the statement as it is raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.sql.compiler import SQLCompiler

from aro.queue import codecs, rows, statements

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
R = TypeVar("R")
_COLLECTIONS: Final = (tuple, list, set, frozenset)
_LONG_AGO: Final = datetime(1901, 1, 1, tzinfo=UTC)
_READ: Final = (ModelIterable, ValuesListIterable, FlatValuesListIterable)


def remembered(build: Callable[P, QuerySet[M, R]]) -> Callable[P, list[R]]:
    """The rows that the queryset would give: instances without their relations, tuples, or the values of one column."""
    made: dict[object, _Statement | None] = {}

    @wraps(build)
    def read(*args: P.args, **named: P.kwargs) -> list[R]:
        given = tuple(map(_padded, (*args, *named.values())))
        key = (*named, *map(_shape, given))
        if key not in made:
            made[key] = _made(build, given[: len(args)], dict(zip(named, given[len(args) :], strict=True)))
        statement = made[key]
        return statement.read(list(_flat(given))) if statement else []

    return read


@dataclass(frozen=True, kw_only=True)
class _Statement:
    """`places`: for each of its values the number of the argument, or the value itself."""

    sql: str
    places: Sequence[tuple[int, Any]]
    converters: statements.Converters
    shaped: Callable[[list[Any]], Any]

    def read(self, given: list[Any]) -> list[Any]:
        encoded = [_encoded(value) for value in given]
        values = [constant if n < 0 else encoded[n] for n, constant in self.places]
        return [self.shaped(statements.decoded(row, self.converters)) for row in rows.query(self.sql, values)]


def _padded(value: Any) -> Any:
    """A collection as long as the next power of two, its last member again and again: else each length that ever
    came would have a statement of its own."""
    if not isinstance(value, _COLLECTIONS) or len(value) <= 2:
        return value
    members = list(value)
    return members + members[-1:] * ((1 << (len(members) - 1).bit_length()) - len(members))


def _shape(value: Any) -> object:
    if isinstance(value, _COLLECTIONS):
        return tuple(map(_shape, value))
    if value is None or isinstance(value, bool):
        return value
    for kind in (str, UUID, datetime):
        if isinstance(value, kind):
            return kind
    raise TypeError(f"a remembered query takes no {type(value).__name__}")


def _flat(values: Any) -> Iterator[Any]:
    """What has a place in the statement: not None, True and False, which are part of its wording."""
    for value in values:
        if isinstance(value, _COLLECTIONS):
            yield from _flat(value)
        elif value is not None and not isinstance(value, bool):
            yield value


def _encoded(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)  # a member of an enumeration is its value
    if statements.vendor() == "postgresql":
        return value
    return value.hex if isinstance(value, UUID) else statements.moment_in_sqlite(value)


def _made(build: Callable[..., Any], args: Any, named: Any) -> _Statement | None:
    """None when the database need not be asked: nothing is in an empty list."""
    marks: list[Any] = []
    stand_ins = [_stand_in(value, marks) for value in args]
    queryset = build(*stand_ins, **{name: _stand_in(value, marks) for name, value in named.items()})
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    columns = [column for column, *_ in compiler.select]
    converters = [(n, one) for n, column in enumerate(columns) for one in _converters(compiler, column)]
    places = _places(build, values, marks)
    return _Statement(sql=sql, places=places, converters=converters, shaped=_shaping(queryset, columns))


def _converters(compiler: SQLCompiler, column: Any) -> Sequence[codecs.Convert]:
    if isinstance(column, Col):
        return statements.django_converters(column.output_field, statements.vendor())
    found = compiler.get_converters([column]).values()
    return [partial(statements.convert, one, column) for those, _ in found for one in those]


def _stand_in(value: Any, marks: list[Any]) -> Any:
    """A value of the same kind that is found again in the statement."""
    if isinstance(value, _COLLECTIONS):
        return [_stand_in(one, marks) for one in value]
    if value is None or isinstance(value, bool):
        return value
    n = len(marks)
    by_kind = {str: f"\x7f{n}\x7f", UUID: UUID(int=(7 << 120) + n), datetime: _LONG_AGO + timedelta(seconds=n)}
    mark = next(mark for kind, mark in by_kind.items() if isinstance(value, kind))
    marks.append(mark)
    return mark


def _places(build: Callable[..., Any], values: Sequence[Any], marks: Sequence[Any]) -> list[tuple[int, Any]]:
    numbers = {_encoded(mark): n for n, mark in enumerate(marks)}
    places = [(numbers.get(value, -1) if isinstance(value, str | UUID | datetime) else -1, value) for value in values]
    if {n for n, _ in places if n >= 0} != set(range(len(marks))):
        raise TypeError(f"an argument of {build.__name__} does not reach its statement as it is")
    return places


def _shaping(queryset: Any, columns: Sequence[Any]) -> Callable[[list[Any]], Any]:
    kind = queryset._iterable_class
    if kind not in _READ or queryset.query.select_related:
        raise TypeError("a remembered query gives instances without their relations, tuples, or one column")
    if kind is ModelIterable:
        names = [column.target.attname for column in columns]
        return lambda row: rows.made(queryset.model, names, row)
    return tuple if kind is ValuesListIterable else lambda row: row[0]
