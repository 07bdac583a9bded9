"""Whether a message says that they come to the clinic no more: `config/replies/departed.toml`."""

from __future__ import annotations

from functools import cache
from typing import Final

from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook

_MARKS: Final = frozenset(",.?:")


def has_left(text: str) -> bool:
    """In so many words, and neither asked nor beside that they come all the same."""
    return "?" not in text and book("left").says(heard(text)) and not book("stays").says(heard(text))


def may_have_left(text: str) -> bool:
    """Enough beside a stop, which asks for silence anyhow."""
    return any(book(section).says(heard(text)) for section in ("left", "left_with_stop"))


def is_of_all(text: str) -> bool:
    """Said of everybody at home: "we moved away"."""
    return book("all_left").says(heard(text))


def heard(text: str, names: frozenset[str] = frozenset()) -> list[Heard]:
    """`names`: whom our texts to this phone greet."""
    words = (word for word in plain(text).split() if word not in _MARKS)
    return [(word, "patient") if word in names else (word,) for word in words]


@cache
def book(section: str) -> Phrasebook:
    return Phrasebook(wordlists.subject("departed")[section])
