"""Whether a day or an hour is said ("Tuesday at 3. Where do I park?") or only asked about ("what do I bring today")."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.replies.meanings.passing import is_no_question, needs_a_subject
from workflows.replies.meanings.questions import asks_what_we_do, is_question
from workflows.replies.times.parse import Parsed
from workflows.replies.times.values import DAYS, Mention
from workflows.replies.words.yes_no_words import Piece, pieces


def tells_a_time(parsed: Parsed) -> bool:
    return any(_tells(parsed, start, end) for start, end in spans(parsed.tokens))


def spans(tokens: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where each sentence begins, and where its mark stands."""
    start = 0
    for at, token in enumerate((*tokens, ".")):
        if token in (".", "?"):
            yield start, at
            start = at + 1


def _tells(parsed: Parsed, start: int, end: int) -> bool:
    """Whether this sentence names a day or an hour and asks nothing of it."""
    named = [mention for mention in parsed.mentions if start <= mention.start < end]
    if not named:
        return False
    taken = {at for mention in named for at in range(mention.start, mention.end)}
    words = "".join(f"{parsed.tokens[at]} " for at in range(start, end) if at not in taken).replace(", ", "")
    kinds, rest = pieces(words)
    agrees = Piece.YES in kinds and not needs_a_subject(words)
    if agrees or _begins_with_both(named, start) or is_no_question(words):
        return True
    return parsed.tokens[end : end + 1] != ("?",) and not (asks_what_we_do(words) or is_question(rest, asks=False))


def _begins_with_both(named: list[Mention], start: int) -> bool:
    """ "Tuesday 10:30, where do I park": the day and the hour are said, and then something is asked."""
    days = [mention for mention in named if isinstance(mention.value, DAYS)]
    both = 0 < len(days) < len(named)
    return both and named[0].start == start and named[1].start == named[0].end
