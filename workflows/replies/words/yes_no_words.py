"""How people say yes, no and thanks: whole phrases, so that an unexplained word is always noticed."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import cache

from workflows.replies.words import wordlists
from workflows.replies.words.grammar import compile_forms


class Piece(Enum):
    YES = auto()
    DO_IT = auto()
    NO = auto()
    ENOUGH = auto()
    POLITE = auto()


@cache
def _patterns() -> tuple[tuple[Piece, re.Pattern[str]], ...]:
    """Compiled when the first reply is read: it takes a good part of a second, and most processes read none."""
    answers, words = wordlists.everything().answers, wordlists.vocabulary()
    forms = (
        (Piece.ENOUGH, answers.enough),
        (Piece.NO, answers.no),
        (Piece.YES, answers.yes),
        (Piece.DO_IT, answers.do_it),
        (Piece.POLITE, answers.polite),
    )
    return tuple((piece, compile_forms(phrases, vocabulary=words)) for piece, phrases in forms)


def pieces(words: str) -> tuple[list[Piece], str]:
    """The known phrases a sentence begins with, in order, and what is left from the first unknown word on."""
    found: list[Piece] = []
    at, started = 0, 0
    while at < len(words):
        piece, end = longest(words, at)
        if end == at:
            break
        found.append(piece)
        at, started = end, at
    if at < len(words) and found and found[-1] is Piece.DO_IT:
        # "make it" agrees, "make it three" does not: an order counts only when it was understood to its end.
        return found[:-1], words[started:]
    return found, words[at:]


def longest(words: str, at: int) -> tuple[Piece, int]:
    """The longest known phrase that begins at `at`, and where it ends: at `at` where none does."""
    ends = [(match.end(), piece) for piece, pattern in _patterns() if (match := pattern.match(words, at))]
    end, piece = max(ends, key=lambda pair: pair[0], default=(at, Piece.POLITE))
    return piece, end
