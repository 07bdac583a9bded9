"""The figures of one set: what was decided without a person, how often rightly, and what was missed.

A reply counts as decided when its label is acted on by itself: it is in `AUTOMATIC` and its confidence is enough
(a keyword always is). It is right when the label is the one expected or one of those that are fine too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from workflows.replies.labels import DEFAULT_THRESHOLD, Classification, Label

AUTOMATIC: Final = frozenset(
    {
        Label.CONFIRM,
        Label.CANCEL,
        Label.RESCHEDULE,
        Label.QUESTION,
        Label.RUNNING_LATE,
        Label.STOP,
        Label.START,
        Label.HELP,
    }
)
KEYWORDS: Final = frozenset({Label.STOP, Label.START, Label.HELP})
# What changes something; a wrong question or a late arrival only reaches a person in another list.
CHANGING: Final = frozenset({Label.CONFIRM, Label.CANCEL, Label.RESCHEDULE, Label.STOP, Label.START})
MEASURED: Final = ("CONFIRM", "CANCEL", "RESCHEDULE", "RUNNING_LATE", "STOP", "EMERGENCY")


@dataclass(frozen=True)
class Answer:
    """One reply of a set: `expected` first the best label, then the others that are fine; `said` or nothing."""

    row: dict[str, Any]
    expected: tuple[str, ...]
    label: str
    decided: bool

    @property
    def asked(self) -> bool:
        """Whether a question of ours was open that a yes or a no answers."""
        return self.row.get("prompt") in ("confirm", "offer")

    @property
    def hit(self) -> bool:
        return self.decided and self.label == self.expected[0]

    @property
    def wrong(self) -> bool:
        return self.decided and self.label not in self.expected


def answer(row: dict[str, Any], found: Classification) -> Answer:
    """A declined offer is a cancelled one where a set knows no other name for it."""
    expected = (row["label"], *row.get("also", ()))
    declined = found.label is Label.DECLINE and Label.DECLINE not in expected and Label.CANCEL in expected
    label = Label.CANCEL if declined else found.label
    sure = found.confidence >= DEFAULT_THRESHOLD or label in KEYWORDS
    return Answer(row, expected, str(label), label in AUTOMATIC and sure)


@dataclass
class Figures:
    """All shares are 0..1; `nothing` stands for a share of nothing."""

    rows: int = 0
    values: dict[str, float] = field(default_factory=dict)
    wrong: list[Answer] = field(default_factory=list)


def of_replies(answers: list[Answer]) -> Figures:
    decided = [found for found in answers if found.decided]
    changing = [found for found in decided if found.label in CHANGING]
    open_changes = [found for found in answers if found.asked and found.expected[0] in CHANGING]
    others = [found for found in answers if "CONFIRM" not in found.expected]
    wrong = [found for found in decided if found.wrong]
    false_yes = sum(found.label == "CONFIRM" for found in wrong)
    values = {
        "coverage": _share(len(decided), len(answers)),
        "precision": 1 - _share(len(wrong), len(decided)),
        "changing_coverage": _share(sum(found.hit for found in open_changes), len(open_changes)),
        "changing_precision": 1 - _share(sum(found.wrong for found in changing), len(changing)),
        "false_confirm_per_1000": 1000 * _share(false_yes, len(others)),
        "false_stop": _share(sum(found.label == "STOP" and found.wrong for found in answers), len(answers)),
    }
    return Figures(len(answers), values | _recalls(answers) | _apart(answers), wrong)


def of_danger(rows: Iterable[tuple[bool, bool]]) -> Figures:
    """Pairs (is danger, was called danger)."""
    counted = Counter(rows)
    missed, hit = counted[True, False], counted[True, True]
    alarms, calm = counted[False, True], counted[False, False]
    values = {"danger_recall": _share(hit, hit + missed), "false_alarms": _share(alarms, alarms + calm)}
    return Figures(counted.total(), values)


def of_noise(found: list[Classification]) -> Figures:
    """Texts that are no replies to us: nobody opts out and nobody is in danger."""
    counted = Counter(str(one.label) for one in found)
    shares = {f"says_{label.lower()}": _share(counted[label], len(found)) for label in ("STOP", "EMERGENCY", "CONFIRM")}
    return Figures(len(found), shares)


def _recalls(answers: list[Answer]) -> dict[str, float]:
    found = {}
    for label in MEASURED:
        meant = [one for one in answers if one.expected[0] == label]
        if meant:
            said = sum(one.label == label and (one.decided or label == "EMERGENCY") for one in meant)
            found[f"recall_{label.lower()}"] = said / len(meant)
    return found


def _apart(answers: list[Answer]) -> dict[str, float]:
    """How far apart English and Spanish are in CONFIRM recall, where a set has both."""
    spoken = {lang: [a for a in answers if a.row.get("lang") == lang] for lang in ("en", "es")}
    if not all(spoken.values()):
        return {}
    english, spanish = (_recalls(found).get("recall_confirm", 0.0) for found in spoken.values())
    return {"recall_confirm_en": english, "recall_confirm_es": spanish, "languages_apart": abs(english - spanish)}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
