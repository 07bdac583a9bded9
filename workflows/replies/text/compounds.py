"""Words that a hurried thumb ran together ("cantbreathe", "dolordepecho"), taken apart over a closed list of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

# Shorter ones are words of their own too often ("however", "nowhere").
SHORTEST: Final = 8
MOST_PARTS: Final = 4
# One part has to say something; between such parts stand little words.
_TELLING: Final = 5
_SHORTEST_PART: Final = 4


class Compounds:
    """`words`: what a part may be, beside `little` ones. `real`: words of their own that only look like several.

    `contracted`: what stands for two words ("cant").
    """

    def __init__(
        self, words: Iterable[str], real: Iterable[str], little: Iterable[str], contracted: Mapping[str, str]
    ) -> None:
        self._contracted = contracted
        self._parts = {*(word for word in words if len(word) >= _SHORTEST_PART), *little, *contracted}
        self._whole = {*words, *real}

    def apart(self, token: str) -> tuple[str, ...]:
        """Its words; empty for what is one word, and for most others."""
        if len(token) < SHORTEST or not token.isalpha() or token in self._whole:
            return ()
        parts = self._split(token, MOST_PARTS) or ()
        if not any(len(part) >= _TELLING for part in parts):
            return ()
        return tuple(word for part in parts for word in self._contracted.get(part, part).split())

    def _split(self, rest: str, left: int) -> tuple[str, ...] | None:
        """The longest words first."""
        if not rest or not left:
            return None if rest else ()
        for end in range(len(rest), 0, -1):
            behind = self._split(rest[end:], left - 1) if rest[:end] in self._parts else None
            if behind is not None:
                return (rest[:end], *behind)
        return None
