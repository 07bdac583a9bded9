"""In which language a reply is written. The words are data: config/replies/languages.toml."""

from __future__ import annotations

from functools import cache
from typing import Final

from workflows.replies.text import wording
from workflows.replies.words import wordlists

LANGUAGES: Final = ("en", "es")
_STRONG, _WEAK = 2, 1
# A weak word alone says nothing: many an English speaker writes "gracias".
_ENOUGH: Final = 2


def language_of(text: str) -> str:
    """`en`, `es`, or empty when the words do not tell. `text`: without our own words."""
    scores = {language: _score(text, language) for language in LANGUAGES}
    first, second = sorted(scores, key=lambda one: -scores[one])
    return first if scores[first] >= _ENOUGH and scores[first] > scores[second] else ""


def _score(text: str, language: str) -> int:
    said = [word.text for word in wording.words(wording.seen(text))]
    strong, weak = _words("words", language), _words("weak", language)
    by_letter = any(letter in text for letter in wordlists.subject("languages")["letters"].get(language, ()))
    return _STRONG * (sum(word in strong for word in said) + by_letter) + _WEAK * sum(word in weak for word in said)


@cache
def _words(section: str, language: str) -> frozenset[str]:
    return frozenset(wordlists.subject("languages")[section][language])
