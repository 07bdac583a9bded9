"""A yes among other words: "coming straight off shift so yes 815".

What surrounds a yes is let pass only when it is known to be harmless, word by word, or nearly so: a false yes hides a
no-show, so one word that may take it back is enough to leave the message to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from workflows.replies.meanings import favours
from workflows.replies.people.names import NAME
from workflows.replies.words import wordlists
from workflows.replies.words.grammar import anywhere, compile_forms
from workflows.replies.words.yes_no_words import Piece, longest

# Longer messages tell a story, and a person reads it.
MOST_WORDS: Final = 24
MOST_LEFT: Final = 9


# How many words that nobody knows may stand beside a yes: a plain one, a weak one ("ok").
_PLAIN, _WEAK = 1, 0
# What a yes with the visit's own day or hour allows beyond that.
_WITH_TIME: Final = 1
_MOST_BESIDE_TIME: Final = 3


@dataclass(frozen=True)
class Segment:
    """A known phrase; `piece` is None for a harmless aside."""

    piece: Piece | None
    start: int
    end: int


@dataclass(frozen=True)
class Part:
    """One sentence. `left`: the words that belong to no known phrase."""

    words: str
    segments: tuple[Segment, ...]
    left: tuple[str, ...]

    @property
    def yes(self) -> list[str]:
        found = [self.words[s.start : s.end - 1] for s in self.segments if s.piece is Piece.YES and self._is_ours(s)]
        return [phrase for phrase in found if phrase.split()[-1] not in favours.UNFINISHED]

    def _is_ours(self, segment: Segment) -> bool:
        """ "Tuesday is good" speaks of the visit, "the pool is good" does not."""
        if not _subject().match(self.words, segment.start):
            return True
        before = self.words[: segment.start].split()
        return NAME not in before and set(before).isdisjoint(self.left)

    @property
    def taken_back(self) -> bool:
        """A no, a hedge that is no part of a yes, or a word that no yes stands beside."""
        if any(s.piece is Piece.NO for s in self.segments) or not _against().isdisjoint(self.left):
            return True
        return any(not self._inside_yes(*found.span()) for found in _hedge().finditer(self.words))

    def _inside_yes(self, start: int, end: int) -> bool:
        return any(s.piece is Piece.YES and s.start <= start and end <= s.end for s in self.segments)


@dataclass(frozen=True)
class Passing:
    parts: tuple[Part, ...]

    @property
    def left(self) -> list[str]:
        return [word for part in self.parts for word in part.left]

    @property
    def has_yes(self) -> bool:
        return any(part.yes for part in self.parts)

    def agrees(self, *, repeats_time: bool, asks: bool = False, only_asks_of_it: bool = False) -> bool:
        """`repeats_time`: the visit's own day or hour was named besides. `asks`: a question was, too.

        `only_asks_of_it`: no sentence but a question names that day or hour.
        """
        left = self.left
        if len(left) > MOST_LEFT or any(part.taken_back for part in self.parts):
            return False
        unknown = sum(word not in _harmless() for word in left)
        if not self.has_yes:
            only_beside = favours.is_only_beside(left) and len(left) <= _MOST_BESIDE_TIME
            return repeats_time and not only_asks_of_it and only_beside
        if asks and self.nods and not repeats_time:
            return False
        return unknown <= (_PLAIN if self.plainly else _WEAK) + (_WITH_TIME if repeats_time else 0)

    @property
    def nods(self) -> bool:
        return all(phrase in _nod() for part in self.parts for phrase in part.yes)

    @property
    def plainly(self) -> bool:
        """A yes that says more than "ok"."""
        return any(phrase not in _weak() for part in self.parts for phrase in part.yes)


def in_passing(sentences: Sequence[str]) -> Passing | None:
    """`sentences` without marks, one space after every word; None for a message that is too long."""
    if sum(sentence.count(" ") for sentence in sentences) > MOST_WORDS:
        return None
    return Passing(tuple(map(_part, sentences)))


def _part(words: str) -> Part:
    segments: list[Segment] = []
    left: list[str] = []
    at = 0
    while at < len(words):
        piece, end = _longest(words, at)
        if end == at:
            end = words.index(" ", at) + 1
            left.append(words[at : end - 1])
        else:
            segments.append(Segment(piece, at, end))
        at = end
    return Part(words, tuple(segments), tuple(left))


def needs_a_subject(words: str) -> bool:
    """ "Is good ..." says so only of what stands before it."""
    return _subject().match(words) is not None


def is_no_question(words: str) -> bool:
    return _no_question().search(words) is not None


def _longest(words: str, at: int) -> tuple[Piece | None, int]:
    """An order ("make it ...") is none here: only its end would tell what is ordered. "I am good" is no no, either."""
    piece, end = longest(words, at)
    aside = _aside().match(words, at)
    if aside is not None and aside.end() >= end:
        return None, aside.end()
    return (piece, end) if piece is not Piece.DO_IT else (None, at)


@cache
def _nod() -> frozenset[str]:
    return frozenset(wordlists.everything().gist.nod)


@cache
def _subject() -> re.Pattern[str]:
    return compile_forms(wordlists.everything().gist.subject, vocabulary=wordlists.vocabulary())


@cache
def _weak() -> frozenset[str]:
    return frozenset(wordlists.everything().gist.weak)


@cache
def _aside() -> re.Pattern[str]:
    return compile_forms(wordlists.everything().gist.aside, vocabulary=wordlists.vocabulary())


@cache
def _hedge() -> re.Pattern[str]:
    return anywhere(wordlists.everything().gist.hedge, vocabulary=wordlists.vocabulary())


@cache
def _harmless() -> frozenset[str]:
    return frozenset(wordlists.everything().gist.words)


@cache
def _against() -> frozenset[str]:
    return frozenset(wordlists.everything().gist.against)


@cache
def _no_question() -> re.Pattern[str]:
    return anywhere(wordlists.everything().gist.no_question, vocabulary=wordlists.vocabulary())
