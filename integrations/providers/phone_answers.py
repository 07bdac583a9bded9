"""Finds the phone number among the answers of a booking form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

DEFAULT_WORDS: Final = "phone, telephone, telefon, tel, mobile, mobil, cell, celular, movil, whatsapp"
LEAST_DIGITS = 7
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def first(answers: Iterable[tuple[str, str]], phone_question: str) -> str:
    """The first answer with digits enough for a number whose question asks for one ("OK to text you?" does not).

    `answers`: question and answer. `phone_question`: the operator's words with commas between; empty: the default.
    """
    wanted = _wanted(phone_question)
    return next((answer for question, answer in answers if _asks(question, wanted) and has_digits(answer)), "")


def has_digits(text: str) -> bool:
    """Whether there are digits enough for a phone number."""
    return sum(character.isdigit() for character in text) >= LEAST_DIGITS


def _wanted(words: str) -> list[str]:
    own = [plain for entry in words.split(",") if (plain := _plain(entry)).strip()]
    return own or [_plain(entry) for entry in DEFAULT_WORDS.split(",")]


def _asks(question: str, wanted: list[str]) -> bool:
    """A word stands for all that begin with it: "telefon" for "Teléfono", too."""
    plain = _plain(question)
    return any(entry in plain for entry in wanted)


def _plain(text: str) -> str:
    """Lower case, no accents, one space before each word."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return f" {_BETWEEN_WORDS.sub(' ', bare).strip()}"
