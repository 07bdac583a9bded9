"""Words that may mean danger to life. They go to staff before any other reading, and never to a model."""

from __future__ import annotations

import re
from functools import cache

from workflows.replies import wordlists
from workflows.replies.grammar import anywhere
from workflows.replies.normalize import plain


def is_emergency(text: str) -> bool:
    return tells_of_danger(plain(text))


def tells_of_danger(words: str) -> bool:
    """Like `is_emergency`, for words that `normalize.plain` has made."""
    return _danger().search(words.replace(", ", "")) is not None


@cache
def _danger() -> re.Pattern[str]:
    return anywhere(wordlists.everything().danger.phrases, vocabulary=wordlists.vocabulary())
