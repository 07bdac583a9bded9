"""One form for what people write with and without accents, in any script: for searching and comparing."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Accents of Latin, Greek and Cyrillic letters, points of Hebrew and Arabic, and Arabic's lengthener: people leave them
# out. Marks of other scripts (Devanagari, Thai ...) are vowels and stay.
_ACCENTS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670\u0640]")
# Each keyboard and each phone has another one.
_APOSTROPHES: Final = re.compile("['’‘ʼ‛′`´＇]")  # noqa: RUF001
# Letters that Unicode does not take apart, as people type them who do not have them on their keyboard.
_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ĸ": "k"}
)


def fold(text: str) -> str:
    """No accents, lower case. A letter of any script stays a letter; at most 18 times as long as `text`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", plain)).translate(_LETTERS)


def to_search(text: str) -> str:
    """As names are kept for searching, and as what is looked for is compared with them: folded, without apostrophes,
    and a comma only parts two words ("O’Neill, Tim": oneill tim)."""
    return fold(_APOSTROPHES.sub("", text)).replace(",", " ")
