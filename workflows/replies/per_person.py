"""Replies about several people on one phone: "C" to a text that named them, "C for Tom and Amy, Zoe can't make it".

Only what is surely said of a person by name (or of all, or of both) is taken; anything else is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from appointments.models import Appointment
from appointments.texts.values import first_name
from workflows.replies.doubts import doubts_the_visit
from workflows.replies.normalize import plain


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


LONGEST: Final = 300
_BREAK: Final = re.compile(r"(?:^|(?<= ))(?:[.,] |but |pero |while |whereas |however )+")
# Of whom they speak is known only beside "both" or "all": one of those we asked about may be grown up.
_MINE: Final = _words(
    "my our mis nuestros nuestras kids children boys girls sons daughters twins kiddos ninos ninas hijos hijas chicos "
    "chicas peques"
)
_FILLER: Final = _MINE | _words(
    "hi hello hola ok okay thanks thank you gracias please por favor and y e for para de a the la el los las "
    "also tambien both ambos ambas all todos todas three tres of us them nosotros we they two dos appointment "
    "appointments visit visits cita citas everyone everybody confirm confirming confirma confirmo confirmamos "
    "confirmed confirmado confirmada confirmados confirmadas reply to"
)
# "Las dos" is an hour, too; beside these it is two of them.
_KIN: Final = "kids|children|boys|girls|sons|daughters|ninos|ninas|hijos|hijas|chicos|chicas"
_COUNTED: Final = rf"(?= (?:{_KIN}|citas|visits|appointments)\b)"
_WHOSE: Final = "las|mis|my|our|the|nuestros|nuestras"
_BOTH: Final = re.compile(rf"\b(?:los dos|the two of (?:us|them)|(?:{_WHOSE}) (?:dos|two){_COUNTED})")
_ALL_THREE: Final = re.compile(rf"\b(?:los tres|the three of (?:us|them)|(?:{_WHOSE}) (?:tres|three){_COUNTED})")
_YES: Final = _phrases(
    "c|yes|si|yes c|c yes|can|can come|can make it|will|will come|will be there|will be coming|is coming|"
    "are coming|coming|is fine|are fine|fine|good|is good|is ok|are good|works|can go|is going|are going|"
    "will go|will make it|can attend|will attend|puede|pueden|viene|vienen|va|van|si puede|si pueden|"
    "si viene|si vienen|puede venir|pueden venir|asiste|asisten|asistira|asistiran|ira|iran|estara|estaran|"
    "yes can|yes will|be there|is|are|yes will be there|yes are coming|yes can come|yes see you|"
    "yes see you then|work|are confirmed|vamos|iremos|asistimos|asistiremos|estaremos|venimos|van ir|van venir|"
    "van asistir|vamos ir|si van|si vamos|ahi estaremos|alla estaremos|ahi estaran|alla estaran"
)
# "Both", "all of them, thanks": an answer to a text that named them and asked.
_JUST_ALL: Final = _words(
    "both all everyone everybody ambos ambas todos todas of us them the three tres kids children boys girls sons "
    "daughters ninos ninas hijos hijas citas visits appointments please por favor thanks thank you gracias"
)
_NO: Final = re.compile(r"\b(?:not|no|cannot|cant|wont|x|sick|ill|enferm[oa]|unable|tampoco)\b")
# "Can Tom come" asks, with or without its mark.
_ASKS: Final = _words("is are can could will would do does did should may has have puede pueden viene vienen va")
_ALL: Final = _words("both all everyone everybody ambos ambas todos todas")
_TWO: Final = _words("both ambos ambas two dos")
_THREE: Final = _words("three tres")
_PEOPLE: Final = frozenset({"they", "we", "us", "them", "nosotros"})
_CONFIRMS: Final = _words(
    "ok okay confirm confirming confirma confirmo confirmamos confirmed confirmado confirmada confirmados confirmadas"
)


@dataclass(frozen=True, kw_only=True)
class PerPerson:
    """Who surely comes and who does not. Whoever is in neither was not spoken of."""

    coming: tuple[Appointment, ...]
    not_coming: tuple[Appointment, ...]


def read(
    text: str, visits: Sequence[Appointment], together: Sequence[Appointment], asked: Sequence[Appointment] = ()
) -> PerPerson | None:
    """None when somebody has to read it: a question, a name that two share, words beside what is understood.

    `together`: the visits that our last question named; a plain yes is about all of them. `asked`: the same, when that
    question is the last that was said and nothing is in doubt; then "both" alone answers it.
    """
    words = _ALL_THREE.sub("all three", _BOTH.sub("both", plain(text)))
    names = _names(visits)
    if len(visits) < 2 or names is None or len(text) > LONGEST or "?" in words or doubts_the_visit(words):  # noqa: PLR2004
        return None
    clauses = _clauses(words, names)
    if asked and _is_just_all(clauses) and _fit_in_number(clauses[0], asked):
        return PerPerson(coming=tuple(asked), not_coming=())
    return _said(clauses, names, visits, together)


def _names(visits: Sequence[Appointment]) -> dict[str, list[Appointment]] | None:
    """By first name in plain words; None when two people share one."""
    found: dict[str, list[Appointment]] = {}
    for visit in visits:
        name = plain(first_name(visit.customer.name)).strip()
        if not name or " " in name or name in _FILLER:
            return None
        found.setdefault(name, []).append(visit)
    shared = any(len({visit.customer_id for visit in theirs}) > 1 for theirs in found.values())
    return None if shared else found


def _clauses(words: str, names: dict[str, list[Appointment]]) -> list[list[str]]:
    """What is said of whom: apart at every mark and "but", and where a name follows what was said of another."""
    found: list[list[str]] = []
    for part in _BREAK.split(f"{words.strip()} "):
        found.extend(_by_name(part.split(), names))
    return _with_their_words([one for one in found if one], names)


def _by_name(words: list[str], names: dict[str, list[Appointment]]) -> list[list[str]]:
    """ "tom can and leo can not" is about each; "tom and leo can", "c for tom and amy" about both."""
    clauses: list[list[str]] = [[]]
    spoke = False
    for at, word in enumerate(words):
        follows = words[at + 1] if at + 1 < len(words) else ""
        predicate = word not in names and word not in _FILLER
        named = any(one in names for one in clauses[-1])
        if spoke and named and (word in names or (word in ("and", "y") and follows in names)):
            clauses.append([])
            spoke = False
        spoke = spoke or (predicate and named)
        clauses[-1].append(word)
    return clauses


def _with_their_words(clauses: list[list[str]], names: dict[str, list[Appointment]]) -> list[list[str]]:
    """ "Tom, Amy can come": names alone belong to what follows; a yes alone belongs to the names after it."""
    found: list[list[str]] = []
    kept: list[str] = []
    for clause in clauses:
        whole = [*kept, *clause]
        has_name = any(word in names for word in whole) or _speaks_of_all(whole)
        kept = [] if has_name and _predicate(whole, names) else whole
        if not kept:
            found.append(whole)
    if kept and found and not _predicate(kept, names):
        found[-1].extend(kept)  # "yes for tom, and amy"
    elif kept:
        found.append(kept)
    return found


def _predicate(words: list[str], names: dict[str, list[Appointment]]) -> str:
    return " ".join(word for word in words if word not in names and word not in _FILLER)


def _said(
    clauses: list[list[str]],
    names: dict[str, list[Appointment]],
    visits: Sequence[Appointment],
    together: Sequence[Appointment],
) -> PerPerson | None:
    yes: list[Appointment] = []
    no: list[Appointment] = []
    for clause in clauses:
        about, comes = _about(clause, names, visits, together), _comes(clause, names)
        if not about or comes is None:
            return None
        (yes if comes else no).extend(about)
    if not clauses or {visit.pk for visit in yes} & {visit.pk for visit in no}:
        return None
    return PerPerson(coming=tuple(yes), not_coming=tuple(no))


def _comes(clause: list[str], names: dict[str, list[Appointment]]) -> bool | None:
    words = _predicate(clause, names)
    if words in _YES or (not words and any(word in _CONFIRMS for word in clause)):
        return True
    named = any(word in names for word in clause)
    return False if named and _NO.search(words) and clause[0] != "no" else None


def _about(
    clause: list[str],
    names: dict[str, list[Appointment]],
    visits: Sequence[Appointment],
    together: Sequence[Appointment],
) -> Sequence[Appointment]:
    """Of whom a clause speaks; empty when that is not sure."""
    named = [visit for name in dict.fromkeys(clause) if name in names for visit in names[name]]
    said = [word for word in clause if word not in _FILLER]
    if _asks(clause, said, names):
        return ()
    if named:
        return () if _speaks_of_all(clause) else named
    if _MINE & set(clause) and not (_ALL | _TWO) & set(clause):
        return ()
    meant = together or (visits if _speaks_of_all(clause) else ())
    return meant if _fit_in_number(clause, meant) else ()


def _fit_in_number(clause: list[str], meant: Sequence[Appointment]) -> bool:
    """ "Both" are two, and "all three" are three."""
    known = ((_TWO, 2), (_THREE, 3))
    return all(len(meant) == number for words, number in known if words & set(clause))


def _is_just_all(clauses: list[list[str]]) -> bool:
    """ "Thanks all" greets, "all of them, thanks" answers: how it begins tells."""
    return len(clauses) == 1 and clauses[0][0] in _ALL and set(clauses[0]) <= _JUST_ALL


def _asks(clause: list[str], said: list[str], names: dict[str, list[Appointment]]) -> bool:
    """ "Can they come": the verb before whoever it is about."""
    if not said or said[0] not in _ASKS:
        return False
    subjects = [at for at, word in enumerate(clause) if word in names or word in _ALL or word in _PEOPLE]
    return bool(subjects) and clause.index(said[0]) < min(subjects)


def _speaks_of_all(clause: list[str]) -> bool:
    return bool(_ALL & set(clause))
