"""Whether a yes says of itself that they come, whatever stands above it: `config/replies/coming.toml`, a C, a time.

"Ok" and "thanks" agree with whatever was said last.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from workflows.replies.labels import OpenQuestion
from workflows.replies.meanings import wishes
from workflows.replies.meanings.letters import without_letter
from workflows.replies.people.names import unsigned, without_names
from workflows.replies.text.normalize import plain
from workflows.replies.times.fit import Fit, VisitFacts
from workflows.replies.times.parse import parse
from workflows.replies.times.values import Clock, DayOfMonth, Either, MonthDay, Weekday
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook

_DAYS: Final = (Weekday, MonthDay, DayOfMonth)
_HOURS: Final = (Clock, Either)


def says_so(text: str, *, context: str) -> bool:
    """`text`, which is a yes. `context`: our last question, which greets by name and may offer digits."""
    words = unsigned(plain(without_names(text, context=context)))
    answers_by_letter = without_letter(words, OpenQuestion.CONFIRM, context) != words
    return answers_by_letter or wishes.says_it_stands(words) or bool(_book().find(_heard(words))["comes"])


def names_the_time(text: str, visits: Sequence[VisitFacts], *, wholly: bool) -> bool:
    """Whether the day or the hour of one of these is in it; `wholly`: both are. "Have a good afternoon" names none."""
    values = [mention.value for mention in parse(plain(text)).mentions]
    for visit in visits:
        own = [value for value in values if visit.fit(value, spanish=False) is Fit.OWN]
        day, hour = (any(isinstance(value, kind) for value in own) for kind in (_DAYS, _HOURS))
        if (day and hour) or (not wholly and (day or hour)):
            return True
    return False


def _heard(words: str) -> list[Heard]:
    return [("^",), *((word,) for word in words.split()), (".",)]


@cache
def _book() -> Phrasebook:
    return Phrasebook(wordlists.subject("coming"))
