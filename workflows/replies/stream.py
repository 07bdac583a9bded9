"""Classification of JSON lines: {id, text, context, prompt, visit} in, {id, label, confidence, source} out.

`visit` is optional: {starts_at, timezone, now}, moments in ISO 8601 (on the zone's wall clock where they
have no offset). Without it the days and hours of a reply are held against those of `context`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from aro import clock
from workflows.replies.labels import Classification, Label, OpenQuestion
from workflows.replies.text.ours import Sent
from workflows.replies.times.fit import VisitFacts
from workflows.replies.understand import understand

Classifier: TypeAlias = Callable[[str, OpenQuestion, str, VisitFacts | None], Classification]


# Labels of ARO's own that decide nothing for whoever reads the stream: a person reads, and why stands beside it.
_FOR_A_PERSON: Final = frozenset({Label.WRONG_NUMBER})
_EXAMPLE: Final = '{"id": "1", "text": "C", "prompt": "confirm"}'


class BadLineError(ValueError):
    """A line that is no request; the message says which and what is wrong, and never repeats its text."""

    def __init__(self, *, number: int, problem: str) -> None:
        super().__init__(f"Line {number}: {problem}. Each line must be a JSON object such as {_EXAMPLE}.")


def classify_stream(lines: Iterable[str], *, classifier: Classifier | None = None) -> Iterator[str]:
    """One answer per line, blank lines skipped. Raises BadLineError at the first line that is no request."""
    decide = classifier or by_rules
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer(line, number, decide)


@dataclass(frozen=True)
class _Prompt:
    """The one text that is known is the last question, if it asks at all."""

    question: OpenQuestion

    def answers(self, quoted: tuple[int, ...]) -> bool:
        return bool(quoted) and self.question is OpenQuestion.CONFIRM

    def fits(self, quoted: tuple[int, ...]) -> bool:
        return bool(quoted)


def by_rules(text: str, question: OpenQuestion, context: str, visit: VisitFacts | None) -> Classification:
    """`context` is our last message: given back, it is nobody's answer."""
    return understand(
        text,
        question=question,
        context=context,
        visit=visit,
        sent=Sent([context] if context.strip() else []),
        asked=_Prompt(question),
    )


def _answer(line: str, number: int, decide: Classifier) -> str:
    row = _row(line, number)
    question = _question(row, number)
    found = decide(_text(row, "text", number), question, _text(row, "context", number), _visit(row, number))
    answer = {"id": row.get("id"), "label": found.label, "confidence": found.confidence, "source": found.source}
    if found.label in _FOR_A_PERSON:
        answer |= {"label": Label.OTHER, "for_a_person": found.label}
    return json.dumps(answer)


def _row(line: str, number: int) -> dict[str, object]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError(number=number, problem="not valid JSON") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BadLineError(number=number, problem='no "text"')
    return row


def _text(row: dict[str, object], name: str, number: int) -> str:
    value = row.get(name) or ""
    if not isinstance(value, str):
        raise BadLineError(number=number, problem=f'"{name}" is not text')
    return value


def _question(row: dict[str, object], number: int) -> OpenQuestion:
    try:
        return OpenQuestion(_text(row, "prompt", number) or OpenQuestion.NONE)
    except ValueError as error:
        known = ", ".join(OpenQuestion)
        raise BadLineError(number=number, problem=f'unknown "prompt" (known: {known})') from error


def _visit(row: dict[str, object], number: int) -> VisitFacts | None:
    given = row.get("visit")
    if not given:
        return None
    try:
        return visit_of(given)
    except (TypeError, ValueError, KeyError, OverflowError, OSError) as error:
        needs = '"visit" needs "starts_at" and "now" in ISO 8601, and "timezone"'
        raise BadLineError(number=number, problem=needs) from error


def visit_of(given: object) -> VisitFacts:
    """Of the `visit` of a row. Raises TypeError, KeyError, ValueError or OverflowError."""
    if not isinstance(given, dict):
        raise TypeError("no object")
    zone = ZoneInfo(given["timezone"])
    now = _moment(given["now"], zone) if given.get("now") else clock.now()
    return VisitFacts.of(starts_at=_moment(given["starts_at"], zone), now=now, zone=zone.key)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
