"""What stands where a name should and is none: "Lunch", "for my son Leo", "VIP". The words: `config/no_names.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Final

from aro.folding import fold
from aro.project import CONFIG
from compliance import content

_WORDS: Final = CONFIG / "no_names.toml"
_APOSTROPHES: Final = re.compile("['’‘ʼ`´]")
_WHOSE: Final = re.compile(r"['’‘ʼ`´](?:s$|$)")
# "ZZZ" sorts a chart to the end of a list.
_ONE_LETTER: Final = re.compile(r"(.)\1\1+|zz|xx")
# "The late Bea Ruiz". "Late Bea Ruiz" may have come late.
_THE_LATE: Final = re.compile(r"\W*(?:the late|el difunto|la difunta|feu|feue)\s+\w")
# Rip is a first name, and Rip a last one.
_RIP: Final = re.compile(r"[(\[*-]\s*rip\b|\w\s+rip\W*$")
_RIP_FIRST: Final = re.compile(r"\W*RIP\b.*[a-z]")


def is_none(words: Sequence[str]) -> bool:
    """Whether the first of these words of a name is nobody's first name, or may not stand in a text."""
    first, *others = (fold(word).rstrip(".,:;-") for word in words)
    if _WHOSE.search(first) or _ONE_LETTER.fullmatch(first) or content.problems(words[0]):
        return True
    if first in _list("names_too"):
        return len(others) != 1 or any(word in _list("beside") for word in others)
    return first in _list("words")


def tells_of_death(name: str) -> bool:
    """Whether what stands in or beside a name says that its person has died."""
    folded = fold(name)
    said = re.sub(r"[\W_]+", " ", _APOSTROPHES.sub("", folded))
    signed = any(sign in name for sign in _list("signs_of_death"))
    return signed or bool(
        _died().search(said) or _THE_LATE.match(folded) or _RIP.search(folded) or _RIP_FIRST.match(name)
    )


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(tomllib.loads(_WORDS.read_text(encoding="utf-8"))[name])


@cache
def _died() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(_list('died'))))})\b")
