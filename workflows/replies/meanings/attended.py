"""After a family's visits: who came and who did not, person by person ("Tom was sick, only Amy came").

The words are in `config/replies/attended.toml`. What is not surely said so is read as any other reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Final

from appointments.models import Appointment
from workflows.replies.people import per_person
from workflows.replies.people.whose import Whose, named_in
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists


@dataclass(frozen=True, kw_only=True)
class Attended:
    """Of whom it was said that they came, and that they did not."""

    came: tuple[Appointment, ...]
    absent: tuple[Appointment, ...]


CAME: Final = "came"
ABSENT: Final = "absent"


def may_say(text: str) -> bool:
    """Whether such a word is in it at all."""
    words = plain(text)
    return any(_any(part).search(words) for part in (CAME, ABSENT))


def read(text: str, visits: Sequence[Appointment], *, now: datetime) -> Attended | None:
    """None when it is not about visits that have begun, or not surely about each of those it names."""
    whose = named_in(text, visits, now)
    if len(visits) < 2 or not whose.people or "?" in whose.words or len(text) > per_person.LONGEST:  # noqa: PLR2004
        return None
    # "Tom was sick so only Amy came": what follows is said of Amy.
    whose = replace(whose, words=_any("only").sub(r", \g<0>", whose.words))
    said = [_said(clause, whose, visits) for clause in per_person.clauses_of(whose)]
    came = {v.pk for one in said if one for v in one.came}
    absent = {v.pk for one in said if one for v in one.absent} - (came if _is_only(whose) else set())
    about = [visit for visit in visits if visit.pk in came | absent]
    if not about or None in said or came & absent or any(visit.starts_at > now for visit in about):
        return None
    return Attended(came=tuple(v for v in about if v.pk in came), absent=tuple(v for v in about if v.pk in absent))


def _said(clause: list[str], whose: Whose, visits: Sequence[Appointment]) -> Attended | None:
    about = _about(clause, whose, visits)
    words = _any("beside").sub(" ", per_person.said_of(clause, whose))
    rest = " ".join(_any("only").sub(" ", words).split())
    alone = _any("only").search(words) is not None
    if not about or not (rest or alone):
        return None
    if _any(ABSENT).fullmatch(rest):
        return None if alone else Attended(came=(), absent=about)
    if rest and not _any(CAME).fullmatch(rest):
        return None
    others = {visit.pk for visit in about}
    return Attended(came=about, absent=tuple(v for v in visits if alone and v.pk not in others))


def _about(clause: list[str], whose: Whose, visits: Sequence[Appointment]) -> tuple[Appointment, ...]:
    if not per_person.speaks_of_the_rest(clause):
        return whose.about(clause)
    named = {visit.pk for one in whose.people.values() for visit in one}
    return tuple(visit for visit in visits if visit.pk not in named)


def _is_only(whose: Whose) -> bool:
    return _any("only").search(whose.words) is not None


@cache
def _any(part: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{_either(wordlists.subject('attended')['phrases'][part])})(?!\S)")


def _either(words: Iterable[str]) -> str:
    """The longest first, so that "missed" is not taken for "missed it"."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
