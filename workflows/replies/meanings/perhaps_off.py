"""Whether a visit is perhaps off though nobody called it off: `config/replies/perhaps_off.toml`.

"She's in the ICU", "our flight is cancelled", "I called and cancelled yesterday": no reminder of it before a person has
looked. Nothing is cancelled by it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from appointments.case_reasons import PERHAPS_OFF
from appointments.services import escalations
from workflows.replies.acting.answering import Reply, answer, person_at
from workflows.replies.labels import Label, Sort
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook

# What it may have been taken for; whoever asks to cancel or to move has said what they want.
_TAKEN_FOR: Final = frozenset({Label.OTHER, Label.CONFIRM, Label.QUESTION})
_PART: Final = re.compile(r"([^,.?]+)([,.?]|$)")


def says_so(text: str) -> bool:
    """Told, not asked, and nobody says that they come all the same."""
    words = plain(text)
    told = [part for part, mark in _PART.findall(words) if mark != "?"]
    return any(_book().says(_heard(part)) for part in told) and not _book().find(_heard(words))["on"]


def tell(reply: Reply, text: str) -> bool:
    """Opens the case; True when the message says so of a visit to come. `text` without what we wrote ourselves."""
    context, found = reply.context, reply.found
    if not context.visits or found.sort is not Sort.WORDS or found.label not in _TAKEN_FOR or not says_so(text):
        return False
    if found.label is Label.QUESTION:
        answer(reply, "handed_over")
    escalations.escalate(
        key=f"{PERHAPS_OFF}:{context.visit.id if context.visit else reply.message.id}",
        reason=PERHAPS_OFF,
        appointment=context.visit,
        customer=person_at(reply),
        message=reply.message,
        visits=() if context.visit else context.visits,
        tenant_id=reply.message.tenant_id,
    )
    return True


def _heard(words: str) -> list[Heard]:
    return [(word,) for word in words.split() if word not in (",", ".", "?")]


@cache
def _book() -> Phrasebook:
    return Phrasebook(wordlists.subject("perhaps_off"))
