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
# What else it may have been taken for, when it tells of a death: a day makes it look like a yes or a move.
_MAY_TELL_OF_DEATH: Final = frozenset(
    {Label.STOP, Label.CANCEL, Label.OTHER, Label.WRONG_NUMBER, Label.CONFIRM, Label.RESCHEDULE, Label.QUESTION}
)
_MARKS: Final = frozenset(",.?:")


def reason_in(text: str, names: frozenset[str] = frozenset()) -> str:
    """The reason of the case that this text asks for; empty for most. `names`: whom our texts to this phone greet."""
    words: list[Heard] = [_heard(word, names) for word in plain(text).split() if word not in _MARKS]
    if _books()["died"].says(words):
        return "" if _is_of_another(words) else DECEASED
    return LEFT if _books()["left"].says(words) else ""


def _heard(word: str, names: frozenset[str]) -> Heard:
    return (word, "patient") if word in names else (word,)


def _is_of_another(words: list[Heard]) -> bool:
    """Who mourns one of the family and speaks of an own visit: no patient has died."""
    return _books()["kin_died"].says(words) and _books()["mourns"].says(words)


def tell(reply: Reply, text: str) -> bool:
    """Opens the case; True when the message tells of a death. `text` without what we wrote ourselves."""
    reason, label = reason_in(text, reply.context.names), reply.found.label
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
