"""From a slip of the thumb to the word that was meant, over a closed list of words; all else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 4
LONG: Final = 9
MOST: Final = 4

_VOWELS: Final = re.compile(r"(?<=.)[aeiou]")
# How Spanish sounds: b and v, s and z and soft c, y and ll, j and soft g are one; h is silent, and so is often a last
# s or d.
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("(?<!c)h", ""), ("v", "b"), ("[zx]", "s"), ("c(?=[ei])", "s"), ("sc(?=[ei])", "s"), ("qu(?=[ei])", "k"),
        ("c(?!h)", "k"), ("ll", "y"), ("g(?=[ei])", "j"), (r"(.)\1+", r"\1"), ("m(?=[pb])", "n"), ("(?<=..)[sd]$", ""),
    )
)  # fmt: skip


def _shorter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _forms(word: str) -> set[str]:
    """Itself and what is left when one letter is gone, two of a long one: two words one slip apart share a form."""
    once = {word} | _shorter(word)
    return once | {form for one in once for form in _shorter(one)} if len(word) >= LONG else once


def sound(word: str) -> str:
    for pattern, spelled in _SOUNDS:
        word = pattern.sub(spelled, word)
    return word


def skeleton(word: str) -> str:
    return _VOWELS.sub("", word)


# Tuples: of a hundred thousand keys nearly all have one word, and a set of one takes four times as much memory.
_Index = dict[str, tuple[str, ...]]


def _add(index: _Index, key: str, word: str) -> None:
    index[key] = (*index.get(key, ()), word)


class Repair:
    """`words`: what may be meant. `real`: words of their own that only look like one of them ("beard", "cheat")."""

    def __init__(self, words: Iterable[str], real: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        self._real = frozenset(real)
        self._by_form: _Index = {}
        self._by_sound: _Index = {}
        self._by_skeleton: _Index = {}
        for word in self._words:
            if len(word) >= SHORTEST:
                self._learn(word)

    def _learn(self, word: str) -> None:
        _add(self._by_sound, sound(word), word)
        if len(skeleton(word)) >= 3:
            _add(self._by_skeleton, skeleton(word), word)
        if len(word) > SHORTEST:
            for form in _forms(word):
                _add(self._by_form, form, word)

    def meant(self, token: str) -> tuple[str, ...]:
        """The token itself, and what it may be a slip of; most tokens are words and stand for themselves alone."""
        if token in self._words or token in self._real or not token.isalpha() or len(token) < SHORTEST:
            return (token,)
        return (token, *sorted(self._candidates(token))[:MOST])

    def _candidates(self, token: str) -> set[str]:
        found = set(self._without_vowels(token)) | set(self._by_sound.get(sound(token), ()))
        if len(token) > SHORTEST:
            found |= {word for form in _forms(token) for word in self._by_form.get(form, ()) if _near(token, word)}
        return found

    def _without_vowels(self, token: str) -> Iterable[str]:
        """ "brth", "wrst", "evrythng": the vowels are missing, the rest is there."""
        known = self._by_skeleton.get(skeleton(token), ())
        return (word for word in known if len(word) > len(token) and _is_within(token, word))


def _is_within(token: str, word: str) -> bool:
    letters = iter(word)
    return all(letter in letters for letter in token)


def _near(token: str, word: str) -> bool:
    """One slip, two in a long word; the first letter is seldom the one that slips."""
    if token[0] != word[0] and token[:2] != word[1::-1]:
        return False
    return distance(token, word) <= (2 if min(len(token), len(word)) >= LONG else 1)


def distance(one: str, other: str) -> int:
    """Letters to add, leave out, change or swap with their neighbour (Damerau)."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, row, last = row, [i], above
        for j, wanted in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
