"""What can come with a message, or without a word, and how staff read of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class MediaKind(StrEnum):
    """By the name that staff use. The file itself stays with the carrier."""

    PICTURE = "picture"
    VOICE_NOTE = "voice note"
    VIDEO = "video"
    CONTACT = "contact card"
    CALENDAR = "calendar entry"
    PLACE = "place on a map"
    FILE = "file"


_MANY = {MediaKind.CALENDAR: "calendar entries", MediaKind.PLACE: "places on a map"}


def in_words(kinds: Iterable[str]) -> str:
    """ "2 pictures, 1 voice note"; empty when nothing came."""
    counted = Counter(kinds)
    return ", ".join(f"{number} {_named(kind, number)}" for kind, number in counted.items())


def _named(kind: str, number: int) -> str:
    if number == 1:
        return kind
    return _MANY[MediaKind(kind)] if kind in _MANY else f"{kind}s"
