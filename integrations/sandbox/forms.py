"""Form bodies: Twilio's flat ones and Stripe's nested ones."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST, _MOST_FIELDS = 8, 500

Tree = dict[str, Any]


def flat(body: bytes) -> dict[str, str]:
    """The last value of each name, blanks kept. Raises ValueError for what is not a form in UTF-8."""
    text = body.decode("utf-8")
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    if any("\x00" in value for pair in pairs for value in pair):
        raise ValueError("a form value holds a NUL character")
    return dict(pairs)


def nested(body: bytes) -> Tree:
    """`a[b][0][c]=v` becomes {"a": {"b": [{"c": "v"}]}}. Raises ValueError for anything else."""
    tree: Tree = {}
    for key, value in flat(body).items():
        _set(tree, _path(key), value)
    return {key: _lists(value) for key, value in tree.items()}


def _path(key: str) -> list[str]:
    match = _KEY.fullmatch(key)
    if match is None:
        raise ValueError("a form name has brackets that do not match")
    path = [match.group(1), *_PART.findall(match.group(2))]
    if len(path) > _DEEPEST:
        raise ValueError("a form name is nested too deeply")
    return path


def _set(tree: Tree, path: list[str], value: str) -> None:
    *parents, last = path
    for name in parents:
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise ValueError("a form name is both a value and an object")
    if isinstance(tree.get(last), dict):
        raise ValueError("a form name is both a value and an object")
    tree[last] = value


def _lists(value: Any) -> Any:
    """Objects whose names are all numbers are lists."""
    if not isinstance(value, dict):
        return value
    items = {name: _lists(inner) for name, inner in value.items()}
    if items and all(name.isascii() and name.isdigit() for name in items):
        return [items[name] for name in sorted(items, key=int)]
    return items
