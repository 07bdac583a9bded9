"""Whether texts are to go to another number from now on, named in the message: `config/replies/new_number.toml`.

A person enters it. What is planned for the number they write from waits until then: they may be about to lose it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from appointments.case_reasons import NEW_NUMBER
from appointments.models import Message
from appointments.services import businesses, escalations, messages
from aro import clock
from compliance import guardrails, phones, wrong_numbers
from compliance.models import WrongNumber
from compliance.reasons import Reason
from workflows.replies.acting.answering import Reply, person_at
from workflows.replies.labels import Label
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook

# These say more of the phone already, or are no time to look at numbers.
_NOT_BESIDE: Final = frozenset({Label.WRONG_NUMBER, Label.EMERGENCY})
_MARKS: Final = frozenset(",.?:")
# What stands for another number than the sender's, and for the sender's own.
_ANOTHER: Final = "zphone"
_OWN: Final = "zself"
_PART: Final = re.compile(r"(?<=[.,;!?])(?=\s)|\n")


def is_named(text: str, *, sender: str, region: str = phones.DEFAULT_REGION) -> bool:
    """Whether `text` asks to write to a number that it names, other than the sender's own (E.164)."""
    if not phones.named_in(text, region) - {sender}:
        return False
    named = phones.with_words_for_numbers(text, lambda number: _OWN if number == sender else _ANOTHER, region)
    return _book().says(_heard(named))


def besides(message: Message, text: str) -> str:
    """What `text`, of that message, says besides the new number; all of it where it names none."""
    region = _region(message)
    if not is_named(text, sender=message.address, region=region):
        return text
    return " ".join(part for part in _PART.split(text) if not phones.named_in(part, region) - {message.address})


def tell(reply: Reply, text: str) -> bool:
    """Opens the case; True when the message names a new number. `text` without what we wrote ourselves."""
    message = reply.message
    named = is_named(text, sender=message.address, region=_region(message))
    if {reply.found.label, *reply.found.also} & _NOT_BESIDE or not named:
        return False
    escalations.escalate(
        key=key_of(_held(message.address, message.tenant_id)),
        reason=NEW_NUMBER,
        appointment=reply.context.visit,
        customer=person_at(reply),
        message=message,
        tenant_id=message.tenant_id,
    )
    return True


def _region(message: Message) -> str:
    return phones.region_of(businesses.current(message.tenant_id).timezone)


def _heard(text: str) -> list[Heard]:
    words = " ".join(word for word in plain(text).split() if word not in _MARKS)
    return [(word,) for word in _several().sub(r"\1", words).split()]


def key_of(row: WrongNumber) -> str:
    return f"{NEW_NUMBER}:{row.id}"


def _held(address: str, tenant_id: str) -> WrongNumber:
    until = clock.now() + guardrails.LOOK_AGAIN
    messages.hold_all(address, Reason.WRONG_NUMBER, until, tenant_id=tenant_id)
    return wrong_numbers.hold(address, tenant_id=tenant_id)


@cache
def _several() -> re.Pattern[str]:
    """Words for a number in a row: "cell phone number", "numero de telefono"."""
    names = "|".join((*_tables()["number"], *_tables()["numero"]))
    return re.compile(rf"\b({names})(?: (?:de )?(?:{names}))+\b")


@cache
def _book() -> Phrasebook:
    return Phrasebook(_tables())


def _tables() -> dict[str, list[str]]:
    tables: dict[str, list[str]] = wordlists.subject("new_number")["phrases"]
    return tables
