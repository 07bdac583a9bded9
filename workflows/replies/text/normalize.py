"""From what a thumb typed to plain lower-case words: one spelling, no accents, every sentence apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from workflows.replies.text import spelling

# WhatsApp cuts a message at 4,096 characters and SMS at 1,600: what is longer did not come from a phone.
MAX_CHARS: Final = 4096

_QUOTES: Final = str.maketrans(dict.fromkeys("‘’‛ʼ´`′＇", "'"))
# Letters of other alphabets that look like ours, small as `casefold` leaves them: Cyrillic, then Greek.
_LOOKS_LIKE: Final = str.maketrans(
    "\u0430\u0432\u0441\u0435\u04bb\u0456\u0458\u043a\u043c\u043d\u043e\u0440\u0455\u0442\u0443\u0445"
    "\u03b1\u03b5\u03b9\u03ba\u03bf\u03c1\u03c4\u03c5\u03c7",
    "abcehijkmhopstyxaeikoptyx",
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
# What nobody sees: control signs, soft hyphens, joiners, direction marks, fillers, variation selectors, tags, skin tone
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_EMOJI: Final = re.compile("|".join(map(re.escape, sorted(spelling.EMOJI, key=len, reverse=True))))
_SAD: Final = re.compile(r"(?<!\w):['-]?\(")
_HALF_DAY: Final = re.compile(r"\b([ap])\s?\.\s?m\b\.?")
_TITLE: Final = re.compile(r"\b(dr|mr|mrs|ms|st|sr|sra|dra)\.")
# "3.30", and "3;30" without the shift key.
_CLOCK_DOT: Final = re.compile(r"(?<=\d)\.(?=\d\d(?!\d))|(?<=\d);(?=[0-5]\d(?!\d))")
_DIGITS_THEN_HALF_DAY: Final = re.compile(r"(?<=\d)(?=(?:am|pm|hrs?|mins?|minutes?|hours?|oclock|ish|h)\b)")
_RANGE: Final = re.compile(r"(?<=\d)\s?[-\u2010-\u2015]\s?(?=\d)")
_MONEY: Final = re.compile(r"[$\u20ac\u00a3#]\s?\d[\d.,]*|\b\d+(?:[.,]\d+)?\s?%")
_AT_SIGN: Final = re.compile(r"(?:(?<=\s)|^)@\s?(?=\d)")
_STRETCHED: Final = re.compile(r"([a-z])\1{2,}")
_NOT: Final = re.compile(r"n't\b")
_SUFFIXES: Final = tuple((re.compile(rf"'{ending}\b"), f" {word}") for ending, word in spelling.SUFFIXES)
_IS: Final = re.compile(rf"\b({'|'.join(spelling.TAKES_IS)})'s\b")
_QUESTION_MARK: Final = re.compile(r"[.!;\n]*\?[?.!\s]*")
_STOP_MARK: Final = re.compile(r"[.!;\n\r\u2026]+")
_COMMA: Final = re.compile(r"[,()\[\]\u2013\u2014]+|\s-+\s")
_END: Final = re.compile(r"([.?]) ")
# "d/c" is one word, and its letters are no answers.
_SHORT: Final = r"(?<=(?<![\w/])[a-z])/(?=[a-z]\b(?!/))"
_NOT_A_WORD: Final = re.compile(rf"[^a-z0-9:?.,/\s-]+|(?!{_SHORT})(?<!\d)[/-]+|(?!{_SHORT})[/-]+(?!\d)")
_LOOSE_COLON: Final = re.compile(r"(?<!\d):|:(?!\d)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`words` has one space after every word, so that phrases can be matched word by word."""

    words: str
    asks: bool


def plain(text: str) -> str:
    """Words and the marks `.`, `?` and `,`, each followed by one space. Never raises."""
    folded = _UNSEEN.sub("", text[:MAX_CHARS]).casefold()
    folded = _SAD.sub(" ugh ", folded)
    return _respell(_marks(_contractions(folded if folded.isascii() else _ascii(folded))))


def sentences(words: str) -> list[Sentence]:
    """The sentences of what `plain` has made, without commas and without empty ones."""
    parts = _END.split(words.replace(", ", ""))
    pairs = zip(parts[::2], [*parts[1::2], "."], strict=False)
    return [Sentence(words=words, asks=mark == "?") for words, mark in pairs if words.strip()]


def _ascii(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES)
    text = _LETTERS.sub(lambda found: _in_one_alphabet(found.group()), text)
    text = _EMOJI.sub(lambda found: f" {spelling.EMOJI[found.group()]} ", text)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _in_one_alphabet(word: str) -> str:
    """ "s\u0442op": a word with letters of ours is one of ours. A whole word of another alphabet stays one."""
    return word.translate(_LOOKS_LIKE) if re.search("[a-z]", word) else word


def _contractions(text: str) -> str:
    if "'" not in text:
        return text
    text = _IS.sub(r"\1 is", text.replace("won't", "will not").replace("can't", "can not"))
    text = _NOT.sub(" not", text)
    for ending, word in _SUFFIXES:
        text = ending.sub(word, text)
    return text.replace("'", "")


def _marks(text: str) -> str:
    text = _AT_SIGN.sub("at ", _RANGE.sub("-", _MONEY.sub(" amount ", text)))
    text = _CLOCK_DOT.sub(":", _TITLE.sub(r"\1 ", _HALF_DAY.sub(r"\1m ", text)))
    text = _COMMA.sub(" , ", _STOP_MARK.sub(" . ", _QUESTION_MARK.sub(" ? ", text)))
    text = _LOOSE_COLON.sub(" ", _NOT_A_WORD.sub(" ", text))
    return _DIGITS_THEN_HALF_DAY.sub(" ", _STRETCHED.sub(r"\1", text))


def _respell(text: str) -> str:
    return spelling.rejoined("".join(f"{spelling.respelled(word)} " for word in text.split()))
