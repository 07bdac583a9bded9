"""A reply as a whole: what we wrote is taken out, then the rest is read; what is left of a reaction is its sign."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

from workflows.replies.classify import classify
from workflows.replies.labels import Classification, Label, OpenQuestion, Sort, Source
from workflows.replies.stops.keywords import is_opt_out
from workflows.replies.text import ours
from workflows.replies.text.ours import Apart, Sent
from workflows.replies.text.reactions import Meaning
from workflows.replies.times.fit import VisitFacts

_LIKED: Final = Classification(Label.CONFIRM, 0.95, Source.RULES, "a yes under the question itself", sort=Sort.LIKE)


class Asked(Protocol):
    """What is known of the texts that came back, by their places in `sent`."""

    def answers(self, quoted: tuple[int, ...]) -> bool:
        """Whether they are the last question, still open and about one visit."""

    def fits(self, quoted: tuple[int, ...]) -> bool:
        """Whether they are about the visit and the time that the reply would confirm."""


def understand(  # noqa: PLR0913 - each names a separate fact
    text: str,
    *,
    question: OpenQuestion,
    context: str,
    sent: Sent,
    asked: Asked,
    visit: VisitFacts | None = None,
    names: frozenset[str] = frozenset(),
) -> Classification:
    """What the reply means, and what sort of message it is."""
    apart = ours.apart(text, sent)
    if apart.reaction is not None and not apart.text:
        return _of_reaction(apart, apart.reaction.meaning, asked)
    if apart.nothing_own:
        return _undecided(Sort.OURS, "only our own words came back")
    found = classify(text=apart.text, question=question, context=context, visit=visit, names=names)
    return replace(found, label=Label.OTHER, confidence=0.0) if _is_no_yes(found, apart, asked) else found


def _of_reaction(apart: Apart, meaning: Meaning, asked: Asked) -> Classification:
    quoted = apart.reaction.quoted if apart.reaction else ""
    if not apart.quoted and is_opt_out(quoted):
        return _undecided(Sort.OURS, "a reaction to words about stopping that are not known")
    if meaning is Meaning.FOR and apart.quoted and asked.answers(apart.quoted):
        return _LIKED
    against = meaning is Meaning.AGAINST and bool(quoted)
    return _undecided(Sort.AGAINST if against else Sort.REACTION, f"a reaction, {meaning}")


def _is_no_yes(found: Classification, apart: Apart, asked: Asked) -> bool:
    """A yes beside words that are neither theirs nor known, beside a thumb down or a text about another visit or time
    is for a person."""
    against = apart.reaction is not None and apart.reaction.meaning is Meaning.AGAINST
    elsewhere = bool(apart.quoted) and not asked.fits(apart.quoted)
    return found.label is Label.CONFIRM and (apart.stranger or against or elsewhere or apart.may_be_a_form)


def _undecided(sort: Sort, reason: str) -> Classification:
    return Classification(Label.OTHER, 0.0, Source.RULES, reason, sort=sort)
