"""How late somebody says that they will be. An hour, or longer than the visit, is more than a delay: perhaps it is off.

The words are in `config/replies/delays.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from appointments.models import Appointment
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists

# From so much on nobody can say whether the visit still takes place.
LONG: Final = timedelta(hours=1)
NONE: Final = timedelta(0)
_DECIMAL: Final = re.compile(r"(\d) [.,] (\d)")


def is_long(text: str, visit: Appointment | None, *, now: datetime) -> bool:
    """Whether the longest delay that this text states is one after which the visit may not take place."""
    delay = stated(text, starts_at=visit.starts_at if visit else now, now=now)
    return delay >= LONG or (visit is not None and delay > timedelta(minutes=visit.duration_minutes))


def stated(text: str, *, starts_at: datetime, now: datetime) -> timedelta:
    """The longest delay that is stated; nothing where none is.

    "There in an hour" counts from now: said half an hour before the visit, it is a delay of half an hour.
    """
    words = _DECIMAL.sub(r"\1.\2", plain(text))
    otherwise = LONG if _any("many").search(words) else NONE
    return max((span - (starts_at - now if from_now else NONE) for span, from_now in _spans(words)), default=otherwise)


def _spans(words: str) -> Iterator[tuple[timedelta, bool]]:
    for found in _span().finditer(words):
        hours = (0.5 if found["half"] else _number(found["hours"])) + (0.5 if found["more"] else 0)
        length = timedelta(hours=hours, minutes=_number(found["minutes"] or found["only_minutes"]))
        yield length, bool(found["before"] or found["after"])


def _number(said: str | None) -> float:
    """Of "15-20" the higher."""
    last = (said or "0").split("-")[-1]
    return float(last) if last[0].isdigit() else _numbers()[last]


@cache
def _numbers() -> dict[str, float]:
    return {word: float(value) for value, words in wordlists.subject("delays")["number"].items() for word in words}


@cache
def _span() -> re.Pattern[str]:
    """ "In 2 hours", "an hours and a half", "half an hours", "1 hours and 20 minutes", "15-20 minutes"."""
    known = wordlists.subject("delays")
    number = rf"\d{{1,3}}(?:\.\d)?(?:-\d{{1,3}})?|{_either(_numbers())}"
    hours, minutes = _either(known["hours"]), _either(known["minutes"])
    rest = rf"(?: (?:and |y |con )?(?P<minutes>{number}) (?:{minutes}))?"
    amount = rf"(?:(?P<half>{_either(known['half'])})|(?P<hours>{number}))"
    long = rf"{amount} (?:{hours})(?P<more> (?:{_either(known['more'])}))?{rest}"
    short = rf"(?P<only_minutes>{number}) (?:{minutes})"
    before, after = _either(known["before"]), _either(known["after"])
    return re.compile(rf"\b(?P<before>(?:{before}) )?(?:{long}|{short})(?P<after> (?:{after}))?\b")


@cache
def _any(part: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_either(wordlists.subject('delays')[part])})\b")


def _either(words: Iterable[str]) -> str:
    """The longest first, so that "a few" is not taken for "a"."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
