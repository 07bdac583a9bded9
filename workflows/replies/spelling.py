"""Spelling tables: contractions, texting shorthand, typing slips and emoji, each to its plain form."""

from __future__ import annotations

from typing import Final

from workflows.replies import wordlists

# What may carry an 's that means "is" (elsewhere it is a possessive and is simply dropped).
TAKES_IS: Final = ("that", "it", "what", "where", "who", "how", "there", "here", "when", "everything", "he", "she")
SUFFIXES: Final = (("ll", "will"), ("m", "am"), ("d", "would"), ("re", "are"), ("ve", "have"))
_LISTS: Final = wordlists.everything()
# What a sign says, where it is not the name of its list. An irony must stay a word that no rule explains.
_SIGNS: Final = {"nothing": " ", "irony": "hm"}
# Real words, one slip away from another.
_REAL: Final = frozenset(("tanks", "sound", "confirms", "please", "pleas", "cancer", "thank", "thanks"))


def _slips(word: str) -> set[str]:
    missing = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    doubled = {word[: i + 1] + word[i:] for i in range(len(word))}
    return missing | swapped | doubled


def _all_slips(words: tuple[str, ...]) -> dict[str, str]:
    real = {*words, *_REAL}
    return {slip: word for word in words for slip in _slips(word) if slip not in real}


def _turned(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {typed: word for word, slips in table.items() for typed in slips}


WORDS: Final = _all_slips(_LISTS.spelling.slippable) | _turned(_LISTS.spelling.shorthand)
EMOJI: Final = {sign: _SIGNS.get(meaning, meaning) for sign, meaning in _turned(_LISTS.emoji).items()}
