"""The order in which a reply is read: opt-out, opt-in, help, emergency, then rules that know the open question.

Decisions this file stands for:
- Without an open question nothing is ever confirmed. An explicit wish ("cancel my appointment", "I need to
  reschedule") still gets its label, because that label only opens a task for staff: a person cancels, never ARO.
- A "no" to an offer is DECLINE. Nothing was booked, so there is nothing to cancel.
- A "no" to "will you come?" without a word about coming is left to a person: it may mean another day.
"""

from __future__ import annotations

import re
from typing import Final

from workflows.replies import changes
from workflows.replies.answers import Piece
from workflows.replies.emergency import tells_of_danger
from workflows.replies.keywords import asks_help, is_foreign_opt_out, opts_in, opts_out
from workflows.replies.labels import Classification, Label, OpenQuestion, Source
from workflows.replies.normalize import plain
from workflows.replies.reading import Reading, read
from workflows.replies.times.fit import VisitFacts

# A letter or digit at the start that is no part of a time or number ("3 pm", "2 of us").
LETTER: Final = re.compile(
    r"^(?:[,.] )*(?:reply |option |opcion )?([crx123]) (?=$|[.,] (?!\? )"
    r"|(?:please|thanks|thank|confirm\w*|yes|ok|gracias|por|see|reschedule|cancel|to|for|sorry|i|\1) )"
)
LETTER_MEANING: Final = {
    OpenQuestion.CONFIRM: {"c": "yes", "1": "yes", "r": "reschedule", "2": "reschedule", "x": "x", "3": "x"},
    OpenQuestion.OFFER: {"c": "yes", "x": "no"},
}

__all__ = ["Classification", "OpenQuestion", "classify"]


def classify(
    *, text: str, question: OpenQuestion | None, context: str = "", visit: VisitFacts | None = None
) -> Classification:
    """`visit`: the one visit the question is about; without it, `context` (our own last message) tells its time."""
    words = plain(text)
    keyword = Label.STOP if is_foreign_opt_out(text) else _keyword(words)
    if keyword is not None:
        return Classification(keyword, 1.0, Source.KEYWORD, f"the message is a {keyword.lower()} word or wording")
    if tells_of_danger(words):
        return Classification(Label.EMERGENCY, 1.0, Source.RULES, "words that may mean danger to life")
    asked = question or OpenQuestion.NONE
    facts = visit if asked is OpenQuestion.CONFIRM else None
    return _first_rule(read(words=_without_letter(words, asked), context=context, visit=facts), asked)


def _keyword(words: str) -> Label | None:
    if opts_out(words):
        return Label.STOP
    if opts_in(words):
        return Label.START
    return Label.HELP if asks_help(words) else None


def _without_letter(words: str, question: OpenQuestion) -> str:
    """C, R, X and 1, 2, 3 are the answers that our confirmation message itself proposes."""
    meaning = LETTER_MEANING.get(question)
    found = LETTER.match(words) if meaning else None
    if meaning is None or found is None or found.group(1) not in meaning:
        return words
    return f"{meaning[found.group(1)]} . {words[found.end() :]}"


def _first_rule(reading: Reading, question: OpenQuestion) -> Classification:
    for rule in (_late, _move_visit, _cancel_visit, _yes, _no, _other_time, _question):
        decision = rule(reading, question)
        if decision is not None:
            return decision
    return Classification(Label.OTHER, 0.0, Source.NONE, "no rule explains the whole message")


def _by_rule(label: Label, confidence: float, reason: str) -> Classification:
    return Classification(label, confidence, Source.RULES, reason)


def _late(reading: Reading, _question: OpenQuestion) -> Classification | None:
    if reading.asked or reading.new_time or not changes.LATE.search(reading.words):
        return None
    return _by_rule(Label.RUNNING_LATE, 0.9, "says that they are late")


def _move_visit(reading: Reading, question: OpenQuestion) -> Classification | None:
    if changes.wants_visit_moved(reading.words):
        return _by_rule(Label.RESCHEDULE, 0.95, "asks to move the visit")
    if question is OpenQuestion.CONFIRM and changes.wants_vague_change(reading.words):
        return _by_rule(Label.RESCHEDULE, 0.9, "asks for another day or time")
    return None


def _cancel_visit(reading: Reading, question: OpenQuestion) -> Classification | None:
    if question is OpenQuestion.NONE and changes.ANSWERS_SOMETHING.search(reading.words):
        return None
    topic = question is OpenQuestion.CONFIRM
    if not changes.wants_cancel(reading.words, visit_is_topic=topic, new_time=reading.named.is_new):
        return None
    return _by_rule(Label.CANCEL, 0.95, "says that they will not come, or asks to cancel the visit")


def _yes(reading: Reading, question: OpenQuestion) -> Classification | None:
    if not question.takes_yes or reading.unexplained or reading.doubts or not reading.named.is_own:
        return None
    if not reading.only_agrees and not (question is OpenQuestion.CONFIRM and reading.repeats_time):
        return None
    if question is OpenQuestion.OFFER and Piece.ENOUGH in reading.found:
        return None
    reason = "every phrase agrees, and nothing else is said"
    return Classification(Label.CONFIRM, 0.95, Source.RULES, reason, asks=bool(reading.asked))


def _no(reading: Reading, question: OpenQuestion) -> Classification | None:
    if question is not OpenQuestion.OFFER or reading.first is not Piece.NO or reading.new_time:
        return None
    return _by_rule(Label.DECLINE, 0.9, "does not want what we offered")


def _other_time(reading: Reading, question: OpenQuestion) -> Classification | None:
    if question not in (OpenQuestion.CONFIRM, OpenQuestion.OFFER, OpenQuestion.NOTICE):
        return None
    if reading.asks_about_ours or not (_wishes_it(reading) or _agrees_to_another(reading, question)):
        return None
    if question is not OpenQuestion.CONFIRM and not changes.RETRY.search(reading.words):
        return None
    return _by_rule(Label.RESCHEDULE, 0.9, "names another day or time and asks for it")


def _wishes_it(reading: Reading) -> bool:
    return reading.new_time and not (reading.first is Piece.YES and not reading.turns)


def _agrees_to_another(reading: Reading, question: OpenQuestion) -> bool:
    """ "Yes, see you at 3" to a visit at 2 is no yes to it."""
    plain_yes = not reading.unexplained and not reading.wonders and Piece.NO not in reading.found
    return question is OpenQuestion.CONFIRM and plain_yes and reading.named.is_other


def _question(reading: Reading, _question: OpenQuestion) -> Classification | None:
    if not reading.asked:
        return None
    return _by_rule(Label.QUESTION, 0.8, "asks for information")
