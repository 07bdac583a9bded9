"""People's names in any script: how they are compared and how they are found again."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from aro.folding import fold

_APOSTROPHES: Final = re.compile("['’‘ʼ`´]")
# Scripts that write names without a space, or with one, as they like.
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f\U00020000-\U0003134f]")


LONGEST: Final = 600


def searchable(name: str) -> str:
    """As names are kept for searching."""
    return fold(name)[:LONGEST]


def compatible(known: str, given: str) -> bool:
    """Whether two names can be the same person: one empty, or the words of the shorter all in the longer."""
    a, b = words(known), words(given)
    return not a or not b or a <= b or b <= a or _run_together(a) == _run_together(b)


def words(name: str) -> frozenset[str]:
    """The words of a name, folded; letters, their marks and digits count, whatever the script."""
    folded = _APOSTROPHES.sub("", fold(name))
    return frozenset("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split())


def _run_together(parts: frozenset[str]) -> str:
    """Chinese, Japanese, Korean and Thai names are one name with and without a space; others have none to compare."""
    unspaced = all(_UNSPACED.search(part) for part in parts)
    return "".join(sorted("".join(parts))) if unspaced else " ".join(sorted(parts))
