"""What stands before and after a day or hour: prepositions, which say how it bounds what is meant."""

from __future__ import annotations

import re
from typing import Final

from workflows.replies.times.values import Bound

_LONGEST_LEAD: Final = 48
_LEAD_WORDS: Final = (
    "at", "on", "for", "by", "the", "this", "around", "(?<!what )(?<!how )about", "at like", "around like",
    "for like", "like at", "like around", "approximately", "exactly",
    "after", "before", "until", "till", "through", "from", "since", "between", "past", "any time", "anytime",
    "some time", "sometime", "later than", "earlier than", "starting", "beginning", "say", "not later than",
    "a las", "a la", "las", "la", "el", "los", "para", "por", "del", "al", "dia", "hasta", "desde", "despues de",
    "despues del", "antes de", "antes del", "entre", "como a", "a eso de", "tipo", "sobre", "a partir de",
    "a partir del", "a", "en", "este", "de", "pasadas", "as", "on or after", "anywhere", "either", "both",
    "the day of", "week of", "the week of", "la semana del", "la semana de", "the date of", "cualquier hora",
    "en la", "por la", "de la", "esta", "a mas tardar", "closer to",
    "near",
)  # fmt: skip
_LEAD: Final = re.compile(rf"(?<!\S)(?:(?:{'|'.join(sorted(_LEAD_WORDS, key=lambda entry: -len(entry)))}) )+$")
_BOUNDS: Final = (
    (re.compile(r"\b(?:week of|semana del?)\b"), Bound.WEEK),
    (re.compile(r"\b(?:until|till|hasta|through)\b"), Bound.UNTIL),
    (re.compile(r"\b(?:before|earlier than|later than|antes|a mas tardar)\b"), Bound.BEFORE),
    (re.compile(r"\b(?:after|past|despues|pasadas)\b"), Bound.AFTER),
    (re.compile(r"\b(?:from|since|between|starting|beginning|desde|entre|partir)\b"), Bound.FROM),
    (re.compile(r"\bby\b"), Bound.BY),
    (re.compile(r"\b(?:any time|anytime|some time|sometime|cualquier hora)\b"), Bound.SOME),
)
_TURNED: Final = {Bound.AFTER: Bound.UNTIL, Bound.BEFORE: Bound.FROM}
_LEADS_TO_HOUR: Final = re.compile(
    r"\b(?:at|around|about|by|after|before|until|till|from|between|past|than|like|to|las|la|entre|desde|hasta|tipo"
    r"|sobre|closer to|near) $"
)
_LEADS_TO_DAY: Final = re.compile(r"\b(?:the|el|dia|del|al) $")
_NOT: Final = re.compile(r"\b(?:not|no|never|nothing|nada|nunca) (?:any |a |anything )?$")
_TRAIL: Final = (
    (
        re.compile(
            r"(?:or|and|o|y) (?:later|after|after that|onwards?|onward|despues|mas tarde)\b ?|onwards? "
            r"|on ?(?=$|[.,?] )|en adelante |at the earliest |forward "
        ),
        Bound.FROM,
    ),
    (
        re.compile(r"(?:or|o) (?:earlier|before|sooner|antes|mas temprano) |at the latest |a mas tardar |the latest "),
        Bound.UNTIL,
    ),
)


def lead_before(text: str, start: int, least: int) -> str:
    """The prepositions and articles right before position `start`, not before `least`; "" where there are none."""
    found = _LEAD.search(text[max(least, start - _LONGEST_LEAD) : start])
    return found.group() if found else ""


def bound_of(lead: str, *, before: str) -> tuple[Bound, int]:
    """How `lead` bounds, and how many letters of `before` (the words before it) turned that round.

    "Not before 3" is from 3 on, "not after 3" until 3.
    """
    bound = next((bound for pattern, bound in _BOUNDS if pattern.search(lead)), Bound.AT)
    if "later than" in lead:
        bound = Bound.AFTER
    denied = _NOT.search(before)
    if denied is None or bound not in _TURNED:
        return bound, 0
    return _TURNED[bound], len(denied.group())


def leads_to_hour(lead: str) -> bool:
    return _LEADS_TO_HOUR.search(lead) is not None


def leads_to_day(lead: str) -> bool:
    return _LEADS_TO_DAY.search(lead) is not None


def trail_after(text: str, end: int) -> tuple[int, Bound | None]:
    """Where the words after `end` that bound the value end: "3 or later"."""
    for pattern, bound in _TRAIL:
        if found := pattern.match(text, end):
            return found.end(), bound
    return end, None
