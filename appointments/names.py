"""People's names in any script: how they are compared and how they are found again."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from itertools import dropwhile
from typing import Final

from appointments import no_names
from appointments.phone_wishes import without_wishes
from aro.folding import fold, to_search

_APOSTROPHES: Final = re.compile("['’‘ʼ`´]")
# Scripts that write names without a space, or with one, as they like.
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f\U00020000-\U0003134f]")

_TITLES: Final = frozenset((
    "mr", "mrs", "ms", "miss", "mx", "dr", "dra", "prof", "sr", "sra", "srta", "don", "dona", "herr", "frau", "med",
    "mme", "mlle", "monsieur", "madame", "sig", "signora",
))  # fmt: skip
# So are these in a greeting. Some are first names as well: people are told apart by them, and nobody is called so.
_TITLES_GREETED: Final = _TITLES | frozenset((
    "signore", "fraulein", "hr", "fr", "rev", "revd", "reverend", "father", "padre", "pastor", "rabbi", "imam",
    "sister", "brother", "sor", "hon", "judge", "justice", "sir", "dame", "lord", "lady", "capt", "captain",
    "col", "gen", "lt", "sgt", "maj", "cmdr", "ing", "lic", "licda", "arq", "senor", "senora", "senorita", "senhor",
    "senhora", "dhr", "mw", "mevr", "doctor", "doctora", "professor", "profesor", "profesora",
))  # fmt: skip
# What follows a name after a comma and is none: degrees and generations.
_SUFFIXES: Final = frozenset((
    "jr", "sr", "ii", "iii", "iv", "esq", "md", "dds", "dmd", "phd", "rn", "np", "pa", "dvm", "cpa", "jd",
    "mba", "od", "dc", "dpm", "lcsw",
))  # fmt: skip
# What programs and front desks put where a name is missing. A name of such words alone is nobody's.
_NO_NAME: Final = frozenset((
    "undefined", "null", "none", "nan", "unknown", "anonymous", "no", "name", "new", "client", "customer",
    "patient", "guest", "caller", "walk", "in", "do", "not", "call", "test", "tbd", "tba", "private", "na", "n",
    "a", "text", "contact", "deceased", "estate", "of", "the", "late", "paciente",
    "cliente", "nuevo", "nueva", "sin", "nombre", "desconocido",
))  # fmt: skip
# Whoever reads the text is not the one whose name it is.
_OF_THE_DEAD: Final = re.compile(r"\W*(?:the )?(?:estate|heirs|sucesion|herederos|nachlass|succession) (?:of|de|von)\b")
_DEAD: Final = frozenset((
    "deceased", "fallecido", "fallecida", "difunto", "difunta", "verstorben", "decede", "decedee", "falecido",
    "falecida",
))  # fmt: skip
# What the front desk puts beside a name: "(new)", "*VIP*", "[HOLD]".
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\*[^*]*\*")
# Nor is what parts it from the name: "NO TEXTS - Ana".
_SIGNS: Final = "-–—_:;|*!/()[]"
LONGEST: Final = 600
# How alike two words are (0..1) when one is the other with a slip in it: Riuz and Ruiz 0.75, Ana and Ada 0.67.
_A_SLIP: Final = 0.7


def searchable(name: str) -> str:
    """As names are kept for searching."""
    return to_search(name)[:LONGEST]


def compatible(known: str, given: str) -> bool:
    """Whether two names can be the same person: one empty, or the words of the shorter all in the longer."""
    a, b = words(known), words(given)
    return not a or not b or a <= b or b <= a or _run_together(a) == _run_together(b)


def are_two(known: str, given: str) -> bool:
    """Whether two names are surely of two people: not one name written in two ways, and not a corrected one either,
    because what they are called at home differs. A family's last name is one, and a last name may change."""
    if compatible(known, given):
        return False
    first, second = _given_name(known), _given_name(given)
    if not first or not second or first.startswith(second) or second.startswith(first):
        return False
    return SequenceMatcher(a=first, b=second).ratio() < _A_SLIP


def alike(known: str, given: str) -> bool:
    """Whether two names are meant for one person: both there, and compatible or differing by a slip in one word."""
    a, b = words(known), words(given)
    return bool(a and b) and (compatible(known, given) or _is_slip(a - b, b - a))


def _is_slip(before: frozenset[str], after: frozenset[str]) -> bool:
    if len(before) != 1 or len(after) != 1:
        return False
    return SequenceMatcher(a="".join(before), b="".join(after)).ratio() >= _A_SLIP


def words(name: str) -> frozenset[str]:
    """The words of a name, folded: letters, their marks and digits, whatever the script. "DO NOT TEXT" is none."""
    folded = _APOSTROPHES.sub("", fold(without_wishes(name)))
    return frozenset("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split())


def forenames(name: str) -> list[str]:
    """The words as typed that begin with somebody's first name ("Dr. Ruiz, Ana Maria, DDS": Ana, Maria). Empty when
    only a surname is sure ("Mr. Ruiz") and when the name is none ("no name", "undefined undefined")."""
    if words(name) <= _NO_NAME or tells_of_death(name):
        return []
    name = _ASIDE.sub(" ", without_wishes(name))
    parts = [[word.strip(_SIGNS) for word in part.split() if word.strip(_SIGNS)] for part in name.split(",")]
    named = [part for part in parts if part and not words("".join(part).replace(".", "")) <= _SUFFIXES]
    found = named[1] if len(named) > 1 else named[0] if named else []
    untitled = list(dropwhile(_is_title, found))
    is_surname = len(untitled) == 1 and len(found) > 1
    return [] if is_surname or not untitled or no_names.is_none(untitled) else untitled


def tells_of_death(name: str) -> bool:
    """Whether the name itself says that its person has died: "Bea Ruiz (DECEASED)", "Estate of Bea Ruiz"."""
    said = bool(words(name) & _DEAD) or _OF_THE_DEAD.match(fold(name)) is not None
    return said or no_names.tells_of_death(name)


def _is_title(word: str) -> bool:
    return fold(word).rstrip(".") in _TITLES_GREETED


def _given_name(name: str) -> str:
    """The first word that is no title; of "Ruiz, Ana" the first after the comma."""
    last, comma, rest = without_wishes(name).partition(",")
    parts = fold(_APOSTROPHES.sub("", rest if comma and rest.strip() else last)).replace(".", " ").split()
    return next((part for part in parts if part not in _TITLES), "")


def _run_together(parts: frozenset[str]) -> str:
    """Chinese, Japanese, Korean and Thai names are one name with and without a space; others have none to compare."""
    unspaced = all(_UNSPACED.search(part) for part in parts)
    return "".join(sorted("".join(parts))) if unspaced else " ".join(sorted(parts))
