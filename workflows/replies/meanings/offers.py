"""Whoever asks for what we offered ("send it", "mandeme el enlace") has said yes to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from workflows.replies.words import wordlists
from workflows.replies.words.grammar import compile_forms
from workflows.replies.words.yes_no_words import pieces


def takes_the_offer(sentences: Sequence[str]) -> bool:
    """`sentences`: what no known phrase explains; each has to ask for the offer, and for nothing else."""
    return bool(sentences) and all(map(_takes, sentences))


def _takes(words: str) -> bool:
    found = _wanted().match(words)
    return found is not None and not pieces(words[found.end() :])[1]


@cache
def _wanted() -> re.Pattern[str]:
    """Compiled when the first answer to an offer is read."""
    return compile_forms(wordlists.everything().answers.offer, vocabulary=wordlists.vocabulary())
