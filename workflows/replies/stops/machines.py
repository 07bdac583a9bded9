"""Whether a message was sent by a phone or an office by itself. The wordings are data: config/replies/machines.toml.

What the wording does not give away, behaviour does: see `acts_like_one`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from compliance.policy import Answers
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists

# People repeat short answers, and type them fast.
SHORTEST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Came:
    """An inbound message and when it came."""

    text: str
    at: datetime


def is_automatic(words: str) -> bool:
    """`words` as `normalize.plain` makes them."""
    return _phrases().search(words) is not None and _people().search(words) is None


def without_stock(words: str) -> str:
    """A machine's text without what it says of itself and of emergencies in general."""
    return _in_general().sub("", _any_of("stock").sub("", words))


def acts_like_one(now: Came, *, before: Sequence[Came], sent_at: Sequence[datetime], rules: Answers) -> bool:
    """Whether it is the same text again, too often or too fast for a person.

    `before`: earlier messages from the phone, the newest first. `sent_at`: when our texts went to it.
    """
    words = plain(now.text)
    if len(words.split()) < SHORTEST_WORDS:
        return False
    since = now.at - timedelta(hours=rules.alike_within_hours)
    alike = [one for one in before if one.at >= since and plain(one.text) == words]
    if len(alike) + 1 >= rules.alike_times:
        return True
    return bool(alike) and all(_at_once(one, sent_at, rules) for one in (now, alike[0]))


def _at_once(one: Came, sent_at: Sequence[datetime], rules: Answers) -> bool:
    return any(timedelta(0) <= one.at - at <= timedelta(seconds=rules.at_once_seconds) for at in sent_at)


def _data() -> dict[str, dict[str, list[str]]]:
    return wordlists.subject("machines")


@cache
def _phrases() -> re.Pattern[str]:
    return _any_of("phrases")


@cache
def _people() -> re.Pattern[str]:
    return _any_of("people")


@cache
def _in_general() -> re.Pattern[str]:
    return re.compile(rf"{_any_of('in_general').pattern}[^.?]*")


@cache
def _any_of(section: str) -> re.Pattern[str]:
    entries = (entry for entries in _data()[section].values() for entry in entries)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(entries, key=len, reverse=True)))})\b")
