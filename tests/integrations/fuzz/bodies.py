"""Bodies that no provider would send: nonsense, and real deliveries with something wrong in one place."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from hypothesis import strategies as st

_TEXT = st.text(max_size=40) | st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "null",
        "2026-02-30T25:61:00Z",
        "0001-01-01T00:00:00+14:00",
        "9" * 400,
        "../..",
        "x" * 5000,
    ]
)
_SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | _TEXT | st.sampled_from([10**400, -1, 0, 1e308])
_ANYTHING = st.recursive(
    _SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4), max_leaves=6
)


def bodies(good: bytes) -> st.SearchStrategy[bytes]:
    """Made from a delivery that is in order."""
    cut = st.integers(0, max(len(good) - 1, 0)).map(lambda at: good[:at])
    return st.one_of(st.binary(max_size=400), cut, _with_other_bytes(good), _with_other_values(good))


def _with_other_bytes(good: bytes) -> st.SearchStrategy[bytes]:
    places = st.lists(st.tuples(st.integers(0, len(good) - 1), st.integers(0, 255)), min_size=1, max_size=4)
    return places.map(lambda changes: _overwritten(good, changes))


def _overwritten(good: bytes, changes: list[tuple[int, int]]) -> bytes:
    changed = bytearray(good)
    for at, value in changes:
        changed[at] = value
    return bytes(changed)


def _with_other_values(good: bytes) -> st.SearchStrategy[bytes]:
    try:
        document = json.loads(good)
    except ValueError:
        return _forms(parse_qsl(good.decode(), keep_blank_values=True))
    places = st.sampled_from(_paths(document))
    changes = st.lists(st.tuples(places, _ANYTHING), min_size=1, max_size=3)
    return changes.map(lambda found: _written(document, found))


def _written(document: Any, changes: list[tuple[tuple[Any, ...], Any]]) -> bytes:
    for path, value in changes:
        document = _replaced(document, path, value)
    return json.dumps(document).encode()


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, child in inside for path in _paths(child, (*at, key)))]


def _replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value there; the same document when an earlier change has removed the place."""
    if not path:
        return value
    if not isinstance(document, dict | list) or (isinstance(document, list) and len(document) <= _index(path[0])):
        return document
    copied = document.copy()
    inner = document.get(path[0]) if isinstance(document, dict) else document[path[0]]
    copied[path[0]] = _replaced(inner, path[1:], value)
    return copied


def _index(key: Any) -> int:
    return key if isinstance(key, int) else 1 << 30


def _forms(fields: list[tuple[str, str]]) -> st.SearchStrategy[bytes]:
    names = st.sampled_from([name for name, _ in fields]) | st.text(max_size=10)
    values = _TEXT | st.sampled_from([value for _, value in fields])
    extra = st.lists(st.tuples(names, values), max_size=4)
    return st.tuples(st.lists(st.sampled_from(fields), max_size=len(fields)), extra).map(_form)


def _form(parts: tuple[list[tuple[str, str]], list[tuple[str, str]]]) -> bytes:
    return urlencode([*parts[0], *parts[1]], errors="surrogatepass").encode()
