"""Of several visits on one phone, the one that our last question asked about: a C, X or R under it is about that one.

Not where the words name another visit or person, or speak of several: then it is read against all of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from appointments import not_there
from appointments.models import Appointment, Message
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import STATE_CHANGING, Classification, Label, Sort
from workflows.replies.people import per_person
from workflows.replies.people.whose import named_in
from workflows.replies.text.normalize import plain
from workflows.replies.times.fit import Fit, VisitFacts
from workflows.replies.times.parse import parse

_ONE: Final = "ones?|appointments?|visits?|citas?"
# "The second one", "the other appointment", "la otra": of several, and perhaps not the one that we asked about.
_SOME_OTHER: Final = re.compile(
    rf"(?<!\S)(?:(?:first|second|third|last|next|other|later|earlier|following|1st|2nd|3rd) (?:{_ONE})"
    rf"|(?:the|la) (?:first|second|other|later|earlier|primera|segunda|otra|ultima|siguiente|proxima)"
    rf"|(?:primera|segunda|otra|ultima|siguiente|proxima) cita)(?!\S)"
)


def last(message: Message, context: Context, *, now: datetime) -> Context:
    """The same, about the one visit last asked about, where the words may be about it alone."""
    visit = context.asked_last
    if (
        visit is None
        or not_there.missed(own_words(message, context))
        or is_of_another(own_words(message, context), [visit], context, now)
    ):
        return context
    return context.about_the_last_question()


def answers(found: Classification, message: Message, context: Context, *, now: datetime) -> bool:
    """Whether this is an answer to that question: a yes or a no with no time but the visit's own, or a wish for another
    time."""
    if found.label not in STATE_CHANGING or found.sort is not Sort.WORDS or context.visit is None:
        return False
    return found.label is Label.RESCHEDULE or _has_only_its_own_time(own_words(message, context), context.visit, now)


def is_of_another(words: str, about: Sequence[Appointment], context: Context, now: datetime) -> bool:
    """Whether the words may be about more, or others, than the visits `about`."""
    if _SOME_OTHER.search(plain(words)) or (len(about) == 1 and per_person.speaks_of_several(words)):
        return True
    known = {visit.pk: visit for visit in (*context.visits, *context.here)}
    whose = named_in(words, list(known.values()), now)
    people = {one.customer_id for visits in whose.people.values() for one in visits}
    timed = {one.pk for visits in whose.times.values() for one in visits}
    return not people <= {one.customer_id for one in about} or not timed <= {one.pk for one in about}


def is_of_others(words: str, about: Sequence[Appointment], known: Sequence[Appointment], now: datetime) -> bool:
    """Whether the words are about other visits than `about` alone: each person, day or hour in them is theirs."""
    named = _named(words, known, now)
    mine = {visit.pk for visit in about}
    return bool(_SOME_OTHER.search(plain(words)) or named) and all(mine.isdisjoint(one) for one in named)


def is_of_another_too(words: str, about: Sequence[Appointment], known: Sequence[Appointment], now: datetime) -> bool:
    """Whether the words may be about `about` and others as well."""
    mine = {visit.pk for visit in about}
    several = len(about) == 1 and per_person.speaks_of_several(words)
    return (
        several
        or bool(_SOME_OTHER.search(plain(words)))
        or any(mine.isdisjoint(one) for one in _named(words, known, now))
    )


def _named(words: str, known: Sequence[Appointment], now: datetime) -> list[set[UUID]]:
    """The visits of each person, day or hour in the words."""
    whose = named_in(words, known, now)
    return [{visit.pk for visit in visits} for visits in (*whose.people.values(), *whose.times.values())]


def _has_only_its_own_time(words: str, visit: Appointment, now: datetime) -> bool:
    facts = VisitFacts.of(starts_at=visit.starts_at, now=now, zone=visit.timezone)
    return all(facts.fit(one.value, spanish=False) is Fit.OWN for one in parse(plain(words)).mentions)
