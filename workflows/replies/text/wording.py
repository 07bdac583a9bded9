"""Text made comparable: what nobody sees taken out, accents, case and the kind of quotation marks levelled.

`levelled` keeps every character's place, so that what was found in it can be cut out of the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# Joiners, direction marks, variation selectors and skin tones; Google Messages hides its reactions' marks among them.
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)
_BLANKS: Final = str.maketrans(
    dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r", " ")
)
_MARKS: Final = dict.fromkeys("“”„‟«»″＂〝〞「」『』", '"') | dict.fromkeys("‘’‚‛′‹›`´", "'") | {"\u2026": "\u2026"}
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Word:
    """`start` and `end` are places in the text it was found in."""

    text: str
    start: int
    end: int


def seen(text: str) -> str:
    """What a reader sees of it."""
    return _UNSEEN.sub("", text).translate(_BLANKS).strip()


def levelled(text: str) -> str:
    """As long as `text`, character by character."""
    return "".join(map(_level, text))


def words(text: str) -> list[Word]:
    return [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(levelled(text))]


@lru_cache(maxsize=4096)
def _level(character: str) -> str:
    marked = _MARKS.get(character)
    if marked is not None:
        return marked
    base = unicodedata.normalize("NFKD", character)[:1].lower()
    return base if len(base) == 1 else character
