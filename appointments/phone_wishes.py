"""What people put beside a number, or into a name, about texts: "landline, no texts", "Ana Ruiz (DO NOT TEXT)".

The words are data: `config/no_texts.toml`. Beside a number, `phone_words.NO_TEXTS` ("fijo" is no surname there)
and `NOT_THEIRS` ("my ex") count as well.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from appointments import phone_words
from aro.folding import fold
from aro.project import CONFIG

WORDS: Final = CONFIG / "no_texts.toml"
LONGEST: Final = 200
_BETWEEN: Final = re.compile(r"[\W_\d]+")
_OR: Final = re.compile(r"[/&+]")
_NO_TEXTS: Final = re.compile(rf"\b(?:{'|'.join((*phone_words.NO_TEXTS, *phone_words.NOT_THEIRS))})\b")


def says_not_to_text(typed: str) -> bool:
    """Whether a phone as it was typed is not to be texted: by a word against texts, or as somebody else's."""
    said = _plain(typed)
    return _NO_TEXTS.search(said) is not None or _forbids(said, ("no_texts", "no_calling"))


def name_says_not_to_text(name: str) -> bool:
    """Whether a name carries the wish of whoever entered it: "DO NOT CALL Ana". A call may be a text (47 CFR 64.1200),
    so that is one, too, unless it asks for texts instead."""
    return _forbids(_plain(name), ("no_texts", "no_calling", "no_calls"))


def without_wishes(name: str) -> str:
    """The name alone."""
    if not _pattern("any").search(_plain(name)):
        return name
    said, places = _placed(name)
    for found in reversed(list(_pattern("any").finditer(said))):
        name = f"{name[: places[found.start()]]} {name[places[found.end() - 1] + 1 :]}"
    return name


def _forbids(said: str, kinds: Sequence[str]) -> bool:
    texts, *calls = kinds
    if _pattern(texts).search(said):
        return True
    return any(_pattern(kind).search(said) for kind in calls) and not _pattern("texts_wanted").search(said)


def _plain(text: str) -> str:
    """The words alone."""
    return _BETWEEN.sub(" ", fold(_OR.sub(" or ", text[:LONGEST])))


def _placed(text: str) -> tuple[str, list[int]]:
    """The same, and for each letter where it stands in `text`."""
    letters, places = "", list[int]()
    for place, spelled in _spelled(text[:LONGEST]):
        if spelled != " " or not letters.endswith(" "):
            letters, places = letters + spelled, [*places, *[place] * len(spelled)]
    return letters, places


def _spelled(text: str) -> Iterator[tuple[int, str]]:
    for place, sign in enumerate(text):
        yield place, " or " if _OR.fullmatch(sign) else _BETWEEN.sub(" ", fold(sign))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    lists = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return re.compile(rf"\b(?:{_expression(kind, {name: _any(words) for name, words in lists.items()})})\b")


def _expression(kind: str, one: dict[str, str]) -> str:
    verbs = f"(?:{one['texting']}|{one['calling']})"
    match kind:
        case "no_texts":
            told = f"{one['negations']} (?:{verbs} {one['joined_by']} )*{one['texting']}"
            return f"{told}|{one['without']} (?:{one['of_texts']} )*{one['texts']}|{one['phrases']}"
        case "no_calling":
            return f"{one['negations']} {one['calling']}"
        case "no_calls":
            return f"{one['without']} {one['calls']}"
        case "any":
            said = "|".join(_expression(each, one) for each in ("no_texts", "no_calling", "no_calls", "texts_wanted"))
            return f"(?:{one['beside']} )*(?:{said})(?: (?:{said}|{one['beside']}))*"
    return one[kind]


def _any(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"
