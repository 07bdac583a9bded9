"""What staff read is kept in rows as a code and its values, and looked up in the reader's language when it is shown.

A table of words is registered under a family (`register`); `say` makes a sentence of one of its codes. A `Sentence` is
a plain string wherever it is read; only a column of kind `SentenceField` keeps its code instead of its words. Rows that
were written before hold the words themselves, and so does what a person typed: both are shown as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext

from aro.desk.show import day_and_time
from aro.queue import codecs
from aro.queue.codecs import Codec

Words = Mapping[str, str | Promise]

# What begins a sentence and is no name.
_OPENERS: Final = ("The ", "A ", "Too ", "El ", "La ", "Los ", "Las ", "Un ", "Una ")
_SAID, _QUOTED = '{"say":', '{"quote":'
_tables: Final[dict[str, str | Promise]] = {}


def register(family: str, table: Words) -> None:
    """Adds the words of a table. `happened.no_phone` is the code `no_phone` of the family `happened`."""
    _tables.update({f"{family}.{code}": words for code, words in table.items()})


def registered() -> Mapping[str, str | Promise]:
    """Every code with its words, in the language that is asked for when they are read."""
    return _tables


class Sentence(str):
    """A string that knows what it is kept as."""

    kept: str
    __slots__ = ("kept",)

    def __new__(cls, text: str, kept: str = "") -> Sentence:
        self = super().__new__(cls, text)
        self.kept = kept or text
        return self

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.kept


def say(code: str, /, **values: object) -> Sentence:
    """A sentence by its full code. Values: numbers, plain strings, `at`, `on`, `quoted`, or sentences."""
    parts: dict[str, Any] = {"say": code}
    if values:
        parts["values"] = {name: _kept(value) for name, value in values.items()}
    return _sentence(parts)


def values_of(words: str) -> dict[str, Any]:
    """What a sentence was said with, to say it anew; empty for plain words."""
    kept = words.kept if isinstance(words, Sentence) else words
    return dict(json.loads(kept).get("values", {})) if kept.startswith(_SAID) else {}


def quoted(text: str, *, within: bool = False) -> Sentence:
    """Somebody else's words, such as a provider's: looked up by themselves. `within`: they stand inside a sentence."""
    return _sentence({"quote": text, **({"within": True} if within else {})})


def at(moment: datetime, zone: str) -> Mapping[str, str]:
    """A value: a moment as the wall clock of `zone` shows it."""
    return {"at": moment.isoformat(), "zone": zone}


def on(day: date) -> Mapping[str, str]:
    """A value: a day, with its weekday."""
    return {"on": day.isoformat()}


def shown(kept: str) -> Sentence:
    """What a column holds, as the reader sees it."""
    if not kept.startswith((_SAID, _QUOTED)):
        return Sentence(kept)
    try:
        return _sentence(json.loads(kept))
    except (ValueError, TypeError, AttributeError):  # somebody typed what only looks like one
        return Sentence(kept)


def _sentence(parts: Mapping[str, Any]) -> Sentence:
    kept = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    words = _text(parts)
    return Sentence(words[:1].upper() + words[1:], kept)


def _kept(value: object) -> object:
    if isinstance(value, Sentence) and value.kept.startswith((_SAID, _QUOTED)):
        return json.loads(value.kept)
    return dict(value) if isinstance(value, Mapping) else value if isinstance(value, int) else str(value)


def _text(parts: Mapping[str, Any]) -> str:
    if "quote" in parts:
        text: str = parts["quote"]
        words = gettext(text) if text.strip() else text
        return _within(words) if parts.get("within") else words
    words = str(_tables.get(parts["say"], parts["say"]))
    try:
        return words.format_map({name: _value(value) for name, value in parts.get("values", {}).items()})
    except (KeyError, IndexError):  # a later wording asks for more than the row has
        return words


def _value(value: Any) -> object:
    if not isinstance(value, Mapping):
        return value
    if "at" in value:
        return day_and_time(datetime.fromisoformat(value["at"]), value["zone"])
    if "on" in value:
        return dateformat.format(date.fromisoformat(value["on"]), "l, j F Y")
    return _text(value)


def _within(words: str) -> str:
    """A sentence's words inside another one. Names keep their capital."""
    words = words.rstrip(".")
    return words[:1].lower() + words[1:] if words.startswith(_OPENERS) else words


class SentenceField(models.TextField[str, str]):
    """A column that keeps a sentence's code and values, or plain words."""

    def from_db_value(self, value: str | None, *_: object) -> Sentence | None:
        return None if value is None else shown(value)

    def get_prep_value(self, value: Any) -> Any:
        return value.kept if isinstance(value, Sentence) else super().get_prep_value(value)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def _column(value: Any) -> Any:
    return value.kept if isinstance(value, Sentence) else value


codecs.register(SentenceField, Codec(encode=_column))
