"""Whether a message that came after a visit says that the patient had not been there. The words are data."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Final

from aro import folding
from aro.project import CONFIG

WORDS: Final = CONFIG / "not_there.toml"
_APOSTROPHES: Final = re.compile(r"['’`]")


def says(text: str) -> bool:
    return missed(text) or _has(text, "before_it")


def missed(text: str) -> bool:
    """Without what may as well be said on the way to a visit."""
    return _has(text, "missed")


def _has(text: str, section: str) -> bool:
    folded = re.sub(r"\W+", " ", _APOSTROPHES.sub("", folding.fold(text)))
    return _pattern(section).search(folded) is not None


@cache
def _pattern(section: str) -> re.Pattern[str]:
    lists = tomllib.loads(WORDS.read_text(encoding="utf-8"))[section].values()
    return re.compile(r"\b(?:" + "|".join(re.escape(words) for one in lists for words in one) + r")\b")
