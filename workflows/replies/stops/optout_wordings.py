"""Whether a sentence asks to be left alone, in any of four languages: `[opt_out]` in config/replies.

The end of something else ("opt out of fluoride", "stop emailing me") is none, and neither is the end of calls from who
is coming or likes our texts. What names our texts as well is always one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Final

from workflows.replies.text.repair import Repair
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook, Span

# So short a word is often a real one that only looks like a slip.
SHORTEST_SLIP: Final = 7
# Behind a thing that is not our texts, so many words may join them to it ("calls and your texts").
_JOINED: Final = 3
_MARKS: Final = frozenset(",.?:")
_TABLES: Final = ("wordings", "otherwise", "elsewhere", "calls", "coming", "wanted", "not_wanted")
_IN_ONE_PART: Final = frozenset({"elsewhere", "wanted"})

Met = dict[str, list[Span]]


def asks_to_be_left_alone(words: str) -> bool:
    """`words` as `normalize.plain` makes them. What is said about something else ("bus stop") does not count."""
    tokens, breaks = _heard(words)
    met = _all_met(tokens, breaks)
    spared = _spared(met, tokens)
    return any(not _is_taken(span, met) and span not in spared for span in met["wordings"])


def _is_taken(span: Span, met: Met) -> bool:
    return any(other.meets(span) and not other.within(span) for other in met["otherwise"])


def _spared(met: Met, tokens: list[Heard]) -> set[Span]:
    """The wordings that end something else than our texts."""
    others = [span for span in met["elsewhere"] if not _names_texts(span, tokens)]
    asked = [span for span in met["wordings"] if not _says_texts(tokens[span.start : span.end])]
    liked = _are_wanted(met)
    spared = {span for span in met["wordings"] if any(other.meets(span) and not other.within(span) for other in others)}
    if liked:
        spared |= {*asked, *(span for span in met["wordings"] if any(want.meets(span) for want in met["wanted"]))}
    if liked or met["coming"]:
        spared |= {span for span in asked if any(call.meets(span) for call in met["calls"])}
    return spared


def _are_wanted(met: Met) -> bool:
    return any(not any(denied.meets(want) for denied in met["not_wanted"]) for want in met["wanted"])


def _names_texts(other: Span, tokens: list[Heard]) -> bool:
    """In itself, or joined to it by an "and"."""
    behind = tokens[other.end : other.end + _JOINED]
    joined = bool(behind) and not _words_of().joins.isdisjoint(behind[0])
    return _says_texts(tokens[other.start : other.end]) or (joined and _says_texts(behind))


def _says_texts(tokens: list[Heard]) -> bool:
    return any(not _words_of().texts.isdisjoint(heard) for heard in tokens)


@dataclass(frozen=True, slots=True)
class _Words:
    """`texts`: what our texts are called; `joins`: what stands between two things."""

    texts: frozenset[str]
    joins: frozenset[str]


@cache
def _words_of() -> _Words:
    found = wordlists.everything().opt_out
    return _Words(frozenset(found.texts), frozenset(found.joins))


def _heard(words: str) -> tuple[list[Heard], frozenset[int]]:
    tokens: list[Heard] = []
    breaks = set()
    for token in words.split():
        if token in _MARKS:
            breaks.add(len(tokens))
        else:
            tokens.append(_meant(token))
    return tokens, frozenset(breaks)


def _all_met(tokens: list[Heard], breaks: frozenset[int]) -> Met:
    """Something else is named, and a wish for texts told, in one part of a sentence; the rest over commas, too."""
    found: Met = defaultdict(list)
    for book in _books():
        for name, spans in book.find(tokens).items():
            found[name] += [span for span in spans if name not in _IN_ONE_PART or not _is_broken(span, breaks)]
    return found


def _is_broken(span: Span, breaks: frozenset[int]) -> bool:
    return any(span.start < place < span.end for place in breaks)


def _meant(token: str) -> Heard:
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
        Phrasebook(found.tables | {name: getattr(found, name) for name in _TABLES}) for found in words if found.wordings
    )
