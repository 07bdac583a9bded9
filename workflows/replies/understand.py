"""A reply as a whole: what we wrote is taken out, then the rest is read; what is left of a reaction is its sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from workflows.replies import ours
from workflows.replies.classify import classify
from workflows.replies.keywords import is_opt_out
from workflows.replies.labels import Classification, Label, OpenQuestion, Sort, Source
from workflows.replies.ours import Apart, Sent
from workflows.replies.reactions import Meaning
from workflows.replies.times.fit import VisitFacts

_LIKED: Final = Classification(Label.CONFIRM, 0.95, Source.RULES, "a yes under the question itself", sort=Sort.LIKE)


def understand(  # noqa: PLR0913 - each names a separate fact
    text: str,
    *,
    question: OpenQuestion,
    context: str,
    sent: Sent,
    answers: Callable[[tuple[int, ...]], bool],
    visit: VisitFacts | None = None,
    names: frozenset[str] = frozenset(),
) -> Classification:
    """`answers`: whether the texts that were reacted to (by their places in `sent`) are the open question about one
    visit."""
    apart = ours.apart(text, sent)
    if apart.reaction is not None and not apart.text:
        return _of_reaction(apart, apart.reaction.meaning, answers)
    if apart.nothing_own:
        return _undecided(Sort.OURS, "only our own words came back")
    found = classify(text=apart.text, question=question, context=context, visit=visit, names=names)
    return replace(found, label=Label.OTHER, confidence=0.0) if _is_no_yes(found, apart) else found


def _of_reaction(apart: Apart, meaning: Meaning, answers: Callable[[tuple[int, ...]], bool]) -> Classification:
    quoted = apart.reaction.quoted if apart.reaction else ""
    if not apart.quoted and is_opt_out(quoted):
        return _undecided(Sort.OURS, "a reaction to words about stopping that are not known")
    if meaning is Meaning.FOR and apart.quoted and answers(apart.quoted):
        return _LIKED
    against = meaning is Meaning.AGAINST and bool(quoted)
    return _undecided(Sort.AGAINST if against else Sort.REACTION, f"a reaction, {meaning}")


def _is_no_yes(found: Classification, apart: Apart) -> bool:
    """A yes beside words that are neither theirs nor known, or beside a thumb down, is for a person."""
    against = apart.reaction is not None and apart.reaction.meaning is Meaning.AGAINST
    return found.label is Label.CONFIRM and (apart.stranger or against)


def _undecided(sort: Sort, reason: str) -> Classification:
    return Classification(Label.OTHER, 0.0, Source.RULES, reason, sort=sort)
