"""Whether somebody else answers: "wrong number", "no soy Ana". The wordings: config/replies/wrong_number.toml.

By what became of the phone, whose it is or who they are ("she borrowed my phone"): config/replies/somebody_else.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook

# What a name that we greeted is called in the file of phrases.
_NAME: Final = "zname"
_MARKS: Final = re.compile(r"[.,?:] ")
_NUMBER_SIGN: Final = re.compile(r"#(?!\d)")
_GREETED: Final = re.compile(
    r"\b(?:hi|hello|hola|dear|estimad[oa]) ((?:[a-z]+ ){1,3}?)(?=[,.]|your|su |see|a reminder|le )"
)


def says_wrong_number(text: str, *, names: frozenset[str] = frozenset()) -> bool:
    """`names`: those of the people whom our texts to this phone greet, in plain words."""
    said = _repaired(_MARKS.sub("", plain(_NUMBER_SIGN.sub(" number ", text))))
    if _pattern("never").search(said):
        return False
    known = frozenset(name for name in names if name and name not in _no_names())
    if _alone().fullmatch(said) or _named("alone", known, whole=True).fullmatch(said):
        return True
    if _named("anywhere", known, whole=False).search(said) or _tells_of_the_phone(said, known):
        return True
    return _named("soft", known, whole=False).search(said) is not None and _spoilers().isdisjoint(said.split())


def _tells_of_the_phone(said: str, known: frozenset[str]) -> bool:
    """By what became of it or who has it now, and not beside an answer for the patient."""
    words: list[Heard] = [_heard(word, known) for word in said.split()]
    return _book().says(words) and not _book().find(words)["theirs"]


def _heard(word: str, known: frozenset[str]) -> Heard:
    return (word, _NAME) if word in known or word.removesuffix("s") in known else (word,)


@cache
def _book() -> Phrasebook:
    return Phrasebook(wordlists.subject("somebody_else"))


def greeted(context: str) -> frozenset[str]:
    """The names in a text of ours, as `normalize.plain` made it: "hi ana , your visit ..."."""
    return frozenset(word for found in _GREETED.finditer(context) for word in found.group(1).split())


def _repaired(words: str) -> str:
    return "".join(f"{_slips().get(word, word)} " for word in words.split())


def _data() -> dict[str, dict[str, list[str]]]:
    return wordlists.subject("wrong_number")


@cache
def _slips() -> dict[str, str]:
    return {slip: word for word, slips in _data()["slips"].items() for slip in slips}


@cache
def _no_names() -> frozenset[str]:
    return frozenset(_all("no_name"))


@cache
def _spoilers() -> frozenset[str]:
    return frozenset(_all("spoilers"))


def _all(section: str) -> tuple[str, ...]:
    """Each once: the same entry twice in a repeated group would be tried in every order."""
    return tuple(dict.fromkeys(entry for entries in _data()[section].values() for entry in entries))


@cache
def _pattern(section: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, _all(section)))})\b")


@cache
def _alone() -> re.Pattern[str]:
    return _compiled(frozenset(), "alone", whole=True)


@lru_cache(maxsize=256)
def _named(section: str, known: frozenset[str], *, whole: bool) -> re.Pattern[str]:
    return _compiled(known, section, whole=whole)


def _compiled(known: frozenset[str], section: str, *, whole: bool) -> re.Pattern[str]:
    forms = "|".join(_form(form, known) for form in _usable(_all(section), known))
    if not whole:
        return re.compile(rf"\b(?:{forms}) ")
    polite = "|".join(re.escape(one) for one in sorted(_all("polite"), key=len, reverse=True))
    return re.compile(rf"(?:(?:{polite}) ){{0,6}}(?:{forms}) (?:(?:{polite}) ){{0,6}}")


def _usable(forms: Iterable[str], known: frozenset[str]) -> list[str]:
    usable = [form for form in forms if known or "{known}" not in form]
    return sorted(usable, key=len, reverse=True)


def _form(form: str, known: frozenset[str]) -> str:
    no_name = "|".join(map(re.escape, sorted(_no_names())))
    name = rf"(?!(?:{no_name}) )[a-z]{{2,20}}(?: (?!(?:{no_name}) )[a-z]{{2,20}})?"
    names = rf"(?:{'|'.join(map(re.escape, sorted(known)))})s?"
    return re.escape(form).replace(re.escape("{name}"), name).replace(re.escape("{known}"), f"(?:{names})")
