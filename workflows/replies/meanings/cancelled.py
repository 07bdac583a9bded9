"""Whether somebody writes that they know of a visit that is off: then nobody need call them about it any more."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from appointments.services.visit import cancellations
from workflows.replies.acting.answering import Reply
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook

_MARKS: Final = re.compile("[,.:]")


def says_so(text: str) -> bool:
    """In plain words, and asking nothing."""
    words = plain(text)
    if "?" in words:
        return False
    heard: list[Heard] = [(word,) for word in _MARKS.sub(" ", words).split()]
    found = _book().find(heard)
    return bool(found.get("knows") and found.get("off")) and not found.get("against")


def settle(reply: Reply, text: str) -> None:
    """Ends the case that asks staff to tell them. Whatever else they wrote is read as always: a person may want it."""
    if says_so(text):
        cancellations.known_at(reply.message.address, tenant_id=reply.message.tenant_id)


@cache
def _book() -> Phrasebook:
    return Phrasebook(wordlists.subject("cancelled"))
