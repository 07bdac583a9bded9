"""Whether letters can be the names of western Europe, or are those of another alphabet read wrongly.

Bytes do not say whose they are: "Dvo\u0159\u00e1k" of a Czech spreadsheet is "Dvo\u00f8\u00e1k" here, and no error.
But no language of the west has both letters, so that the file is refused instead of greeting somebody so.
"""

from __future__ import annotations

import re
from typing import Final

# Beside a to z, in lower case: what stands together in one word.
_LANGUAGES: Final = tuple(map(frozenset, (
    "\u00e1\u00e9\u00ed\u00f3\u00fa\u00fc\u00f1\u00e7\u00ef",  # Spanish, with Catalan's
    "\u00e0\u00e2\u00e6\u00e7\u00e9\u00e8\u00ea\u00eb\u00ee\u00ef\u00f4\u0153\u00f9\u00fb\u00fc\u00ff",  # French
    "\u00e0\u00e8\u00e9\u00ec\u00ed\u00ee\u00f2\u00f3\u00f9\u00fa\u00ef\u00fc\u00e7",  # Italian, Catalan
    "\u00e1\u00e2\u00e3\u00e0\u00e7\u00e9\u00ea\u00ed\u00f3\u00f4\u00f5\u00fa\u00fc",  # Portuguese
    "\u00e4\u00f6\u00fc\u00df\u00e9\u00e8",  # German
    "\u00e5\u00e6\u00f8\u00e9\u00f6\u00e4\u00fc",  # Danish, Norwegian, Swedish
    "\u00e1\u00e9\u00ed\u00f3\u00fa\u00fd\u00fe\u00e6\u00f6\u00f0",  # Icelandic
    "\u00e4\u00f6\u00f5\u00fc\u00e5\u0161\u017e",  # Finnish, Estonian
    "\u00e9\u00eb\u00ef\u00f3\u00f6\u00fc\u00e8\u00ea\u00e1",  # Dutch
    "\u00e1\u00e9\u00ed\u00f3\u00fa\u00f6\u00fc",  # Hungarian, as far as it is here
)))  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]+")
_RUN: Final = re.compile(r"[^\W\d_a-zA-Z]{3,}")
# Signs within a word, or on its edge where no name has one. An apostrophe, a dash and the dot of Catalan may be there.
_SIGN_WITHIN: Final = re.compile(
    "(?<=[^\\W\\d_])[^\\w\\s\\x00-\\x7f\u2019\u2018\u00b4\u2013\u2014\u00b7\u2122\u00ae](?=[^\\W\\d_])"
)
_SIGNS_IN_A_ROW: Final = re.compile("[^\\w\\s\\x00-\\x7f\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00bf\u00a1]{2}")
_SIGN_BEFORE: Final = re.compile("[\u00a3\u00a5\u00af\u00a6\u00ac\u00a9\u00ae](?=[^\\W\\d_])")
_SIGN_AFTER: Final = re.compile("(?<=[a-z][a-z])[\u00b3\u00b9\u00bf\u00be\u00bc](?!\\w)")
# Icelandic's: one begins no word, the other only begins some.
_OUT_OF_PLACE: Final = re.compile("\\b\u00f0|\\B\u00fe", re.IGNORECASE)
_ORDINALS: Final = "\u00aa\u00ba"
_WHERE_NO_NAME_HAS_ONE: Final = (_SIGN_WITHIN, _SIGNS_IN_A_ROW, _SIGN_BEFORE, _SIGN_AFTER, _RUN, _OUT_OF_PLACE)


def are_improbable(text: str) -> bool:
    """Of a text that was decoded as western Europe's."""
    found = any(one.search(text) for one in _WHERE_NO_NAME_HAS_ONE)
    return found or not all(map(_is_a_word, set(_WORD.findall(text))))


def _is_a_word(word: str) -> bool:
    """In the letters of one language, and large ones only where names have them."""
    word = word.rstrip(_ORDINALS)
    marked = {one for one in word.lower() if one > "\x7f" and one.isalpha()}
    if not all(map(str.isalpha, word[1:-1])):
        return False
    if marked and not any(marked <= letters for letters in _LANGUAGES):
        return False
    pairs = zip(word, word[1:], strict=False)
    return not any(a > "\x7f" and a.islower() and b.isupper() for a, b in pairs)
