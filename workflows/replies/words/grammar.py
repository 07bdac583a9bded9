"""A tiny phrase grammar, so that rules read as example phrases instead of regular expressions.

A form is words with one space between them. `{name}` stands for any entry of that vocabulary table, `[...]`
may be left out, and `word*` is that word with any ending; `#` in a table is one or two digits. Forms match
`Sentence.words`, in which every word is followed by one space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

Vocabulary: TypeAlias = Mapping[str, tuple[str, ...]]

_PART = re.compile(r"\[([^\]]+)\]|(\S+)")


def compile_forms(forms: Iterable[str], *, vocabulary: Vocabulary) -> re.Pattern[str]:
    """One pattern that matches any of the forms; a longer form is tried before a shorter one."""
    longest_first = sorted(dict.fromkeys(forms), key=lambda form: -len(form.split()))
    return re.compile("|".join(_form(form, vocabulary) for form in longest_first))


def anywhere(forms: Iterable[str], *, vocabulary: Vocabulary) -> re.Pattern[str]:
    """Like `compile_forms`, for `search`: a match begins at the start of a word."""
    return re.compile(rf"\b(?:{compile_forms(forms, vocabulary=vocabulary).pattern})")


def _form(form: str, vocabulary: Vocabulary) -> str:
    return "".join(
        f"(?:{_words(optional, vocabulary)})?" if optional else _word(word, vocabulary)
        for optional, word in _PART.findall(form)
    )


def _words(words: str, vocabulary: Vocabulary) -> str:
    return "".join(_word(word, vocabulary) for word in words.split())


def _word(word: str, vocabulary: Vocabulary) -> str:
    if word.endswith("*"):
        return re.escape(word[:-1]) + r"\w* "
    if not word.startswith("{"):
        return re.escape(word) + " "
    longest_first = sorted(vocabulary[word[1:-1]], key=lambda entry: -len(entry))
    return f"(?:{'|'.join(map(_entry, longest_first))}) "


def _entry(entry: str) -> str:
    return r"\d{1,2}" if entry == "#" else re.escape(entry)
