"""Replies about several people on one phone: "C" to a text that named them, "C for Tom and Amy, Zoe can't make it".

Only what is surely said of a person by name (or of all, or of both) is taken; anything else is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appointments.models import Appointment
from workflows.replies.meanings.doubts import doubts_the_visit
from workflows.replies.people.whose import Whose, named_in
from workflows.replies.text.normalize import plain


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
_CANNOT: Final = re.compile(
    r"no (?:pued[oe]|pueden|podemos|podre|podra|podran|podremos|voy|va|vamos|van|vien[ei]n?|ire|ira)\b"
)
# "Can Tom come" asks, with or without its mark.
_ASKS: Final = _words("is are can could will would do does did should may has have puede pueden viene vienen va")
_ALL: Final = _words("both all everyone everybody ambos ambas todos todas")
_TWO: Final = _words("both ambos ambas two dos")
_THREE: Final = _words("three tres")
_PEOPLE: Final = frozenset({"they", "we", "us", "them", "nosotros"})
_OTHERS: Final = re.compile(
    r"(?<!\S)(?:(?:the )?others|the other (?:one|two|three|four)|the rest|l[oa]s demas|l[oa]s otr[oa]s)(?!\S)"
)
_REST: Final = "zothers"
# Idioms with a word that elsewhere speaks of everybody.
_IDIOM: Final = re.compile(r"(?<!\S)(?:after all|at all)(?!\S)")
_OKS: Final = _words("ok okay")
# Whoever writes does not come themselves, or may not; or nobody does.
_SPEAKER: Final = re.compile(
    r"\bi (?:\w+ ){0,3}(?:not|cannot)\b|\bno (?:puedo|podre|voy|ire|one)\b"
    r"|\b(?:nobody|none|neither|either|anyone|nadie|ningun[oa]?)\b"
)
_CONFIRMS: Final = _OKS | _words(
    "confirm confirming confirma confirmo confirmamos confirmed confirmado confirmada confirmados confirmadas"
)


@dataclass(frozen=True, kw_only=True)
class PerPerson:
    """Who surely comes and who does not. Whoever is in neither was not spoken of."""

    coming: tuple[Appointment, ...]
    not_coming: tuple[Appointment, ...]


def read(
    text: str,
    visits: Sequence[Appointment],
    together: Sequence[Appointment],
    asked: Sequence[Appointment] = (),
    *,
    now: datetime,
) -> PerPerson | None:
    """None when somebody has to read it: a question, a name that two share, words beside what is understood.

    `together`: the visits that our last question named; a plain yes is about all of them. `asked`: the same, when that
    question is the last that was said and nothing is in doubt; then "both" alone answers it.
    """
    if len(visits) < 2 or len(text) > LONGEST:  # noqa: PLR2004
        return None
    whose = named_in(text, visits, now)
    if "?" in whose.words or whose.called & _FILLER or doubts_the_visit(whose.words):
        return None
    clauses = _clauses(_plainer(whose.words), whose)
    if asked and _is_just_all(clauses) and _fit_in_number(clauses[0], asked):
        return PerPerson(coming=tuple(asked), not_coming=())
    return _said(clauses, whose, visits, together)


def clauses_of(whose: Whose) -> list[list[str]]:
    """What is said of whom, in plain words; a word of its own in it stands for the rest of them."""
    return _clauses(_plainer(whose.words), whose)


def said_of(clause: list[str], whose: Whose) -> str:
    """The words of a clause without whom it is about."""
    return _predicate(clause, whose)


def speaks_of_the_rest(clause: list[str]) -> bool:
    """ "The others"."""
    return _REST in clause


def _plainer(words: str) -> str:
    counted = _ALL_THREE.sub("all three", _BOTH.sub("both", words))
    return _OTHERS.sub(_REST, _IDIOM.sub("", counted))


def speaks_of_several(text: str) -> bool:
    """ "Both", "all of them", "the others", "the kids"."""
    words = set(_plainer(plain(text)).split())
    return bool((_ALL | {_REST} | set(_KIN.split("|"))) & words)


def only_one(text: str, visits: Sequence[Appointment], *, now: datetime, by_hour: bool) -> Appointment | None:
    """The one visit that everything is said of, when the words name one person who has one, and speak of nobody else.

    `by_hour`: an hour in it is that of the visit, and not one that is asked for.
    """
    whose = named_in(text, visits, now)
    words = _plainer(whose.words)
    spoken = words.split()
    about = whose.about([word for word in spoken if by_hour or word in whose.people])
    if len(about) != 1 or len(whose.people) != 1 or whose.called & _FILLER or _SPEAKER.search(words):
        return None
    return None if _REST in spoken or (_ALL | _PEOPLE) & set(spoken) else about[0]


def _clauses(words: str, whose: Whose) -> list[list[str]]:
    """What is said of whom: apart at every mark and "but", and where a name follows what was said of another."""
    found: list[list[str]] = []
    for part in _BREAK.split(f"{words.strip()} "):
        found.extend(_by_name(part.split(), whose))
    return _with_their_words([one for one in found if one], whose)


def _by_name(words: list[str], whose: Whose) -> list[list[str]]:
    """ "tom can and leo can not" is about each; "tom and leo can", "c for tom and amy", "tom can at 2" about one."""
    clauses: list[list[str]] = [[]]
    spoke = False
    for at, word in enumerate(words):
        follows = words[at + 1] if at + 1 < len(words) else ""
        named = _is_named(clauses[-1], whose)
        if spoke and named and _is_next(word if word not in ("and", "y") else follows, clauses[-1], whose):
            clauses.append([])
            spoke = False
        spoke = spoke or (named and word not in whose and word != _REST and word not in _FILLER)
        clauses[-1].append(word)
    return clauses


def _is_next(word: str, clause: list[str], whose: Whose) -> bool:
    """An hour after a name belongs to it, after another hour it begins anew."""
    return word in whose.people or word == _REST or (word in whose.times and not set(clause) & set(whose.people))


def _is_named(clause: list[str], whose: Whose) -> bool:
    return any(word in whose or word == _REST for word in clause)


def _with_their_words(clauses: list[list[str]], whose: Whose) -> list[list[str]]:
    """ "Tom, Amy can come": names alone belong to what follows; a yes alone belongs to the names after it."""
    found: list[list[str]] = []
    kept: list[str] = []
    for clause in clauses:
        if _NO.search(_predicate(kept, whose)) and _predicate(clause, whose):
            found.append(kept)  # "can't come, but Tom can" says it of somebody else
            kept = []
        whole = [*kept, *clause]
        has_name = _is_named(whole, whose) or _speaks_of_all(whole)
        kept = [] if has_name and (_predicate(whole, whose) or _confirms_by_name(whole, whose)) else whole
        if not kept:
            found.append(whole)
    if kept and found and not _predicate(kept, whose):
        found[-1].extend(kept)  # "yes for tom, and amy"
    elif kept:
        found.append(kept)
    return found


def _confirms_by_name(clause: list[str], whose: Whose) -> bool:
    """ "Tom ok", "confirm Tom"; "ok Tom" may only begin what follows."""
    said = {word for word in clause if word in _CONFIRMS}
    return _is_named(clause, whose) and bool(said) and (clause[-1] in said or not said <= _OKS)


def _predicate(words: list[str], whose: Whose) -> str:
    return " ".join(word for word in words if word not in whose and word != _REST and word not in _FILLER)


def _said(
    clauses: list[list[str]],
    whose: Whose,
    visits: Sequence[Appointment],
    together: Sequence[Appointment],
) -> PerPerson | None:
    yes: list[Appointment] = []
    no: list[Appointment] = []
    named = {visit.pk for clause in clauses for visit in whose.about(clause)}
    others = [visit for visit in together or visits if visit.pk not in named] if named else []
    for clause in clauses:
        about = others if _REST in clause else _about(clause, whose, visits, together)
        comes = _comes(clause, whose)
        if not about or comes is None:
            return None
        (yes if comes else no).extend(about)
    if not clauses or {visit.pk for visit in yes} & {visit.pk for visit in no}:
        return None
    return PerPerson(coming=tuple(yes), not_coming=tuple(no))


def _comes(clause: list[str], whose: Whose) -> bool | None:
    words = _predicate(clause, whose)
    if words in _YES or (not words and any(word in _CONFIRMS for word in clause)):
        return True
    refuses = _NO.search(words) and (clause[0] != "no" or _CANNOT.match(" ".join(clause)))
    return False if refuses and _is_named(clause, whose) else None


def _about(
    clause: list[str],
    whose: Whose,
    visits: Sequence[Appointment],
    together: Sequence[Appointment],
) -> Sequence[Appointment]:
    """Of whom a clause speaks; empty when that is not sure."""
    said = [word for word in clause if word not in _FILLER]
    if _asks(clause, said, whose):
        return ()
    if _is_named(clause, whose):
        return () if _speaks_of_all(clause) else whose.about(clause)
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


def _asks(clause: list[str], said: list[str], whose: Whose) -> bool:
    """ "Can they come", "can't Tom come": the verb before whoever it is about. "Can't make the 3 pm one" tells."""
    if not said or said[0] not in _ASKS or (said[1:2] == ["not"] and said[2:3] and said[2] not in whose):
        return False
    subjects = [at for at, word in enumerate(clause) if word in whose or word in _ALL or word in _PEOPLE]
    return bool(subjects) and clause.index(said[0]) < min(subjects)


def _speaks_of_all(clause: list[str]) -> bool:
    return bool(_ALL & set(clause))
