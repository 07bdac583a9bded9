"""Finds the phone number among the answers of a booking form."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

DEFAULT_QUESTION = r"phone|mobile|cell|whatsapp|tel[eé]fono|celular|m[oó]vil"
LEAST_DIGITS = 7

logger = logging.getLogger(__name__)


def first(answers: Iterable[tuple[str, str]], phone_question: str) -> str:
    """The first answer with digits enough for a number whose question asks for one ("OK to text you?" does not).

    `answers`: question and answer. `phone_question`: the operator's regular expression, or empty for the default.
    """
    asks = _pattern(phone_question)
    return next((answer for question, answer in answers if asks.search(question) and has_digits(answer)), "")


def has_digits(text: str) -> bool:
    """Whether there are digits enough for a phone number."""
    return sum(character.isdigit() for character in text) >= LEAST_DIGITS


def _pattern(expression: str) -> re.Pattern[str]:
    """A wrong expression typed by an operator must not stop bookings: the default is used and a warning logged."""
    try:
        return re.compile(expression or DEFAULT_QUESTION, re.IGNORECASE)
    except re.error:
        logger.warning("phone_question is not a regular expression; the default is used")
        return re.compile(DEFAULT_QUESTION, re.IGNORECASE)
