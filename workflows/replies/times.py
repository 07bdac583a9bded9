"""Days and times in a message: which ones it names, and whether our own message had already named them."""

from __future__ import annotations

import re
from typing import Final

from workflows.replies import wordlists

_CALENDAR: Final = wordlists.everything().calendar
WEEKDAYS: Final = _CALENDAR.weekdays
MONTHS: Final = _CALENDAR.months
NUMBER_WORDS: Final = _CALENDAR.numbers
_NUMBER: Final = rf"(?:\d{{1,2}}|{'|'.join(NUMBER_WORDS)})"
_PART_OF_DAY: Final = "(?:morning|afternoon|evening|night|noon|midday|midnight|manana|tarde|noche|mediodia)"
TIME: Final = re.compile(
    r"\b(?:"
    r"\d{1,2}:\d\d(?: (?:am|pm))?"
    rf"|{_NUMBER} ?(?:am|pm|o clock)\b"
    rf"|(?:at|around|by|a las|a la|as) {_NUMBER}\b"
    rf"|{_NUMBER} (?:in the|at|this|de la) {_PART_OF_DAY}|{_PART_OF_DAY} {_NUMBER}\b"
    rf"|(?:half past|quarter to|quarter past|quarter after|half) {_NUMBER}"
    rf"|\d{{1,2}} (?:past|to) {_NUMBER}"
    r"|\d{1,2}(?:st|nd|rd|th)\b"
    rf"|(?:{'|'.join(MONTHS)}) \d{{1,2}}\b|\d{{1,2}} (?:de )?(?:{'|'.join(MONTHS)})\b"
    rf"|(?:{'|'.join(WEEKDAYS)})s?\b"
    r"|today|tomorrow|tonight|noon|midday|hoy|pasado manana"
    rf"|(?:the|this|next|early|late|in the|tomorrow|por la|en la|la|mid) {_PART_OF_DAY}"
    r"|(?:next|this|following|proxima|otra) (?:week|month|weekend|semana)|la semana que viene"
    r")"
)
_MARKER: Final = re.compile(
    rf"\d+|{'|'.join((*NUMBER_WORDS, *WEEKDAYS))}|today|tomorrow|tonight|noon|morning|afternoon|evening|night|next"
)
_VALUE: Final = {word: str(number) for number, word in enumerate(NUMBER_WORDS, start=1)}


def names_time(words: str) -> bool:
    return TIME.search(words) is not None


def names_new_time(words: str, *, context: str) -> bool:
    """True when a day or time is named that `context` (our message, in plain words) does not hold already."""
    known = _markers(context)
    return any(_markers(found.group()) - known for found in TIME.finditer(words))


def _markers(words: str) -> set[str]:
    return {_VALUE.get(found, found) for found in _MARKER.findall(words)} - {"00"}
