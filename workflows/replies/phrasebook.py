"""Finds the phrases of tables in a list of words. A word may stand for several: what was typed, what may be meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

# How many words may stand where a phrase has "~".
GAP: Final = 3

Heard = tuple[str, ...]
Tables = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Span:
    """The words from `start` up to `end`, without the last."""

    start: int
    end: int

    def meets(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def within(self, other: Span) -> bool:
        """Truly smaller: a part of the other, and not the whole."""
        return other.start <= self.start and self.end <= other.end and self != other


class _Part:
    """One word of a phrase: itself, a beginning ("bleed*"), any of a table ("{meds}"), or up to three of any ("~")."""

    __slots__ = ("begins", "gap", "words")

    def __init__(self, text: str, tables: Tables) -> None:
        self.gap = text == "~"
        self.begins = text[:-1] if text.endswith("*") else ""
        named = tables.get(text[1:-1], ()) if text.startswith("{") else (text,)
        self.words = frozenset(word for word in named if " " not in word)

    def fits(self, heard: Heard) -> bool:
        if self.begins:
            return any(word.startswith(self.begins) for word in heard)
        return any(word in self.words for word in heard)


class Phrasebook:
    """Compiled once from tables of phrases; looked up by the first word, so that most words cost one look."""

    def __init__(self, tables: Tables) -> None:
        self._by_word: dict[str, list[tuple[str, tuple[_Part, ...]]]] = defaultdict(list)
        self._by_beginning: dict[str, list[tuple[str, tuple[_Part, ...]]]] = defaultdict(list)
        for name, phrases in tables.items():
            for phrase in phrases:
                self._learn(name, tuple(_Part(text, tables) for text in phrase.split()))
        self._beginnings = sorted({len(beginning) for beginning in self._by_beginning})

    def _learn(self, name: str, parts: tuple[_Part, ...]) -> None:
        first = parts[0]
        if first.begins:
            self._by_beginning[first.begins].append((name, parts))
        for word in () if first.begins else first.words:
            self._by_word[word].append((name, parts))

    def find(self, words: list[Heard]) -> dict[str, list[Span]]:
        """Where each table is met, in the order of the words."""
        found: dict[str, list[Span]] = defaultdict(list)
        for start, heard in enumerate(words):
            for name, parts in self._beginning_with(heard):
                end = _match(parts, 1, words, start + 1)
                if end is not None:
                    found[name].append(Span(start, end))
        return found

    def _beginning_with(self, heard: Heard) -> Iterator[tuple[str, tuple[_Part, ...]]]:
        for word in heard:
            yield from self._by_word.get(word, ())
            for length in self._beginnings:
                yield from self._by_beginning.get(word[:length], ())


def _match(parts: tuple[_Part, ...], at: int, words: list[Heard], place: int) -> int | None:
    """The place after the phrase, whose parts from `at` on have to follow at `place`; None when they do not."""
    if at == len(parts):
        return place
    if parts[at].gap:
        return next(
            (end for skip in range(GAP + 1) if (end := _match(parts, at + 1, words, place + skip)) is not None), None
        )
    if place < len(words) and parts[at].fits(words[place]):
        return _match(parts, at + 1, words, place + 1)
    return None
