"""What the name of a visit says of how it stands: "Canceled: Bea Ruiz", "Bea Ruiz (CXL)", "HOLD Bea Ruiz"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aro import clock
from integrations.imports import wordlists
from integrations.imports.rows import RowError, plain

OFF, MISSED, HELD, MOVED = "off", "missed", "held", "moved"
# The first that is said counts.
_STATES: Final = (OFF, MISSED, HELD, MOVED)
_WORDS: Final = wordlists.load("titles")


def _at_an_end(signs: Iterable[str]) -> re.Pattern[str]:
    one = "|".join(map(re.escape, signs))
    return re.compile(rf"^\W*?(?:{one})\ufe0f?|(?:{one})\ufe0f?\W*$")


_SIGNS: Final = {OFF: _at_an_end(_WORDS["signs"]), HELD: _at_an_end(_WORDS["held_signs"])}
_BETWEEN: Final = re.compile(
    r"\s*[\[\](){}<>*:;|!~\u2022\uff1a\uff01\uff08\uff09\uff3b\uff3d\u3010\u3011\u300c\u300d]+\s*|\s+[-\u2013\u2014/]+\s*|\s*[-\u2013\u2014/]+\s+|\s*[\u2013\u2014]\s*|(\s*,\s*)"
)
_DAY: Final = re.compile(r"\d{1,4}[/.:]\d")
_BLANKS: Final = re.compile(r"[\s/_\-]+")
# So many words are somebody's name and a mark; more are a sentence.
_MOST_WORDS: Final = 6


@dataclass(frozen=True)
class Title:
    """`name`: what is left without the marks. `state`: empty when it says nothing."""

    name: str
    state: str = ""

    def is_off(self, starts_at: datetime) -> bool:
        """A visit that was missed is no cancelled one; one that is still to come and will be missed does not stand."""
        return self.state == OFF or (self.state == MISSED and starts_at > clock.now())

    def refuse_unsettled(self, field: str) -> None:
        """Raises `RowError`."""
        if self.state == HELD:
            what = "Its name says that the visit is held or tentative: nobody has agreed to it yet."
            raise RowError(field, what, "Nothing to do until it is settled; then take the word out of the name.")
        if self.state == MOVED:
            what = "Its name says that the visit was put to another time, but not whether this is the new one."
            raise RowError(field, what, "Take the word out of the name if it takes place at this time, else cancel it.")


def read(text: str) -> Title:
    """Of a name or a summary."""
    for state, sign in _SIGNS.items():
        bare = sign.sub("", text).strip()
        if bare != text.strip():
            return _marked(read(bare), state)
    segments = _segments(text)
    marks = {at: state for at, one in enumerate(segments) if (state := _state(segments, at))}
    if not marks:
        return _bare(text.strip())
    left = [one for at, (one, _) in enumerate(segments) if at not in marks]
    return Title(" ".join(left), _strongest(marks.values()))


def _marked(rest: Title, state: str) -> Title:
    return Title(rest.name, _strongest(filter(None, (rest.state, state))))


def _segments(text: str) -> list[tuple[str, bool]]:
    """The parts between brackets, colons, dashes and commas, each with whether a comma stands behind it."""
    found, last = [], 0
    for between in _BETWEEN.finditer(text):
        found.append((text[last : between.start()].strip(), bool(between[1])))
        last = between.end()
    return [one for one in [*found, (text[last:].strip(), False)] if one[0]]


def _state(segments: list[tuple[str, bool]], at: int) -> str:
    """A last name stands before a comma, and may be a word of ours: "Hold, Anna"."""
    text, is_before_comma = segments[at]
    if len(segments) == 1 or (at == 0 and is_before_comma and len(text.split()) == 1):
        return _of(plain(text)) if len(segments) == 1 else ""
    return _of(plain(text)) or (_with_details(plain(text)) if at else "")


def _of(words: str) -> str:
    return next((state for state in _STATES if words in _WORDS[state]), "")


def _with_details(words: str) -> str:
    """ "Cancelled by phone", "cxl 11/28"."""
    mark, _, rest = words.partition(" ")
    following = rest.partition(" ")[0]
    return _of(mark) if following in _WORDS["details"] or _DAY.match(following) else ""


def _bare(text: str) -> Title:
    """A mark with nothing between it and the name. What stands beside it must be written like a name."""
    words = [one for one in _BLANKS.split(text) if one]
    for mark, rest in ((words[:1], words[1:]), (words[-1:], words[:-1])):
        word = plain("".join(mark))
        if not rest or len(words) > _MOST_WORDS or not all(one[0].isupper() for one in rest):
            continue
        if word in _WORDS["bare"]:
            return Title(" ".join(rest), OFF)
        if mark == words[:1] and _is_loud(words) and (state := _of(word)):
            return Title(" ".join(rest), state)
    return Title(text)


def _is_loud(words: list[str]) -> bool:
    """ "HOLD Bea Ruiz": in capitals, and the name is not."""
    return len(words[0]) > 2 and words[0].isupper() and not " ".join(words[1:]).isupper()  # noqa: PLR2004


def _strongest(states: Iterable[str]) -> str:
    return min(states, key=_STATES.index)
