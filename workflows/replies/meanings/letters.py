"""What a single letter or digit at the start of a reply answers: C, R, X, or what our own text offered."""

from __future__ import annotations

import re
from typing import Final

from workflows.replies.agreement import MOVES
from workflows.replies.labels import OpenQuestion
from workflows.replies.text.normalize import plain

# A letter at the start that is no part of a sentence ("r u open", "x marks the spot").
LETTER: Final = re.compile(
    r"^(?:[,.] )*(?:reply |option |opcion )?(?:([cx]) (?=$|[.,] (?!\? )|(?:please|thanks|thank|confirm\w*|yes|ok"
    r"|gracias|por|see|cancel|to|for|sorry|i|zname|lo|perdon|disculp\w+|no|para|this|we|si|at|at the|\1) )"
    r"|(r) (?=$|[.,] (?!\? )|(?!you |we |they |there |it |c |x |or |o |\?)))"
)
# A digit is an answer only to a text that offered digits.
DIGIT: Final = re.compile(
    r"^(?:[,.] )*(?:reply |option |opcion )?(\d) (?=$|[.,] (?!\? )|(?:please|thanks|gracias|\1) )"
)
OFFERED: Final = re.compile(r"\b(\d) (?:(?:to|for|if|para|si|means|is|es) )?(?:(?:you|we|i|su|la|no) )*(\w+)")
OFFERS: Final = (
    (re.compile(r"confirm\w*|yes|si|come|coming|accept|keep|asistir\w*"), "yes"),
    (re.compile(r"resched\w*|change|move|another|cambiar\w*|reprogram\w*|reagend\w*"), "reschedule"),
    (re.compile(r"cancel\w*|can|cannot|not|decline|puede"), "x"),
)
# What an X stands for.
CANCELS: Final = "cancel it"
LETTER_MEANING: Final = {
    OpenQuestion.CONFIRM: {"c": "yes", "yes": "yes", "r": MOVES, "reschedule": MOVES, "x": CANCELS},
    OpenQuestion.OFFER: {"c": "yes", "yes": "yes", "x": "no"},
}


def without_letter(words: str, question: OpenQuestion, context: str) -> str:
    """C, R and X are the answers that our confirmation message itself proposes; a digit where it proposed digits."""
    meaning = LETTER_MEANING.get(question, {})
    found = LETTER.match(words)
    letter = (found.group(1) or found.group(2)) if found else None
    if found is None and (found := DIGIT.match(words)):
        letter = _offered(context).get(found.group(1))
    if found is None or letter not in meaning:
        return words
    return f"{meaning[letter]} . {words[found.end() :]}"


def _offered(context: str) -> dict[str, str]:
    """What each digit stands for in our own message: "Reply 1 to confirm, 2 to reschedule"."""
    pairs = OFFERED.findall(plain(context))
    return {digit: sense for digit, word in pairs for pattern, sense in OFFERS if pattern.fullmatch(word)}
