"""What the rows of the sets teach the learned reader: the words as it will see them, and what they meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from workflows.replies.agreement import MEANINGS, marks
from workflows.replies.classify import reading_of
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.normalize import plain
from workflows.replies.stream import visit_of

CALM: Final = "calm"
DANGER: Final = "danger"


@dataclass(frozen=True)
class Lesson:
    words: str
    marks: tuple[str, ...]
    meaning: str


def of_labels(rows: Iterable[dict[str, Any]]) -> Iterator[Lesson]:
    """Answers to the question about a visit."""
    for row in rows:
        if row.get("prompt") == OpenQuestion.CONFIRM:
            reading = reading_of(
                row["text"], asked=OpenQuestion.CONFIRM, context=row["context"], visit=visit_of(row["visit"])
            )
            label = row["label"] if row["label"] in MEANINGS else Label.OTHER
            yield Lesson(reading.named.parsed.rest, tuple(marks(reading)), str(label))


def of_danger(rows: Iterable[dict[str, Any]]) -> Iterator[Lesson]:
    """All texts: what is a reply and no emergency is calm."""
    for row in rows:
        danger = row["danger"] if "danger" in row else Label.EMERGENCY in (row["label"], *row.get("also", ()))
        yield Lesson(plain(row["text"]), (), DANGER if danger else CALM)
