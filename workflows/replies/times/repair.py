"""A word with a slip of the thumb becomes the day, month or hour that was meant, out of a closed list."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from workflows.replies.times import words as w

_SHORTEST: Final = 4
_LONGEST: Final = 13
KNOWN: Final = frozenset(
    {*w.WEEKDAYS, *w.MONTHS, *w.HOURS, *w.PARTS, *w.RELATIVES, *w.MOMENTS, *w.ORDINALS, *w.MINUTES, *w.REPAIRABLE}
)


@lru_cache(maxsize=8192)
def repaired(word: str) -> str:
    """The word itself, unless it is a slip of one on the list."""
    if word in w.SPELLINGS:
        return w.SPELLINGS[word]
    if (
        word in KNOWN
        or word in w.REAL_WORDS
        or word.removesuffix("s") in KNOWN
        or not _SHORTEST <= len(word) <= _LONGEST
        or not word.isalpha()
    ):
        return word
    return _nearest(word) or word


def _nearest(word: str) -> str | None:
    known = _by_what_is_left()
    candidates = {target for left in _shortened(word, 2) for target in known.get(left, ())}
    ranked = sorted((distance(word, target), target) for target in candidates)
    return next((target for far, target in ranked if far <= w.REPAIRABLE[target]), None)


@cache
def _by_what_is_left() -> dict[str, list[str]]:
    """Each word of the list under every form of it that lacks up to as many letters as may be wrong."""
    found: dict[str, list[str]] = {}
    for target, slips in w.REPAIRABLE.items():
        for left in _shortened(target, slips):
            found.setdefault(left, []).append(target)
    return found


def _shortened(word: str, letters: int) -> set[str]:
    every = level = {word}
    for _ in range(letters):
        level = {left[:i] + left[i + 1 :] for left in level for i in range(len(left))}
        every = every | level
    return every


def distance(one: str, other: str) -> int:
    """Letters missing, added, wrong, or two neighbours swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        above, row = row, [i + 1]
        for j, wanted in enumerate(other):
            cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (letter != wanted))
            if i and j and letter == other[j - 1] and one[i - 1] == wanted:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        before = above
    return row[-1]
