"""Whether somebody asks to be called, or says that it is urgent: `config/replies/calls.toml`.

A later "C" says that they come, and not that anybody has called: the case waits for a person.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from appointments.services import escalations
from workflows.replies.acting.answering import Reply, person_at
from workflows.replies.labels import Label, Sort
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook

REASON: Final = "call_wanted"
# Beside these it is a wish of its own: what they open, a later "C" closes. Being urgent is part of a wish for a time.
_SAID_BESIDE: Final = frozenset({Label.CONFIRM, Label.CANCEL, Label.RESCHEDULE, Label.STOP})
_MARKS: Final = frozenset(",.?:")


def wanted(text: str, label: Label = Label.OTHER) -> bool:
    """Whether a message that was taken for `label` asks for a call besides."""
    if label is not Label.OTHER and label not in _SAID_BESIDE:
        return False
    words: list[Heard] = [(word,) for word in plain(text).split() if word not in _MARKS]
    books = _books()
    return books["called"].says(words) or (label is Label.OTHER and books["urgent"].says(words))


def tell(reply: Reply, text: str) -> bool:
    """Opens the case; True when the message asks for a call. `text` without what we wrote ourselves."""
    found, visit = reply.found, reply.context.visit
    if set(found.also) - {Label.HELP} or found.sort is not Sort.WORDS or not wanted(text, found.label):
        return False
    escalations.escalate(
        key=f"{REASON}:{visit.id if visit else reply.message.id}",
        reason=REASON,
        appointment=visit or reply.context.over,
        customer=person_at(reply),
        message=reply.message,
        tenant_id=reply.message.tenant_id,
    )
    return True


@cache
def _books() -> dict[str, Phrasebook]:
    return {section: Phrasebook(tables) for section, tables in wordlists.subject("calls").items()}
