"""Whether a message tells of a death, or that the patient has gone for good: `config/replies/departed.toml`.

Beside an opt-out, or alone: a person has to know, or the visit stays booked and a cheerful text reaches the family.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Final

from appointments.case_reasons import DECEASED
from appointments.services import escalations
from workflows.replies import wordlists
from workflows.replies.answering import Reply, person_at
from workflows.replies.labels import Label
from workflows.replies.normalize import plain
from workflows.replies.phrasebook import Heard, Phrasebook

LEFT: Final = "no_longer_patient"
# What else it may have been taken for, when it tells of a death. Who wants another time lives.
_MAY_TELL_OF_DEATH: Final = frozenset({Label.STOP, Label.CANCEL, Label.OTHER, Label.WRONG_NUMBER})
_MARKS: Final = frozenset(",.?:")


def reason_in(text: str) -> str:
    """The reason of the case that this text asks for; empty for most."""
    words: list[Heard] = [(word,) for word in plain(text).split() if word not in _MARKS]
    return next(
        (reason for section, reason in (("died", DECEASED), ("left", LEFT)) if _books()[section].says(words)), ""
    )


def tell(reply: Reply, text: str) -> bool:
    """Opens the case; True when the message tells of a death. `text` without what we wrote ourselves."""
    reason, label = reason_in(text), reply.found.label
    if (reason == DECEASED and label in _MAY_TELL_OF_DEATH) or (reason == LEFT and label is Label.STOP):
        _open(reply, reason)
        return reason == DECEASED
    return False


def _open(reply: Reply, reason: str) -> None:
    visit = reply.context.visit or (reply.context.visits[0] if reply.context.visits else None)
    escalations.escalate(
        key=f"{reason}:{visit.id if visit else reply.message.id}",
        reason=reason,
        appointment=visit or reply.context.over,
        customer=person_at(reply),
        message=reply.message,
        tenant_id=reply.message.tenant_id,
    )


@cache
def _books() -> dict[str, Phrasebook]:
    lists = tomllib.loads((wordlists.FOLDER / "departed.toml").read_text(encoding="utf-8"))
    return {section: Phrasebook(tables) for section, tables in lists.items()}
