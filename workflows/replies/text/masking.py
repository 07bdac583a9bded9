"""Takes out of a reply what could tell who wrote it, before any of it leaves for a model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?"
    r"|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_EMAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DATE: Final = re.compile(
    rf"\b\d{{4}}-\d{{1,2}}-\d{{1,2}}\b|\b\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?\b"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of"
    rf"| de)? {_MONTH}(?:,?(?: de)? \d{{4}})?\b",
    re.IGNORECASE,
)
# Any run of seven digits or more, however it is grouped: phones, card and record numbers.
_LONG_NUMBER: Final = re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){6,}")
_INTRODUCED: Final = re.compile(
    r"\b((?i:my name is|name is|this is|i am|i'm|it's|it is|mi nombre es|me llamo|soy|dr\.?|doctor|doctora|mrs?\.?"
    r"|ms\.?|sra?\.?) )([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
)
_INTRODUCED_ANY_CASE: Final = re.compile(r"\b(my name is|mi nombre es|me llamo) ([\w'-]+(?: [\w'-]+)?)", re.IGNORECASE)
_CAPITALISED: Final = re.compile(r"(?<![.!?\n] )(?<!^)(?<![\w'])[A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+)*")
_SIGNED: Final = re.compile(
    r"^[A-Z][a-z'-]+(?= (?:here|speaking|aqui|aquí)\b)|[-\u2013\u2014] ?[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)*$"
)
_NO_NAME: Final = frozenset(
    (
        "I", "I'm", "I'll", "I'd", "I've", "Yes", "No", "Ok", "Okay", "Monday", "Tuesday", "Wednesday", "Thursday",
        "Friday", "Saturday", "Sunday", "Please", "Thanks", "Thank", "You", "Can", "Could", "Would", "Will", "What",
        "When", "Where", "Who", "Why", "How", "Lunes", "Martes", "Jueves", "Viernes", "Domingo", "Si", "Gracias",
        "Sorry", "Hi", "Hello", "Stop", "Cancel", "Confirm", "Reschedule", "Help",
    )
)  # fmt: skip


def mask(text: str, *, names: Iterable[str] = ()) -> str:
    """`names`: every name we hold for the person and the business. Capitalised words inside a sentence go as well."""
    text = _LONG_NUMBER.sub("[NUMBER]", _DATE.sub("[DATE]", _LINK.sub("[LINK]", _EMAIL.sub("[EMAIL]", text))))
    text = _SIGNED.sub("[NAME]", _INTRODUCED_ANY_CASE.sub(r"\1 [NAME]", _INTRODUCED.sub(r"\1[NAME]", text)))
    return _CAPITALISED.sub(_unless_common, _known(text, names))


def _known(text: str, names: Iterable[str]) -> str:
    parts = {part for name in names for part in re.split(r"\s+", name.strip()) if len(part) > 1}
    if not parts:
        return text
    longest_first = sorted(parts, key=lambda part: -len(part))
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", "[NAME]", text, flags=re.IGNORECASE)


def _unless_common(found: re.Match[str]) -> str:
    return " ".join(word if word in _NO_NAME else "[NAME]" for word in found.group().split())
