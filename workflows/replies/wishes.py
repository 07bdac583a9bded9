"""What a reply to "will you come?" wishes: another time, not to come, to be waited for.

The lists of `wordlists.Changes` say it all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from workflows.replies import wordlists
from workflows.replies.grammar import anywhere

# "Out sick, can't": nothing follows, so the visit is meant.
_UNFINISHED: Final = re.compile(r"\b(?:i )?(?:can not|no puedo) (?:sorry |thanks |thank you |perdon |gracias )*$")


# Longer messages tell a story: what is said in them is rarely an answer.
_MOST_WORDS: Final = 24


def is_late(words: str) -> bool:
    return _finds("late", words) and not _finds("late_trap", words)


def wants_move(words: str) -> bool:
    return _finds("move_now", words) and not _finds("move_trap", words)


def wants_cancel(words: str) -> bool:
    """Asks for it in so many words."""
    return _finds("cancel_now", words) and not _finds("cancel_trap", words) and not _finds("move_now", words)


def will_not_come(words: str) -> bool:
    found = _finds("not_arriving", words) or _UNFINISHED.search(words) is not None
    return found and not _finds("cancel_trap", words) and not _finds("move_now", words)


def asks_for_time(words: str) -> bool:
    """Of a question that names another day or hour: does it wish for it?"""
    return _finds("wish_for_time", words) and not _finds("no_wish", words)


def _finds(idea: str, words: str) -> bool:
    """`idea`: a list of `wordlists.Changes`."""
    return words.count(" ") <= _MOST_WORDS and _pattern(idea).search(words) is not None


@cache
def _pattern(idea: str) -> re.Pattern[str]:
    """Compiled when the first reply is read."""
    return anywhere(getattr(wordlists.everything().changes, idea), vocabulary=wordlists.vocabulary())
