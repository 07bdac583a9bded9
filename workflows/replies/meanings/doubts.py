"""Questions that undermine a yes: who writes, which visit, whose visit, did I book one at all?

A yes beside one of them confirms nothing. A question about the visit itself ("Is there parking?") does no harm.
The phrases are in `config/replies`, section `doubts`.
"""

from __future__ import annotations

import re
from functools import cache

from workflows.replies.words import wordlists
from workflows.replies.words.grammar import anywhere


@cache
def _pattern() -> re.Pattern[str]:
    """Compiled when the first yes is read."""
    return anywhere(wordlists.everything().doubts.phrases, vocabulary=wordlists.vocabulary())


def doubts_the_visit(words: str) -> bool:
    """`words` as `normalize.plain` makes them, with their marks: "what is this" ends where its sentence ends."""
    return _pattern().search(f"{words.replace(', ', '')}. ") is not None
