"""The meanings a reply can have, the question it may answer, and how sure one must be before acting on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Label(StrEnum):
    CONFIRM = "CONFIRM"
    CANCEL = "CANCEL"
    RESCHEDULE = "RESCHEDULE"
    QUESTION = "QUESTION"
    RUNNING_LATE = "RUNNING_LATE"
    STOP = "STOP"
    START = "START"
    HELP = "HELP"
    DECLINE = "DECLINE"
    EMERGENCY = "EMERGENCY"
    WRONG_NUMBER = "WRONG_NUMBER"
    OTHER = "OTHER"


class OpenQuestion(StrEnum):
    """What we asked last and still wait for. Only CONFIRM and OFFER can be answered with a plain yes."""

    NONE = "none"
    CONFIRM = "confirm"
    OFFER = "offer"
    OPTIONS = "options"
    NOTICE = "notice"

    @property
    def takes_yes(self) -> bool:
        return self in (OpenQuestion.CONFIRM, OpenQuestion.OFFER)


class Source(StrEnum):
    CARRIER = "carrier"
    KEYWORD = "keyword"
    RULES = "rules"
    LEARNED = "learned"
    MODEL = "model"
    NONE = "none"


class Sort(StrEnum):
    """What a message is, beside its label. Only words may be put before a model."""

    WORDS = "words"
    LIKE = "like"
    REACTION = "reaction"
    AGAINST = "against"
    OURS = "ours"
    MEDIA = "media"
    MACHINE = "machine"
    COURTESY = "courtesy"


# Whoever is at the phone, and however often.
ALWAYS_ACTED_ON: Final = frozenset({Label.STOP, Label.START, Label.HELP, Label.EMERGENCY, Label.WRONG_NUMBER})
# Nothing of ours is answered: whoever waits for an answer goes on waiting.
NO_ANSWER: Final = frozenset({Sort.REACTION, Sort.MACHINE, Sort.COURTESY})
# A rule's confidence when it explains every word.
WHOLE: Final = 0.95
DEFAULT_THRESHOLD: Final = 0.7
MODEL_THRESHOLD: Final = 0.9
STATE_CHANGING: Final = frozenset({Label.CONFIRM, Label.CANCEL, Label.RESCHEDULE})
RULE_THRESHOLDS: Final[dict[Label, float]] = dict.fromkeys(Label, DEFAULT_THRESHOLD)
# A model's confidence does not transfer to terse texts, so it must be surer than a rule before anything changes.
MODEL_THRESHOLDS: Final[dict[Label, float]] = RULE_THRESHOLDS | dict.fromkeys(STATE_CHANGING, MODEL_THRESHOLD)


def threshold(*, label: Label, source: str) -> float:
    """The confidence (0..1) below which a person decides."""
    return (MODEL_THRESHOLDS if source == Source.MODEL else RULE_THRESHOLDS)[label]


@dataclass(frozen=True, slots=True)
class Classification:
    """`reason` names the rule that fired and never repeats the person's words.

    `asks`: beside the label, the message asks something that a person should answer ("Yes. Is there parking?").
    """

    label: Label
    confidence: float
    source: str
    reason: str
    asks: bool = False
    sort: Sort = Sort.WORDS
    # What it says beside its label, and is acted on as well: "wrong number, stop".
    also: tuple[Label, ...] = ()
    # What the words alone mean, where the carrier says something else of the message.
    words: Label | None = None
    # A yes to the time that the visit had before it was moved.
    to_former_time: bool = False

    @property
    def decided(self) -> bool:
        """False: a person has to read the message."""
        return self.label is not Label.OTHER and self.confidence >= threshold(label=self.label, source=self.source)
