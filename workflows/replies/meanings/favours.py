"""What has to speak for a yes: a word of agreeing or coming, or the visit's own time and nothing that is news.

The learned reader is sure of almost any few words beside the visit's own day ("funeral is monday"), and a rule could
take harmless words one by one for harmless together ("kids have school monday"). The words are in
`config/replies/yes.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from workflows.replies.times.parse import Parsed
from workflows.replies.times.values import DAYS, Mention
from workflows.replies.words import wordlists
from workflows.replies.words.grammar import anywhere
from workflows.replies.words.yes_no_words import Piece, longest, pieces

# "It is" agrees when nothing follows, and tells something else when something does.
UNFINISHED: Final = frozenset(("is", "are", "will", "would", "does", "should", "did"))
_ENDS: Final = frozenset(".?")
_MARKS: Final = _ENDS | {","}
_GOING_TO: Final = re.compile(r"\b(?:voy|vas|va|vamos|van) a (\w+[aei]r(?:l[aeo]s?|me|te|se|nos|les?)?) ")


def speaks_for_a_yes(parsed: Parsed) -> bool:
    """Whether something besides a likelihood is for it."""
    return favoured(parsed) or says_yes(parsed) or names_all_of_it(parsed)


def says_yes(parsed: Parsed) -> bool:
    """In words that the rules know, wherever they stand."""
    return any(map(_is_yes, _endings(parsed.rest)))


def favoured(parsed: Parsed) -> bool:
    """In words that only the learned reader takes for a yes: also with the time among them ("still on for 4:05")."""
    return any(_favours().search(words) for words in (parsed.rest, " ".join((*parsed.tokens, ""))))


def names_all_of_it(parsed: Parsed) -> bool:
    """Whether a part of the message between its marks is the day and the hour and nothing else."""
    parts = (*_parts(parsed.tokens, _MARKS), *_parts(parsed.tokens, _ENDS))
    return any(_is_day_and_hour(parsed, start, end) for start, end in parts)


def is_only_beside(words: Iterable[str]) -> bool:
    """Whether these say nothing of their own beside a day or an hour."""
    return all(word in _table("beside_time") for word in words)


def sighs(words: str) -> bool:
    """ "Ugh monday"."""
    return not _table("sighs").isdisjoint(words.split())


def goes_elsewhere(words: str) -> bool:
    """ "Voy a preguntar"."""
    return any(what not in _table("going_to") for what in _GOING_TO.findall(words))


def _endings(words: str) -> Iterator[str]:
    """`words` from every word on."""
    at = 0
    while at < len(words):
        yield words[at:]
        at = words.index(" ", at) + 1


def _is_yes(words: str) -> bool:
    piece, end = longest(words, 0)
    return piece is Piece.YES and end > 0 and words[:end].split()[-1] not in UNFINISHED


def _parts(tokens: tuple[str, ...], marks: frozenset[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for at, token in enumerate((*tokens, ".")):
        if token in marks:
            yield start, at
            start = at + 1


def _is_day_and_hour(parsed: Parsed, start: int, end: int) -> bool:
    named = [mention for mention in parsed.mentions if start <= mention.start < end]
    taken = {at for mention in named for at in range(mention.start, mention.end)}
    both = 0 < len(_days(named)) < len(named)
    return both and _is_little(
        "".join(f"{parsed.tokens[at]} " for at in range(start, end) if at not in taken and parsed.tokens[at] != ",")
    )


def _is_little(words: str) -> bool:
    found, left = pieces(words)
    polite = not left and all(piece is Piece.POLITE for piece in found)
    return polite or is_only_beside(words.split())


def _days(named: list[Mention]) -> list[Mention]:
    return [mention for mention in named if isinstance(mention.value, DAYS)]


@cache
def _favours() -> re.Pattern[str]:
    return anywhere(wordlists.subject("yes")["favours"], vocabulary=wordlists.vocabulary())


@cache
def _table(name: str) -> frozenset[str]:
    return frozenset(wordlists.subject("yes")[name])
