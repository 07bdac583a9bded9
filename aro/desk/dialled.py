"""Phone numbers in a search, as phones and letters show them: "(202) 555-0103". They are kept as digits."""

from __future__ import annotations

import re
from typing import Final

# Phones that a number is copied from put marks of writing direction around it.
_MARKS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A word or a run of words of digits and what stands between them, hyphens and spaces of all kinds among it.
_NUMBER: Final = re.compile(r"(?<!\S)[+(]?\d[\d\s()./‐‑‒–-]*\d(?!\S)")  # noqa: RUF001
# The trunk's 0, as letterheads show it to who calls from abroad.
_TRUNK: Final = re.compile(r"\(0\)")
_FEWEST: Final = 5


def as_kept(term: str) -> str:
    """The search with each phone number in it as it is kept: its digits, without the zeros dialled in front."""
    return _NUMBER.sub(_digits, _MARKS.sub("", term))


def _digits(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", _TRUNK.sub("", found[0]))
    return digits.lstrip("0") if len(digits) >= _FEWEST else found[0]
