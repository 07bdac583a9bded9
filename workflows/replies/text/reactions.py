"""A phone's reaction to a text, sent as a text of its own: `Liked "..."`. Its forms: config/replies/reactions.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from workflows.replies.text import wording
from workflows.replies.words import wordlists

_QUOTES: Final = "\"'"
_EMOJI: Final = r"(?P<emoji>[^\w\s\"'.,;:!?()<>-]{1,16})"
# So many closing marks are tried for a quote that is not known; a text of ours holds none.
_MOST_MARKS: Final = 8


class Meaning(StrEnum):
    """What the reaction says about the text under which it stands."""

    FOR = "for"
    AGAINST = "against"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reaction:
    """`quoted`: the text that was reacted to, perhaps cut short; empty for a picture. `rest`: what else was written."""

    meaning: Meaning
    quoted: str
    rest: str


@dataclass(frozen=True, slots=True)
class _Form:
    head: re.Pattern[str]
    tail: re.Pattern[str]
    meaning: Meaning | None
    quotes: bool


def find(text: str, *, is_ours: Callable[[str], bool]) -> Reaction | None:
    """The reaction that the text is, or begins with. `is_ours`: whether we sent what is quoted.

    `text` as `wording.seen` makes it. A form without quotation marks (they get lost on the way) counts only with words
    of ours: "Liked the place" is a sentence.
    """
    level = wording.levelled(text)
    found = [one for form in _forms() for one in _read(form, text, level, is_ours)]
    return min(found, key=lambda one: (not is_ours(one.quoted), len(one.rest)), default=None)


def _read(form: _Form, text: str, level: str, is_ours: Callable[[str], bool]) -> Iterator[Reaction]:
    head = form.head.match(level)
    if head is None:
        return
    meaning = form.meaning or _meaning_of(head, form, level)
    if not form.quotes:
        if form.tail.fullmatch(level, head.end()):
            yield Reaction(meaning, "", "")
        return
    for start, end, after in _quotes(form, level, head.end()):
        quoted = text[start:end].strip()
        if after is not None or is_ours(quoted):
            yield Reaction(_by_tail(form, level, end) or meaning, quoted, text[after or end :].strip())
            if not is_ours(quoted):
                return


def _quotes(form: _Form, level: str, begin: int) -> Iterator[tuple[int, int, int | None]]:
    """Where the quoted text may begin and end, and where the rest begins: None for an end that no mark shows."""
    marked = level[begin : begin + 1] in tuple(_QUOTES)
    start = begin + 1 if marked else begin
    ends = [at for at in range(start, len(level)) if level[at] == level[begin]][:_MOST_MARKS] if marked else []
    for at in ends:
        tail = form.tail.match(level, at + 1)
        if tail and (tail.end() == len(level) or not level[tail.end()].isalnum()):
            yield start, at, tail.end()
    # Cut short by the phone, which then writes no closing mark, or its marks got lost on the way.
    yield start, len(level), len(level) if marked and not ends else None


def _meaning_of(found: re.Match[str], form: _Form, level: str) -> Meaning:
    emoji = found.groupdict().get("emoji")
    return _by_sign(emoji) if emoji else Meaning.NOTHING


def _by_tail(form: _Form, level: str, end: int) -> Meaning | None:
    """Where the sign stands behind the text: "reacted to ... with 👍"."""
    if form.meaning is not None or "emoji" not in form.tail.groupindex:
        return None
    found = form.tail.match(level, end + 1)
    return _by_sign(found.group("emoji")) if found else None


def _by_sign(emoji: str) -> Meaning:
    signs = _data()["emoji"]
    for meaning in (Meaning.FOR, Meaning.AGAINST):
        if emoji.strip() in signs[meaning]:
            return meaning
    return Meaning.NOTHING


def _data() -> dict[str, Any]:
    return wordlists.subject("reactions")


@cache
def _forms() -> tuple[_Form, ...]:
    meanings = {**{str(one): one for one in Meaning}, "by_emoji": None}
    return tuple(
        _form(form, meaning)
        for section, meaning in meanings.items()
        for forms in _data()[section].values()
        for form in forms
    )


def _form(form: str, meaning: Meaning | None) -> _Form:
    place = "{text}" if "{text}" in form else "{thing}"
    head, _, tail = form.partition(place)
    things = "|".join(re.escape(one) for one in _data()["things"])
    between = r"\s*" if place == "{text}" else rf"\s*(?:{things})\s*"
    return _Form(
        head=re.compile(_words(head) + between),
        tail=re.compile(rf"\s*[.,]?\s*{_words(tail)}\s*[.]?\s*" if tail else r"[.]?"),
        meaning=meaning,
        quotes=place == "{text}",
    )


def _words(part: str) -> str:
    return r"\s+".join(re.escape(word).replace(re.escape("{emoji}"), _EMOJI) for word in part.split())
