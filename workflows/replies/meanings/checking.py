"""Whether a reply asks if the visit's time is right ("monday at 3, correct?"): that is no yes to it.

The words are in `config/replies/yes.toml`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from workflows.replies.meanings.telling import spans
from workflows.replies.times.parse import Parsed
from workflows.replies.words import wordlists
from workflows.replies.words.grammar import compile_forms
from workflows.replies.words.yes_no_words import Piece, pieces

_LEAD: Final = (
    r"(?:^|[.?] )(?:(?:hi|hello|hey|ok|so|sorry|and|but|yes|zname|hola|buenas|buenos dias|disculpe|y|oiga|,) )*"
)


def checks_the_time(parsed: Parsed) -> bool:
    """Unless a yes follows: "sunday?? fine"."""
    told = False
    for start, end in reversed(list(spans(parsed.tokens))):
        told = told or _agrees(parsed, start, end)
        if not told and _checks(parsed, start, end):
            return True
    return False


def asks_us(words: str) -> bool:
    """ "Please confirm monday at 3", "confirmeme si es el viernes"."""
    return _asks_us().search(words) is not None


def _agrees(parsed: Parsed, start: int, end: int) -> bool:
    return (
        not _is_asked(parsed, end)
        and Piece.YES in pieces(_words(parsed, start, end))[0]
        and not _has_tag(parsed, start, end)
    )


def _checks(parsed: Parsed, start: int, end: int) -> bool:
    words = _words(parsed, start, end).split()
    named = any(start <= mention.start < end for mention in parsed.mentions)
    if not _is_asked(parsed, end):
        return named and _has_tag(parsed, start, end) and _is_mere(words)
    tagged = bool(words) and words[-1] in _table("tags")
    return (named and (tagged or _is_mere(words))) or (
        start > 0 and tagged and _is_mere(words) and bool(parsed.mentions)
    )


def _has_tag(parsed: Parsed, start: int, end: int) -> bool:
    """Whether it ends like "monday at 3 right", not like "monday is right"."""
    words = _words(parsed, start, end).split()
    if len(words) < 1 or words[-1] not in _table("bare_tags") or end - start < 2:
        return False
    return parsed.tokens[end - 2] not in _table("told") and parsed.tokens[end - 1] == words[-1]


def _is_asked(parsed: Parsed, end: int) -> bool:
    return parsed.tokens[end : end + 1] == ("?",)


def _is_mere(words: list[str]) -> bool:
    return all(word in _table("mere") or word in _table("tags") for word in words)


def _words(parsed: Parsed, start: int, end: int) -> str:
    """What is said there besides days and hours."""
    taken = {at for mention in parsed.mentions for at in range(mention.start, mention.end)}
    return "".join(f"{parsed.tokens[at]} " for at in range(start, end) if at not in taken and parsed.tokens[at] != ",")


@cache
def _table(name: str) -> frozenset[str]:
    return frozenset(wordlists.subject("yes")[name])


@cache
def _asks_us() -> re.Pattern[str]:
    forms = compile_forms(wordlists.subject("yes")["asks_us"], vocabulary=wordlists.vocabulary())
    return re.compile(rf"{_LEAD}(?:{forms.pattern})")
