"""Every day and hour in a message, as typed values. What is neither (a phone, a dose, "2 of us") is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from workflows.replies.times import words as w
from workflows.replies.times.leads import bound_of, lead_before, leads_to_day, leads_to_hour, trail_after
from workflows.replies.times.numbers import settled
from workflows.replies.times.patterns import any_of, rules
from workflows.replies.times.repair import KNOWN, repaired
from workflows.replies.times.values import (
    DAYS,
    Bound,
    Clock,
    DayOfMonth,
    Mention,
    MonthDay,
    Number,
    Part,
    Period,
    Relative,
    Value,
    Weekday,
    Which,
)
from workflows.replies.words.yes_no_words import Piece, pieces

_MARKS: Final = frozenset(".,?")
# More days and hours than any message of a person names; the rest is not read.
_MOST: Final = 24
_FIRST_WORDS: Final = frozenset(
    {word.split()[0] for word in KNOWN}
    | {word.split()[0] for word in w.COUNTS}
    | set(w.OPENERS)
    | {f"{day}s" for day in w.WEEKDAYS}
)
_GREETING: Final = re.compile(rf"(?:{any_of(w.GREETINGS)}) ")
_NO_PART_AFTER: Final = frozenset(
    ("last", "your", "su", "tu", "every", "all", "whole", "rest", "per", "one", "single", "each", "of", "date")
)
# "Voy tarde" is late, "voy en la tarde" in the afternoon.
_LATE_AFTER: Final = frozenset(
    (
        "voy",
        "vamos",
        "llego",
        "llegamos",
        "llegare",
        "llegaremos",
        "llegar",
        "vengo",
        "poco",
        "poquito",
        "muy",
        "minutos",
    )
)
_RANGE: Final = re.compile(r"(\d{1,2}(?::[0-5]\d)?)-(\d{1,2}(?::[0-5]\d)?)$")
_DAYS: Final = frozenset(w.WEEKDAYS) - frozenset(w.UNSURE_WEEKDAYS) | {"today", "tomorrow", "hoy", "manana"}
_NTH: Final = re.compile(r"\d{1,2}(?:st|nd|rd|th)$")
# "Hannahs one on the 5th".
_OWNED: Final = re.compile(r"[a-z]{3,}s$")
_HERE: Final = re.compile(r"(?:this|esta) $")
_FOLLOWS_GREETING: Final = frozenset((".", ",", "yes", "yeah", "ok", "si", "i", "sorry", "hi", "sure"))


@dataclass(frozen=True)
class Parsed:
    """The tokens of a message and what they say about time."""

    tokens: tuple[str, ...]
    mentions: tuple[Mention, ...]

    @cached_property
    def rest(self) -> str:
        """The words without the days and hours and what belongs to them."""
        return self.without(self.mentions)

    def without(self, mentions: tuple[Mention, ...]) -> str:
        gone = {at for mention in mentions for at in range(mention.start, mention.end)}
        return "".join(f"{token} " for at, token in enumerate(self.tokens) if at not in gone)


def parse(words: str) -> Parsed:
    """`words` as `normalize.plain` makes them. Linear in their number, and never raises."""
    tokens = tuple(_split_ranges(words.split()))
    text = "".join(f"{repaired(token)} " for token in tokens)
    return Parsed(tokens=tokens, mentions=tuple(settled(_Scan(tokens, text).mentions(), text.split())))


def _split_ranges(tokens: list[str]) -> list[str]:
    """ "2-4" as "2 to 4", unless it counts something ("5-10 minutes")."""
    out: list[str] = []
    for at, token in enumerate(tokens):
        found = _RANGE.match(token) if "-" in token else None
        counts = at + 1 < len(tokens) and tokens[at + 1] in w.UNITS
        out += [found[1], "to", found[2]] if found and not counts else [token]
    return out


class _Scan:
    """One walk over the words. Positions are letters in `text`; a mention keeps tokens."""

    def __init__(self, tokens: tuple[str, ...], text: str) -> None:
        self._text = text
        self._starts: list[int] = []
        at = 0
        for token in text.split():
            self._starts.append(at)
            at += len(token) + 1
        self._index = {start: number for number, start in enumerate(self._starts)} | {at: len(self._starts)}
        self._words = text.split()

    def mentions(self) -> list[Mention]:
        found: list[Mention] = []
        at, least = 0, 0
        while at < len(self._words) and len(found) < _MOST:
            here, end = self._at(at, least)
            found += here
            at = least_token = end if end > at else at + 1
            least = self._starts[least_token] if (here and least_token < len(self._starts)) else least
        return found

    def _at(self, at: int, least: int) -> tuple[list[Mention], int]:
        word, start = self._words[at], self._starts[at]
        if word in _MARKS or not (word[0].isdigit() or word in _FIRST_WORDS):
            return [], at
        if at and (greeting := _GREETING.match(self._text, self._starts[at - 1])):
            return [], self._index[greeting.end()]
        if greeting := _GREETING.match(self._text, start):
            return [], self._index[greeting.end()]
        value, end = self._longest(start)
        if value is None or self._is_no_time(value, at, self._index[end]):
            return [], at
        return self._mentioned(value, start, end, least)

    def _longest(self, start: int) -> tuple[Value | None, int]:
        best: Value | None = None
        end = start
        for pattern, build in rules():
            found = pattern.match(self._text, start)
            if found and found.end() > end and (value := build(found)) is not None:
                best, end = value, found.end()
        return best, end

    def _mentioned(self, value: Value, start: int, end: int, least: int) -> tuple[list[Mention], int]:
        lead = lead_before(self._text, start, least)
        first = start - len(lead)
        bound, turned = bound_of(lead, before=self._text[max(least, first - 24) : first])
        first -= turned
        end, trailing = trail_after(self._text, end)
        last = self._index[end]
        value = _by_lead(value, lead, bound)
        if bound is Bound.UNTIL and self._is_goodbye(value, lead, self._index[first], last):
            bound = Bound.AT
        mention = Mention(value, self._index[first], last, trailing or bound)
        if not _is_sure(mention, lead, self._words):
            return [], last
        if isinstance(mention.value, Part) and (_HERE.search(lead) or self._words[last - 1] == "tonight"):
            return [replace(mention, value=Relative(0), bound=Bound.AT), mention], last
        if self._words[last - 1] == "tonight":
            return [mention, replace(mention, value=w.NIGHT)], last
        return [mention], last

    def _is_goodbye(self, value: Value, lead: str, start: int, end: int) -> bool:
        """ "Si gracias, hasta el viernes"; not "no puedo hasta el viernes" and not "estoy fuera hasta el viernes"."""
        if not (lead.startswith("hasta ") and isinstance(value, DAYS)) or not w.GOODBYE_NEVER.isdisjoint(self._words):
            return False
        before, after = self._words[:start], self._words[end : end + 1]
        kinds, rest = pieces("".join(f"{word} " for word in before if word not in _MARKS))
        ends = not after or after[0] in w.GOODBYE_BEFORE or after[0][0].isdigit()
        return ends and not rest and {*kinds} <= {Piece.YES, Piece.POLITE}

    def _is_no_time(self, value: Value, at: int, end: int) -> bool:
        """It counts, numbers or names something else, or only greets."""
        before = self._words[at - 1] if at else ""
        after = self._words[end] if end < len(self._words) else ""
        if isinstance(value, Part):
            greets = at == 0 and after in _FOLLOWS_GREETING and value is w.MORNING
            late = before in _LATE_AFTER and value is w.TARDE
            return greets or late or before in _NO_PART_AFTER or (before == "a" and value is w.NIGHT)
        if isinstance(value, MonthDay) and "/" in self._words[at] and after in w.UNITS:
            return True
        if isinstance(value, DayOfMonth):
            return after in w.ORDINAL_NOUNS
        if isinstance(value, Number) and self._words[at] in w.UNSURE_HOURS and not self._is_beside_a_day(at):
            return True
        bare = isinstance(value, Number) or (isinstance(value, Clock) and self._is_digits(at, end))
        return bare and self._belongs_elsewhere(at, end, before, after)

    def _is_beside_a_day(self, at: int) -> bool:
        """ "One Monday", "one on the 12th", "Tuesday one"; not "the Tuesday one"."""
        after = [word for word in self._words[at + 1 : at + 4] if word not in ("on", "the", "el", "del")][:1]
        before = self._words[max(0, at - 2) : at]
        if self._words[at] == "one" and before and (before[-1] in w.WHOSE or _OWNED.match(before[-1])):
            return False
        named = before[-1:] if before[:1] not in (["the"], ["that"], ["this"], ["my"]) else []
        return any(word in _DAYS or _NTH.match(word) for word in (*after, *named))

    def _is_digits(self, at: int, end: int) -> bool:
        """Digits without a colon or a half of the day: "4", "430", "10 30"."""
        return all(word.isdigit() or word in ("las", "la") for word in self._words[at:end])

    def _belongs_elsewhere(self, at: int, end: int, before: str, after: str) -> bool:
        if after in w.UNITS or before in w.NUMBERED:
            return True
        # The digits of a phone, in groups.
        if (before.isdigit() and len(before) > 2) or (after.isdigit() and len(after) > 2):
            return True
        address = self._words[end : end + 3]
        return any(word in w.STREETS for word in address) and len(self._words[at]) > 1


def _by_lead(value: Value, lead: str, bound: Bound) -> Value:
    """A bare number is an hour after "at", a day after "the"; "la manana" is the morning."""
    if isinstance(value, Relative) and lead.endswith("la "):
        return w.MORNING
    if isinstance(value, Weekday) and lead.endswith("los ") and value.which is Which.PLAIN:
        return Weekday(value.day, Which.EVERY)
    if not isinstance(value, Number):
        return value
    if leads_to_day(lead):
        return DayOfMonth(value.number)
    if leads_to_hour(lead) and value.number <= 23:
        return Clock(value.number % 24)
    return value


def _is_sure(mention: Mention, lead: str, words: list[str]) -> bool:
    """Short words that are other words too need something beside them: "on sat", "sun 3pm"."""
    first = words[mention.end - 1]
    if isinstance(mention.value, DayOfMonth) and not first[0].isdigit():
        return leads_to_day(lead) and (first not in w.UNSURE_ORDINALS or "on " in lead or lead == "el ")
    if isinstance(mention.value, Period) and mention.value.ahead == 0 and mention.value.month is None:
        return True
    if not isinstance(mention.value, Weekday) or first not in w.UNSURE_WEEKDAYS:
        return True
    after = words[mention.end] if mention.end < len(words) else "."
    before = words[mention.start - 1] if mention.start else "."
    if lead.endswith("the "):
        return False
    return bool(lead) or after[0].isdigit() or before in ("yes", "ok", ".", ",", "si", "see", "next") or after == "at"
