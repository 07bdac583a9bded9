"""Whether a sentence asks to be left alone, in any of four languages: `[opt_out]` in config/replies."""

from __future__ import annotations

from functools import cache
from typing import Final

from workflows.replies import wordlists
from workflows.replies.phrasebook import Phrasebook, Span
from workflows.replies.repair import Repair

# So short a word is often a real one that only looks like a slip.
SHORTEST_SLIP: Final = 7
_MARKS: Final = frozenset(",.?:")


def asks_to_be_left_alone(words: str) -> bool:
    """`words` as `normalize.plain` makes them. What is said about something else ("bus stop") does not count."""
    tokens = [_meant(token) for token in words.split() if token not in _MARKS]
    found, otherwise = _all_found(tokens)
    return any(not any(other.meets(span) and not other.within(span) for other in otherwise) for span in found)


def _all_found(tokens: list[tuple[str, ...]]) -> tuple[list[Span], list[Span]]:
    found: list[Span] = []
    otherwise: list[Span] = []
    for book in _books():
        met = book.find(tokens)
        found += met.get("wordings", [])
        otherwise += met.get("otherwise", [])
    return found, otherwise


def _meant(token: str) -> tuple[str, ...]:
    return _repair().meant(token) if len(token) >= SHORTEST_SLIP else (token,)


@cache
def _repair() -> Repair:
    """Long words only ("unsubscribe", "notifications"); what any language knows as a word is none."""
    texts = [text for language in wordlists.FILES for text in _said(wordlists.one(language).opt_out)]
    known = {word for text in texts for word in text.split() if word.isalpha()}
    return Repair((word for word in known if len(word) >= SHORTEST_SLIP), real=known)


def _said(words: wordlists.OptOut) -> wordlists.Phrases:
    return (*words.wordings, *words.otherwise, *(entry for table in words.tables.values() for entry in table))


@cache
def _books() -> tuple[Phrasebook, ...]:
    """One per language: their tables have the same names and other words."""
    words = [wordlists.one(name).opt_out for name in wordlists.FILES]
    return tuple(
        Phrasebook(found.tables | {"wordings": found.wordings, "otherwise": found.otherwise})
        for found in words
        if found.wordings
    )
