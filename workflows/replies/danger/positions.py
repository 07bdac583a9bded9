"""Where words stand to each other: what emergency.py looks at of the places that it has found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain, islice, takewhile
from typing import Final

from workflows.replies.words.phrasebook import Span

# What a form asks or a film shows is told in this many words, and never over a comma or into what is said of oneself.
TOLD: Final = 8


def until(ends: set[int], topic: Span) -> Iterator[int]:
    """The places that `topic` is about: its own, and those behind it up to one of `ends`."""
    yield from range(topic.start, topic.end)
    yield from takewhile(lambda place: place not in ends, range(topic.end, topic.end + TOLD))


def by_place(spans: Iterable[Span]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for span in spans:
        for place in range(span.start, span.end):
            found.setdefault(place, []).append(span)
    return found


def met(span: Span, by_place: dict[int, list[Span]]) -> Iterator[Span]:
    return chain.from_iterable(by_place.get(place, ()) for place in range(span.start, span.end))


def apart(spans: Iterable[Span], by_place: dict[int, list[Span]]) -> list[Span]:
    return [span for span in spans if next(met(span, by_place), None) is None]


def near(places: list[Span], earliest: int, latest: int) -> Iterator[Span]:
    """Those that begin in between; `places` are in the order of the words."""
    at = bisect_left(places, earliest, key=lambda place: place.start)
    return takewhile(lambda place: place.start <= latest, islice(places, at, None))
