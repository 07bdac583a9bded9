"""What the words beside a number say: whether it may be texted at all."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from integrations.imports import wordlists
from integrations.imports.rows import RowError

# "Do not text after 9 pm" is about the hour.
_AT_A_TIME: Final = "after|before|between|until|during|on|at|despues|antes|entre|nach|vor|apres|avant"
_NO_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_APOSTROPHES: Final = re.compile("['\u2019\u2018`\u00b4]")


def forbid_texts(words: str) -> bool:
    """ "Do not text", "landline"."""
    return _one_of("no_texts").search(_plain(words)) is not None


def are_of_others(words: str) -> bool:
    """ "Interpreter", "ride home"; or the patient's own of before: "old number"."""
    plain = _plain(words)
    return any(_one_of(kind).search(plain) for kind in ("others", "former"))


def refuse(words: str, field: str) -> None:
    """Of a cell with a phone. Raises `RowError`."""
    if forbid_texts(words):
        raise RowError(field, "Its own words say that no texts go there.", "Write a number for texts, or an e-mail.")
    if are_of_others(words):
        raise RowError(field, "Its own words say that it is not the patient's.", "Write the patient's, without words.")


@cache
def _one_of(kind: str) -> re.Pattern[str]:
    words = sorted({_plain(word).strip() for word in wordlists.load("labels")[kind]}, key=len, reverse=True)
    return re.compile(rf" (?:{'|'.join(words)})(?= )(?! (?:{_AT_A_TIME}) )")


def _plain(text: str) -> str:
    """Lower case, no accents, nothing but words with one blank around each."""
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return f" {_NO_LETTERS.sub(' ', bare).strip()} "
