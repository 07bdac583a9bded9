"""A yes that is none: put off, only if, half, elsewhere, to another day, or to a cancellation.

A person reads it. The phrases are in `config/replies/no_yes.toml`. Nor does a promise to confirm in the morning ask for
another time.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from workflows.replies.labels import Classification, Label, Source
from workflows.replies.meanings import wishes
from workflows.replies.text.normalize import plain
from workflows.replies.times import zones
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook, Span

_ALWAYS: Final = ("cancellation", "later", "condition", "another_day", "halfway")
_UNLESS_OURS: Final = "elsewhere"
_LATER: Final = "later"
_MARKS: Final = frozenset(".,?")
_LETTERS: Final = re.compile(r"[a-z0-9]+")
# With its accent "sí" is no "if".
_YES_WITH_ACCENT: Final = re.compile("\\bs(?:í|i\u0301)(?!\\w)", re.IGNORECASE)
# "95% yes", and an assistant that is a program.
_HALF: Final = re.compile(
    r"(?<![\d.,])\d{1,2}(?:[.,]\d+)?\s?%|(?i:\bassistant\b).{0,12}\bAI\b|\bAI\b.{0,12}(?i:\b(?:assistant|agent|secretary)\b)"
)
_PLACES: Final = (
    re.compile(
        r"(?=\b(?:at|in|to|for) (?:your|ur|the) ((?:\w+ ){1,2})(?:location|office|clinic|branch|site|building) )"
    ),
    re.compile(r"(?=\b(?:oficina|clinica|sucursal|sede|consultorio) (?:de|del|en) (?:la |el )?(\w+ ))"),
)
_MEETING: Final = re.compile(r"\bsee (?:you|u|ya|yall) (?:all |guys |there )?at (?:the |a |an )?([a-z]+) ")
_NO_YES: Final = Classification(Label.OTHER, 0.0, Source.NONE, "a yes that is put off, half, or to something else")


def unless_none(found: Classification, text: str, *, words: str, context: str) -> Classification:
    """`found` in an answer to our question about a visit. `words`: as read; `context`: our own last message."""
    if found.label is Label.RESCHEDULE:
        return _NO_YES if zones.is_elsewhere(words) or _only_puts_off(text) else found
    none = found.label is Label.CONFIRM and (zones.is_elsewhere(words) or is_none(text, context=context))
    return _NO_YES if none else found


def is_none(text: str, *, context: str) -> bool:
    heard = _heard(text)
    ours = frozenset(_LETTERS.findall(plain(context)))
    return _HALF.search(text) is not None or any(_met(heard, idea) for idea in _ALWAYS) or _is_elsewhere(heard, ours)


def tells_of_trouble(words: str) -> bool:
    """ "No encuentro el lugar": likely for a no, as people write, and none."""
    return bool(_met([(word,) for word in words.split()], "trouble"))


def _only_puts_off(text: str) -> bool:
    heard = _heard(text)
    return bool(_met(heard, _LATER)) and not wishes.wants_move("".join(f"{word} " for (word,) in heard))


def _is_elsewhere(heard: list[Heard], ours: frozenset[str]) -> bool:
    met = [span for span in _met(heard, _UNLESS_OURS) if not _is_asked(heard, span)]
    if any(ours.isdisjoint(word for (word,) in heard[span.end - 1 : span.end]) for span in met):
        return True
    words = "".join(f"{word} " for (word,) in heard)
    named = [place for pattern in _PLACES for place in pattern.findall(words)]
    elsewhere = any(not set(place.split()) <= ours | _table("any_place") for place in named)
    return elsewhere or not set(_MEETING.findall(words)) <= ours | _table("any_place") | _table("any_meeting")


def _is_asked(heard: list[Heard], span: Span) -> bool:
    """ "Confirmed. Is it still on Zoom?"."""
    return next((word for (word,) in heard[span.end :] if word in ".?"), ".") == "?"


def _met(heard: list[Heard], idea: str) -> list[Span]:
    stops = frozenset(at for at, (word,) in enumerate(heard) if word in _MARKS)
    found = _book().find(heard, stops)
    fine = found[f"{idea}_fine"]
    return [span for span in found[idea] if not any(one.meets(span) and not one.within(span) for one in fine)]


def _heard(text: str) -> list[Heard]:
    words = plain(_YES_WITH_ACCENT.sub("claro", text))
    return [("^",), *((word,) for word in words.split()), (".",)]


@cache
def _book() -> Phrasebook:
    return Phrasebook(wordlists.subject("no_yes"))


@cache
def _table(name: str) -> frozenset[str]:
    return frozenset(wordlists.subject("no_yes")[name])
