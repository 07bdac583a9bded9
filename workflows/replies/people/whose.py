"""Whom and which visit a reply names: by first name, by name and last name (or its letter), by day and hour.

Each becomes one word, so that the rest of the sentence can be read alike whoever it is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from appointments.models import Appointment
from appointments.texts.values import first_name, last_name
from workflows.replies.text.normalize import plain
from workflows.replies.times.fit import Fit, VisitFacts
from workflows.replies.times.parse import parse
from workflows.replies.times.values import Bound, InTime, Mention, Number

Visits = tuple[Appointment, ...]
# What belongs to an hour or a day that stands for a visit: "the 3 pm one", "la de las 3".
_BEFORE: Final = frozenset(("the", "la", "el", "de", "at", "on"))
_AFTER: Final = frozenset(("one", "appointment", "visit", "slot", "cita"))


@dataclass(frozen=True, kw_only=True)
class Whose:
    """`people`, `times`: the visits by the word that stands for whoever or whatever was named.

    `shared`: what several people are called; it names nobody unless an hour beside it does. `called`: the names as they
    were written.
    """

    words: str
    people: Mapping[str, Visits] = field(default_factory=dict)
    times: Mapping[str, Visits] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()

    def __contains__(self, word: object) -> bool:
        return word in self.people or word in self.times

    def about(self, clause: Sequence[str]) -> Visits:
        """The visits that a clause names; none where it names nothing, or nobody for sure."""
        named = [visit for word in dict.fromkeys(clause) for visit in self.people.get(word, ())]
        timed = [visit for word in dict.fromkeys(clause) for visit in self.times.get(word, ())]
        both = [visit for visit in named if visit in timed] if named and timed else named or timed
        unsure = self.shared & set(clause) and len({visit.pk for visit in both}) > 1
        return () if unsure else tuple(both)


def named_in(text: str, visits: Sequence[Appointment], now: datetime) -> Whose:
    """`visits`: those that the reply may be about."""
    words, found = _people(plain(text), _called(visits))
    words, times = _times(words, visits, now)
    shared = {word for word, (_, theirs) in found.items() if len({visit.customer_id for visit in theirs}) > 1}
    return Whose(
        words=words,
        people={word: theirs for word, (_, theirs) in found.items()},
        times=times,
        shared=frozenset(shared),
        called=frozenset(name for name, _ in found.values()),
    )


def _people(words: str, called: Mapping[str, Visits]) -> tuple[str, dict[str, tuple[str, Visits]]]:
    """The longest name first: "leo diaz" is not "leo"."""
    found: dict[str, tuple[str, Visits]] = {}
    for at, name in enumerate(sorted(called, key=len, reverse=True)):
        words, times = re.subn(rf"(?<!\S){re.escape(name)}(?!\S)", f"zwho{at}", words)
        if times:
            found[f"zwho{at}"] = (name, called[name])
    return words, found


def _called(visits: Sequence[Appointment]) -> dict[str, Visits]:
    """By each name in plain words; the letter of a last name counts only where a first name is shared."""
    firsts = {visit.customer_id: first_name(visit.customer.name) for visit in visits}
    called: dict[str, Visits] = {}
    for visit in visits:
        first, last = firsts[visit.customer_id], last_name(visit.customer.name)
        names = {_spelt(first), _spelt(f"{first} {last}")}
        names |= {f"{name}s" for name in names if name}  # "Tom's"
        if last and list(firsts.values()).count(first) > 1:
            letter = _spelt(f"{first} {last[0]}")
            names |= {letter, f"{letter} ."}
        for name in names - {""} if _spelt(first) else ():
            called[name] = (*called.get(name, ()), visit)
    return called


def _spelt(name: str) -> str:
    return " ".join(word for word in plain(name).split() if word != ".")


def _times(words: str, visits: Sequence[Appointment], now: datetime) -> tuple[str, dict[str, Visits]]:
    """Days and hours that are some of the visits' own, and no others'. What all of them have tells nothing apart."""
    parsed = parse(words)
    tokens, times = list(parsed.tokens), dict[str, Visits]()
    for at, run in reversed(list(enumerate(_runs(parsed.mentions)))):
        own = _own(run, visits, now)
        if own:
            start, end = _around(tokens, run[0].start, run[-1].end)
            tokens[start:end] = [f"zwhen{at}"] if len(own) < len(visits) else []
            times[f"zwhen{at}"] = own
    return "".join(f"{token} " for token in tokens), times


def _runs(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """ "Tuesday at 3" is one."""
    runs: list[list[Mention]] = []
    for one in mentions:
        if runs and runs[-1][-1].end == one.start:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _own(run: Collection[Mention], visits: Sequence[Appointment], now: datetime) -> Visits:
    if any(one.bound is not Bound.AT or isinstance(one.value, Number | InTime) for one in run):
        return ()
    known = [(v, VisitFacts.of(starts_at=v.starts_at, now=now, zone=v.timezone)) for v in visits]
    return tuple(v for v, facts in known if all(facts.fit(one.value, spanish=False) is Fit.OWN for one in run))


def _around(tokens: Sequence[str], start: int, end: int) -> tuple[int, int]:
    while start and tokens[start - 1] in _BEFORE:
        start -= 1
    return start, end + (end < len(tokens) and tokens[end] in _AFTER)
