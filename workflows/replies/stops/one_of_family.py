"""A wish for silence about one of a family, while another is named as coming: `config/replies/one_of_family.toml`.

"Stop texting me about Tom, Amy still comes." A stop is one for the whole phone, as consent is (spec 2), and is honoured
whatever else is said. But whoever comes can then not be reminded, and who is given up is still booked: a person hears
of both. "Take Tom off, keep Amy" and "Tom changed dentists, Amy still comes" ask for no silence: they stop nothing, and
are only such a case.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from appointments.case_reasons import GONE, SAID_STOP
from appointments.case_reasons.words import happened, to_do
from appointments.models import Appointment, Customer, Escalation
from appointments.services import escalations
from appointments.texts.values import first_name
from workflows.replies.acting import conversation
from workflows.replies.acting.answering import Reply, answer, person_at
from workflows.replies.labels import Label
from workflows.replies.stops.keywords import opts_out
from workflows.replies.stops.leaving import has_left
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook

WHO: Final = "zwho"
_PART: Final = re.compile(r"[.,?] |\b(?:but|pero|while|and|y|e) ")
_READ_HERE: Final = frozenset({Label.OTHER, Label.CANCEL})
_OFF: Final = "no_longer_patient.of_family"
_ON: Final = "said_stop.of_another"


@dataclass(frozen=True, slots=True)
class Named:
    """In plain words, names and kin: about whom no more is to come, and who is to go on."""

    off: frozenset[str]
    on: frozenset[str]


def read(text: str, names: Collection[str]) -> Named | None:
    """None when not both are said. `names`: of everybody on this phone, in plain words."""
    off: set[str] = set()
    on: set[str] = set()
    ends = False
    for part in _PART.split(plain(text)):
        words = part.split()
        who = _who(words, names)
        ends = _is_end(words, who, names) or (ends and len(who) == len(words) and bool(words))
        if ends:
            off |= who
        elif _keeps(words, who):
            on |= who
    apart = Named(frozenset(off - on), frozenset(on - off))
    return apart if apart.off and apart.on else None


def _who(words: list[str], names: Collection[str]) -> frozenset[str]:
    """Whom these words name, "Amy's" as Amy."""
    found = {name for word in words for name in (word, word.removesuffix("s")) if name in names or name in _set("kin")}
    speaks = words[:1] == ["not"] or not _set("still").isdisjoint(words)
    return frozenset(found | {word for word in words if speaks and word in _set("myself")})


def _is_end(words: list[str], who: Collection[str], names: Collection[str]) -> bool:
    if not who or _begins_with_not(words, who):
        return False
    known = {*names, *_set("kin")}
    heard: list[Heard] = [(word, WHO) if {word, word.removesuffix("s")} & known else (word,) for word in words]
    said = " ".join((*words, ""))
    return opts_out(said) or has_left(said) or _take_off().says(heard)


def _keeps(words: list[str], who: Collection[str]) -> bool:
    if not who or _set("keeps").isdisjoint(words):
        return False
    return _begins_with_not(words, who) or _set("denied").isdisjoint(words)


def _begins_with_not(words: list[str], who: Collection[str]) -> bool:
    """ "Not Amy", "no a Amy"."""
    rest = [word for word in words[1:] if word not in _set("small")]
    return (
        words[:1] in (["not"], ["no"])
        and bool(rest)
        and all({word, word.removesuffix("s")} & set(who) for word in rest)
    )


def tell_beside_a_stop(reply: Reply, text: str) -> None:
    """The stop has been carried out; what it means for each of them is for a person."""
    named = read(text, reply.context.names)
    if named is None:
        return
    people = _people(reply)
    gone = _called(people, named.off)
    staying = _called(people, named.on) or [one for one in people if one not in gone]
    for visit in _visits(reply, gone):
        _open(reply, GONE, _OFF, visit)
    left = _visits(reply, staying)
    for visit in left:
        _open(reply, SAID_STOP, _ON, visit)
    if not left:
        _open(reply, SAID_STOP, _ON, None)


def tell(reply: Reply, text: str) -> bool:
    """Without a stop: the case of whoever is given up. False when it says nothing of the kind, or not of whom."""
    named = read(text, reply.context.names) if reply.found.label in _READ_HERE else None
    visits = _visits(reply, _called(_people(reply), named.off)) if named else []
    for visit in visits:
        _open(reply, GONE, _OFF, visit)
    if visits:
        answer(reply, "handed_over")
    return bool(visits)


def _people(reply: Reply) -> list[Customer]:
    message = reply.message
    return list(Customer.objects.filter(tenant_id=message.tenant_id, phone=message.address, deleted_at=None)[:10])


def _called(people: Iterable[Customer], words: Collection[str]) -> list[Customer]:
    return [one for one in people if set(plain(first_name(one.name)).split()) & set(words)]


def _visits(reply: Reply, people: Collection[Customer]) -> list[Appointment]:
    """To come, of these people."""
    known = conversation.widened(reply.context, reply.message, now=reply.message.created_at).visits
    return [visit for visit in known if visit.customer_id in {one.pk for one in people}]


def _open(reply: Reply, reason: str, code: str, visit: Appointment | None) -> None:
    person = visit.customer if visit else person_at(reply)
    about = visit.id if reason == GONE and visit else person.id if person else reply.message.id
    escalations.escalate(
        key=f"{reason}:{about}",
        reason=reason,
        title=happened(code),
        next_step=to_do(code),
        priority=Escalation.Priority.HIGH,
        appointment=visit,
        customer=person,
        message=reply.message,
        tenant_id=reply.message.tenant_id,
    )


@cache
def _take_off() -> Phrasebook:
    return Phrasebook(wordlists.subject("one_of_family")["take_off"])


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(wordlists.subject("one_of_family")["words"][name])
