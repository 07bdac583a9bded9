"""Bare numbers get their meaning from what stands beside them, and two hours with "to" between them are a range."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workflows.replies.times import words as w
from workflows.replies.times.values import (
    DAYS,
    NOON,
    Bound,
    Clock,
    DayOfMonth,
    Either,
    Half,
    Mention,
    Number,
    Part,
    Relative,
    Weekday,
)

_CONNECTS: Final = frozenset(("to", "till", "until", "hasta", "a", "and", "y", "through", "las"))
_BEFORE_HOUR: Final = frozenset(("do", "it", "about", "say", "to", "then", "like", "be", "but", "pero"))
_AFTER_HOUR: Final = frozenset(("instead", "works", "work", "sharp", "mejor", "would", "could", "sounds"))
_PAIRS: Final = frozenset(("and", "y"))
_GOES_WITH_HOUR: Final = frozenset(("or", "o", "and", "y", "to", "till"))


def settled(mentions: list[Mention], words: list[str]) -> list[Mention]:
    """The mentions with their bare numbers read as hours or days where a neighbour tells."""
    read = [_settled(mentions, at, words) for at in range(len(mentions))]
    return _ranges(read, words)


def _settled(mentions: list[Mention], at: int, words: list[str]) -> Mention:
    mention = mentions[at]
    if not isinstance(mention.value, Number):
        return mention
    before = mentions[at - 1] if at and mentions[at - 1].end == mention.start else None
    after = mentions[at + 1] if at + 1 < len(mentions) and mentions[at + 1].start == mention.end else None
    number = mention.value.number
    if before is not None and isinstance(before.value, Weekday):
        return replace(mention, value=_after_weekday(number, words[before.end - 1], mentions, at))
    beside_day = any(near is not None and isinstance(near.value, DAYS) for near in (before, after))
    if number <= 12 and (beside_day or _beside_hour(mentions, at, words) or _is_said_as_hour(mention, words)):
        return replace(mention, value=Clock(number))
    if number <= 12 and before is not None and isinstance(before.value, Part):
        return replace(mention, value=Clock(number, 0, _half_of(before.value)))
    if number > 12 and before is not None and isinstance(before.value, Relative):
        return replace(mention, value=DayOfMonth(number))
    return mention


def _half_of(part: Part) -> Half:
    return Half.AM if part.closes <= NOON else Half.PM


def _after_weekday(number: int, weekday: str, mentions: list[Mention], at: int) -> Clock | DayOfMonth | Either:
    """ "Tuesday 9" is mostly an hour, "martes 9" and "Tuesday 9 at 3" a date."""
    if number > 12 or any(isinstance(other.value, Clock) for other in mentions[at + 1 : at + 2]):
        return DayOfMonth(number)
    if any(isinstance(other.value, Clock) for other in mentions[max(0, at - 2) : at]):
        return DayOfMonth(number)
    if weekday in w.SPANISH_WEEKDAYS:
        return Either(DayOfMonth(number), Clock(number))
    return Either(Clock(number), DayOfMonth(number))


def _beside_hour(mentions: list[Mention], at: int, words: list[str]) -> bool:
    """ "2 or 3pm", "from 2 to 4", "3 or later"."""
    mention = mentions[at]
    if mention.bound is not Bound.AT:
        return True
    near = [other for other in mentions[max(0, at - 1) : at + 2] if isinstance(other.value, Clock)]
    return any(
        words[min(other.end, mention.end) : max(other.start, mention.start)] in ([word] for word in _GOES_WITH_HOUR)
        for other in near
    )


def _is_said_as_hour(mention: Mention, words: list[str]) -> bool:
    """ "Can we do 4?", "4 instead", "9 works"."""
    before = words[mention.start - 1] if mention.start else ""
    after = words[mention.end] if mention.end < len(words) else "."
    return after in _AFTER_HOUR or (before in _BEFORE_HOUR and after in ".,?")


def _ranges(mentions: list[Mention], words: list[str]) -> list[Mention]:
    out: list[Mention] = []
    for mention in mentions:
        last = out[-1] if out else None
        if last is not None and _is_range(last, mention, words):
            out[-1] = replace(last, value=_first_of(last, mention), bound=Bound.FROM, end=mention.start)
            mention = replace(mention, bound=Bound.UNTIL, value=_hour(mention))
        out.append(mention)
    return out


def _is_range(one: Mention, other: Mention, words: list[str]) -> bool:
    if not isinstance(one.value, Clock | Number) or not isinstance(other.value, Clock | Number):
        return False
    between = words[one.end : other.start] or words[other.start : other.start + 1]
    if one.bound is Bound.FROM and (other.bound is Bound.UNTIL or set(between) <= _CONNECTS):
        return _is_hour(one) and _is_hour(other)
    plain = (
        bool(between) and set(between) <= _CONNECTS - _PAIRS or other.bound is Bound.UNTIL and one.end == other.start
    )
    return plain and _is_hour(one) and _is_hour(other) and isinstance(other.value, Clock | Number)


def _is_hour(mention: Mention) -> bool:
    value = mention.value
    return isinstance(value, Clock) or (isinstance(value, Number) and 1 <= value.number <= 12)


def _hour(mention: Mention) -> Clock:
    value = mention.value
    return value if isinstance(value, Clock) else Clock(value.number) if isinstance(value, Number) else Clock(0)


def _first_of(one: Mention, other: Mention) -> Clock:
    """ "2 to 4 pm" begins in the afternoon, "10 to 2 pm" in the morning."""
    first, last = _hour(one), _hour(other)
    if first.half is not None or last.half is None or first.hour > 12:
        return first
    same = replace(first, half=last.half)
    return same if same.readings[0] < last.readings[0] else replace(first, half=Half.AM)
