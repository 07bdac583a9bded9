"""What the words beside a number say: whether it may be texted at all."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from integrations.imports import wordlists
from integrations.imports.rows import RowError, plain

# "Do not text after 9 pm" is about the hour.
_AT_A_TIME: Final = "after|before|between|until|during|on|at|despues|antes|entre|nach|vor|apres|avant"
_NO_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_NO_WORD: Final = re.compile(r"[\W_]+")
_ASIDE: Final = re.compile(r"\([^()]*\)|\d")
# A longer name of a number is a sentence.
_SHORT: Final = 3
_APOSTROPHES: Final = re.compile("['\u2019\u2018`\u00b4]")


def forbid_texts(words: str) -> bool:
    """ "Do not text", "landline"."""
    folded = _plain(words)
    return any(one.search(folded) for one in (_one_of("no_texts"), _refusal()))


def are_of_others(words: str) -> bool:
    """ "Interpreter", "ride home", "license plate"; or the patient's own of before: "old number"."""
    folded = _plain(words)
    return any(_one_of(kind).search(folded) for kind in ("others", "former", "no_phones"))


def are_of_nobody_known(label: str, name: str) -> bool:
    """Whether a name before a number leaves it open whose it is: "Adjuster:", "Host phone:". `name`: the patient's."""
    words, own = plain(_ASIDE.sub(" ", label)), _words("own")
    each = [word for word in _NO_WORD.split(words) if word]
    if not each or any(word in own for word in each) and len(each) > _SHORT:
        return False
    return not set(each) <= own | _words("beside_own") | _words_of(name)


def refuse(words: str, field: str) -> None:
    """Of a cell with a phone. Raises `RowError`."""
    if forbid_texts(words):
        raise RowError(field, "Its own words say that no texts go there.", "Write a number for texts, or an e-mail.")
    if are_of_others(words):
        raise RowError(field, "Its own words say that it is not the patient's.", "Write the patient's, without words.")


def _words_of(name: str) -> frozenset[str]:
    return frozenset(word for word in _NO_WORD.split(plain(name)) if word)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(part for one in wordlists.load("labels")[kind] for part in _NO_WORD.split(one) if part)


@cache
def _refusal() -> re.Pattern[str]:
    """ "Text reminders: no", but not "text me, no problem"."""
    texts, about, no, none = map(_any_of, ("texts", "about_texts", "refusals", "no_refusals"))
    return re.compile(rf" (?:{texts})(?: (?:{about}))* (?:{no})(?= )(?! (?:{none}) )")


def _any_of(kind: str) -> str:
    return "|".join(sorted({_plain(word).strip() for word in wordlists.load("labels")[kind]}, key=len, reverse=True))


@cache
def _one_of(kind: str) -> re.Pattern[str]:
    return re.compile(rf" (?:{_any_of(kind)})(?= )(?! (?:{_AT_A_TIME}) )")


def _plain(text: str) -> str:
    """Lower case, no accents, nothing but words with one blank around each."""
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return f" {_NO_LETTERS.sub(' ', bare).strip()} "
