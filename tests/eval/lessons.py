"""What the rows of the sets teach the learned reader: the words as it will see them, and what they meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Final

from workflows.replies.agreement import MEANINGS, marks
from workflows.replies.classify import by_rules_alone, reading_of
from workflows.replies.danger import danger_words
from workflows.replies.danger.emergency import tells_of_danger
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.stream import visit_of
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists

# Of a form with many tables only the first few phrases, and of a table the first few entries.
PHRASES_OF_A_FORM: Final = 8
ENTRIES_OF_A_TABLE: Final = 3
_PART: Final = re.compile(r"\[([^\]]*)\]|\{(\w+)\}|([^\[\]{}]+)")

# There are as many as texts, so they weigh less: with a full weight everyday texts became alarms.
WEIGHT_OF_A_SIGN: Final = 0.1
WEIGHT_OF_A_FIGURE: Final = 0.3

CALM: Final = "calm"
DANGER: Final = "danger"


@dataclass(frozen=True)
class Lesson:
    words: str
    marks: tuple[str, ...]
    meaning: str
    weight: float = 1.0


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


def of_phrases() -> Iterator[Lesson]:
    """What the word lists hold, each phrase by itself, as the rules understand it. Without these the learned reader
    would doubt a common answer ("count me in") only because nobody who wrote for the sets happened to choose it."""
    for phrase in dict.fromkeys(_phrases()):
        reading = reading_of(phrase, asked=OpenQuestion.CONFIRM, context="", visit=None)
        found = by_rules_alone(reading, OpenQuestion.CONFIRM).label
        if found in MEANINGS:
            yield Lesson(reading.named.parsed.rest, tuple(marks(reading)), str(found))


def of_signs() -> Iterator[Lesson]:
    """The same of danger: what is an alarm by itself, and the turns of speech that sound like one."""
    for language in map(danger_words.language, danger_words.LANGUAGES):
        for entry in filter(_is_plain, (entry for table in language.tables().values() for entry in table)):
            if tells_of_danger(f"{entry} "):
                yield Lesson(f"{entry} ", (), DANGER, WEIGHT_OF_A_SIGN)
        for entry in filter(_is_plain, language.figures["phrases"]):
            yield Lesson(f"{entry} ", (), CALM, WEIGHT_OF_A_FIGURE)


def _is_plain(entry: str) -> bool:
    return not set(entry) & set("{~*#")


def _phrases() -> Iterator[str]:
    said = wordlists.everything()
    lists = (said.words["yes"], said.answers.yes, said.changes.cancel_now, said.changes.not_coming)
    for form in (*(form for forms in lists for form in forms), *said.changes.late, *said.changes.move_now):
        if "*" not in form:
            yield from islice(_spelled(form), PHRASES_OF_A_FORM)


def _spelled(form: str) -> Iterator[str]:
    """`form` of `grammar` in words."""
    choices = [_choices(*part) for part in _PART.findall(form)]
    yield from (" ".join("".join(chosen).split()) for chosen in product(*choices))


def _choices(optional: str, table: str, words: str) -> list[str]:
    if optional:
        return ["", *islice(_spelled(optional), 1)]
    if table:
        entries = wordlists.vocabulary()[table]
        return [entry.replace("#", "10") for entry in entries[:ENTRIES_OF_A_TABLE]]
    return [words]
