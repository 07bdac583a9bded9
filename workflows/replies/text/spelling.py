"""From what a thumb typed to the word that was meant: shorthand, slips, missing vowels, Spanish by its sound, emoji."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from workflows.replies.words import wordlists

# What may carry an 's that means "is" (elsewhere it is a possessive and is simply dropped).
TAKES_IS: Final = ("that", "it", "what", "where", "who", "how", "there", "here", "when", "everything", "he", "she")
SUFFIXES: Final = (("ll", "will"), ("m", "am"), ("d", "would"), ("re", "are"), ("ve", "have"))
_LISTS: Final = wordlists.everything()
# What a sign says, where it is not the name of its list. An irony must stay a word that no rule explains.
_SIGNS: Final = {"nothing": " ", "irony": "hm", "sigh": "ugh"}
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Shorter words are one slip away from too many others.
_SHORTEST_NEIGHBOUR: Final = 6
_SHORTEST_SOUND: Final = 5
_FEWEST_CONSONANTS: Final = 4
_VOWELS: Final = re.compile("[aeiou]")
# Spanish as it sounds: silent h, b as v, soft c and z as s, hard c and qu as k, ll as y.
_SOUNDS: Final = (
    (re.compile("ch"), "x"),
    (re.compile("h"), ""),
    (re.compile("qu(?=[ei])"), "k"),
    (re.compile("c(?=[ei])"), "s"),
    (re.compile("[cq]"), "k"),
    (re.compile("z"), "s"),
    (re.compile("g(?=[ei])"), "j"),
    (re.compile("v"), "b"),
    (re.compile("ll"), "y"),
    (re.compile(r"(.)\1"), r"\1"),
)


def _slips(word: str) -> set[str]:
    missing = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    doubled = {word[: i + 1] + word[i:] for i in range(len(word))}
    return missing | swapped | doubled | _neighbours(word) | _bare(word)


def _neighbours(word: str) -> set[str]:
    """One letter taken for the key beside it."""
    if len(word) < _SHORTEST_NEIGHBOUR:
        return set()
    return {word[:i] + key + word[i + 1 :] for i in range(1, len(word)) for key in _beside(word[i])}


def _beside(letter: str) -> str:
    row = next((row for row in _ROWS if letter in row), "")
    at = row.find(letter)
    return (row[at - 1] if at > 0 else "") + row[at + 1 : at + 2] if row else ""


def _bare(word: str) -> set[str]:
    """Without its vowels."""
    bare = word[0] + _VOWELS.sub("", word[1:])
    return {bare} if len(bare) >= _FEWEST_CONSONANTS else set()


def _all_slips(words: tuple[str, ...], real: frozenset[str]) -> dict[str, str]:
    """What could be a slip of two words is none."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for word in words:
        for slip in _slips(word) - real:
            twice |= {slip} if slip in found else set()
            found[slip] = word
    return {slip: word for slip, word in found.items() if slip not in twice}


def _turned(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {typed: word for word, slips in table.items() for typed in slips}


def _words(content: Iterable[object]) -> Iterable[str]:
    for part in content:
        if isinstance(part, str):
            yield from part.replace("[", "").replace("]", "").split()
        elif isinstance(part, dict):
            yield from _words(part.values())
        elif isinstance(part, tuple):
            yield from _words(part)


# Every word of every list: none of them is a slip of another.
_KNOWN: Final = frozenset(
    (
        *_words(_LISTS.model_dump(exclude={"spelling", "emoji"}).values()),
        *_LISTS.spelling.slippable,
        *_LISTS.spelling.real,
    )
)
WORDS: Final = _all_slips(_LISTS.spelling.slippable, _KNOWN) | _turned(_LISTS.spelling.shorthand)
EMOJI: Final = {sign: _SIGNS.get(meaning, meaning) for sign, meaning in _turned(_LISTS.emoji).items()}


@lru_cache(maxsize=8192)
def respelled(word: str) -> str:
    """The plain spelling of one word; the word itself where nobody knows better."""
    meant = WORDS.get(word)
    if meant is not None or len(word) < _SHORTEST_SOUND or word in _KNOWN or not word.isalpha():
        return meant or word
    return _by_sound().get(_sound(word), word)


def is_known(word: str) -> bool:
    """Whether some list holds the word."""
    return word in _KNOWN


def rejoined(words: str) -> str:
    """Phrases that are one word short or long: "c u" is "see you". `words` has one space after every word."""
    pattern, table = _phrases()
    return pattern.sub(lambda found: table[found.group()], words)


@cache
def _phrases() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {f"{typed} ": f"{meant} " for typed, meant in _turned(_LISTS.spelling.phrases).items()}
    longest_first = sorted(table, key=lambda entry: -len(entry))
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))})"), table


@cache
def _by_sound() -> dict[str, str]:
    spanish = wordlists.one("es")
    words = {*_words(spanish.model_dump(exclude={"spelling", "emoji"}).values()), *spanish.spelling.slippable}
    return {_sound(word): word for word in sorted(words) if len(word) >= _SHORTEST_SOUND and word.isalpha()}


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word
