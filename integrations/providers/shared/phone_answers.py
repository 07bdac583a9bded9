"""Finds the person's own phone number among the answers of a booking form.

Forms ask for numbers of others, too: of whom to call in an emergency, of the insurance, of the doctor who referred
them. A text about the visit to one of those would go to a stranger, so such an answer never counts, whatever else its
question says. With nothing else there the visit has no phone, and a person asks for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from appointments import phone_words

# What staff write before a word of a question that is about somebody else.
NOT: Final = "not "
LEAST_DIGITS = 7
# Shorter words are whole ones: "tel" is not the beginning of "tell".
LONGEST_WHOLE_WORD = 3
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def first(answers: Iterable[tuple[str, str]], phone_question: str) -> str:
    """The first answer with digits enough for a number whose question asks for the person's own ("OK to text you?" has
    none).

    `answers`: question and answer. `phone_question`: as in `Words`.
    """
    words = Words.of(phone_question)
    found = [(question, answer) for question, answer in answers if has_digits(answer) and words.ask(question)]
    return min(found, key=lambda one: words.are_last(one[0]))[1] if found else ""


def best(*typed: str) -> str:
    """Of what stands in a system's own fields for the person's phone, the first that may be a number; else the words in
    the first that says anything ("see notes"): they are kept for staff."""
    return next(filter(has_digits, typed), "") or next(filter(None, typed), "")


def has_digits(text: str, least: int = LEAST_DIGITS) -> bool:
    """Whether there are digits enough, for a phone number if nothing else is asked."""
    return sum(character.isdigit() for character in text) >= least


@dataclass(frozen=True)
class Words:
    """The operator's words: `own` ask for the person's phone, `others` for somebody else's, beside those known here."""

    own: tuple[str, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> Words:
        """Words with commas between; "not " before one: it is about somebody else. No own ones: the default."""
        entries = [plain for entry in typed.split(",") if (plain := _plain(entry)).strip()]
        own = [entry for entry in entries if not entry.startswith(f" {NOT}")]
        others = [_plain(entry.strip().removeprefix(NOT)) for entry in entries if entry.startswith(f" {NOT}")]
        return cls(tuple(own) or _DEFAULT, tuple(others))

    def ask(self, question: str) -> bool:
        """Whether the question asks for the person's own phone."""
        plain = _plain(question)
        return _has(plain, self.own) and not self._are_of_others(plain)

    def are_of_others(self, question: str) -> bool:
        """Whether the question is about somebody or something else."""
        return self._are_of_others(_plain(question))

    def are_last(self, question: str) -> bool:
        """Whether another of the person's numbers would be better for texts."""
        return _has(_plain(question), _LAST)

    def are_of_a_record(self, before: str, beside: str = "") -> bool:
        """Whether a number is an id and no phone, by the words before and after it. One that is called a phone as well
        is an id when it is called that last: "Phone agreed, MRN"."""
        plain = _plain(before)
        is_named = not _has(plain, self.own) and _has(plain, _RECORDS)
        return is_named or _has(_plain(beside), _RECORDS) or _ends_with_a_record(plain)

    def end_with_a_record(self, label: str) -> bool:
        """Whether an id is the last thing that is named."""
        return _ends_with_a_record(_plain(label))

    def are_of_the_office(self, words: str) -> bool:
        """Whether these words tell the patient whom to call."""
        plain = _plain(words)
        if _has(plain, _US):
            return True
        asked = _has(plain, _OFFICE) or (_has(plain, _OCCASIONS) and _has(plain, _CALLS))
        return asked and not _has(plain, (*_REACHED, *_PATIENT))

    def _are_of_others(self, plain: str) -> bool:
        """An operator who names a question of others in so many words ("emergency phone") wants its answer."""
        named = [one for one in self.own if _names_others(one)]
        return _has(plain, self.others) or (_names_others(plain) and not _has(plain, named))


def _names_others(plain: str) -> bool:
    return _has(plain, _OTHERS) or (_has(plain, _CALLERS) and not _has(plain, _REACHED))


def _ends_with_a_record(plain: str) -> bool:
    """ "Patient number" is one as it stands, "Chart number" without its last word."""
    words = plain.split()
    while words:
        if any(len(words) >= count and _has(f" {' '.join(words[-count:])}", _ENDS[count]) for count in _ENDS):
            return True
        if words.pop() not in phone_words.FILLING:
            return False
    return False


def _has(plain: str, words: Iterable[str]) -> bool:
    """A word stands for all that begin with it: "telefon" for "Teléfono", too."""
    whole = f"{plain} "
    return any((f"{word} " if len(word) <= LONGEST_WHOLE_WORD + 1 else word) in whole for word in words)


def _plain(text: str) -> str:
    """Lower case, no accents, one space before each word."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return f" {_BETWEEN_WORDS.sub(' ', bare).strip()}"


def _plain_all(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_plain, words))


_DEFAULT: Final = _plain_all(phone_words.OWN.split(","))
_OTHERS: Final = _plain_all((*phone_words.OF_OTHERS, *phone_words.OF_OTHERS_BESIDE))
_CALLERS: Final = _plain_all(phone_words.OF_OTHERS_OR_CALLERS)
_REACHED: Final = _plain_all(phone_words.REACHED)
_LAST: Final = _plain_all(phone_words.LAST)
_RECORDS: Final = _plain_all(phone_words.RECORDS)
# By how many words each has.
_ENDS: Final = {
    count: tuple(
        word for word in _plain_all((*phone_words.RECORDS, *phone_words.RECORDS_LAST)) if word.count(" ") == count
    )
    for count in (1, 2)
}
_US: Final = _plain_all(phone_words.US)
_OFFICE: Final = _plain_all(phone_words.OFFICE)
_OCCASIONS: Final = _plain_all(phone_words.OCCASIONS)
_CALLS: Final = _plain_all(phone_words.CALLS)
_PATIENT: Final = _plain_all(phone_words.PATIENT)
