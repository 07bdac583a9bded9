"""Finds the phrases of tables in a list of words. A word may stand for several: what was typed, what may be meant.

A phrase is words, each itself, a beginning ("bleed*"), any of a table ("{meds}"), or up to three of any kind ("~").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

# How many words may stand where a phrase has "~".
GAP: Final = 3

Heard = tuple[str, ...]
Tables = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The words from `start` up to `end`, without the last."""

    start: int
    end: int

    def meets(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def within(self, other: Span) -> bool:
        """Truly smaller: a part of the other, and not the whole."""
        return other.start <= self.start and self.end <= other.end and self != other


class _Node:
    """What has been said so far of some phrases: what may follow, and the tables whose phrase ends here."""

    __slots__ = ("any_of", "begins", "gap", "names", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        # Most of many thousand nodes are followed by neither and end nothing: None and () take no memory.
        self.begins: dict[str, _Node] | None = None
        self.any_of: dict[str, tuple[frozenset[str], _Node]] | None = None
        self.gap: _Node | None = None
        self.names: tuple[str, ...] = ()

    def child(self, part: str, tables: Tables) -> _Node:
        """The node after `part`, made when it is new."""
        if part == "~":
            self.gap = self.gap or _Node()
            return self.gap
        if part.startswith("{"):
            words = frozenset(word for word in tables[part[1:-1]] if " " not in word)
            self.any_of = self.any_of or {}
            return self.any_of.setdefault(part, (words, _Node()))[1]
        if part.endswith("*"):
            self.begins = self.begins or {}
            return self.begins.setdefault(part[:-1], _Node())
        return self.words.setdefault(part, _Node())

    def after(self, heard: Heard) -> Iterator[_Node]:
        for word in heard:
            if word in self.words:
                yield self.words[word]
        for beginning, node in (self.begins or {}).items():
            if any(word.startswith(beginning) for word in heard):
                yield node
        for words, node in (self.any_of or {}).values():
            if not words.isdisjoint(heard):
                yield node


class Phrasebook:
    """Compiled once from tables of phrases. Raises `KeyError` for a phrase that names no table of these."""

    def __init__(self, tables: Tables) -> None:
        self._root = _Node()
        for name, phrases in tables.items():
            for phrase in phrases:
                node = self._root
                for part in phrase.split():
                    node = node.child(part, tables)
                node.names += (name,)

    def find(self, words: list[Heard], stops: frozenset[int] = frozenset()) -> dict[str, list[Span]]:
        """Where each table is met, in the order of the words. No "~" reaches over a place of `stops`."""
        found: dict[str, set[Span]] = defaultdict(set)
        for start, heard in enumerate(words):
            for node in self._root.after(heard):
                for name, end in _ends(node, words, start + 1, stops):
                    found[name].add(Span(start, end))
        return defaultdict(list, {name: sorted(spans) for name, spans in found.items()})

    def says(self, words: list[Heard]) -> bool:
        """Whether one of `phrases` is met that no longer one of `otherwise` takes away."""
        found = self.find(words)
        otherwise = found["otherwise"]
        return any(not any(o.meets(span) and not o.within(span) for o in otherwise) for span in found["phrases"])


def _ends(node: _Node, words: list[Heard], place: int, stops: frozenset[int]) -> Iterator[tuple[str, int]]:
    """The tables whose phrases end after `node`, with the place behind the last word."""
    for name in node.names:
        yield name, place
    for following, at in _followers(node, words, place, stops):
        yield from _ends(following, words, at, stops)


def _followers(node: _Node, words: list[Heard], place: int, stops: frozenset[int]) -> Iterator[tuple[_Node, int]]:
    if place < len(words):
        for following in node.after(words[place]):
            yield following, place + 1
    if node.gap is not None:
        for at in range(place, min(place + GAP + 1, len(words))):
            if at in stops:
                return
            for following in node.gap.after(words[at]):
                yield following, at + 1
