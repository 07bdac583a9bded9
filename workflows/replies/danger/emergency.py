"""Whether a reply may be about a danger to life. Such a reply goes to staff before any other reading, never to a model.

Recall first. Not a list of sentences: words by what they name (a part of the body, a sign, an act, a substance, a
person) are put together by `signs.toml`, in any order, with slips of the thumb repaired. What takes an alarm back is
there, too: a "no" before the word, what is long past, a figure of speech, what a form asks or an animal has. In doubt
a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Final

from workflows.replies.danger import danger_words
from workflows.replies.danger.danger_words import LANGUAGES, Phrases, Tables
from workflows.replies.danger.positions import apart, by_place, met, near, until
from workflows.replies.text.compounds import Compounds
from workflows.replies.text.repair import Repair
from workflows.replies.words.phrasebook import Heard, Phrasebook, Span

# A "no" reaches this many words forward, and never over a comma or the end of a sentence.
REACH: Final = 3
_MARK: Final = re.compile(r"[.,?:]")
_PRESSURE: Final = re.compile(r"^(\d{3})/\d{2,3}$")
# What stands before it and is over or only a joke takes back nothing behind it.
_BUT: Final = frozenset({"but", "pero"})
_PLAIN: Final = frozenset({"certain", "standing"})
_TAKEN_BACK: Final = {
    "certain": (),
    "standing": ("past",),
    "likely": ("past", "settled"),
    "joking": ("past", "settled", "joke"),
    "possible": ("past", "settled", "joke", "wry", "mild"),
}


def tells_of_danger(words: str) -> bool:
    """`words` as `normalize.plain` makes them."""
    return danger_in(words) is not None


def danger_in(words: str) -> str | None:
    """The name of the first sign that holds ("chest", "self-harm"), for the case and for tests; None without one."""
    return Message.of(words).alarm


def _hear(words: str) -> tuple[list[Heard], frozenset[int]]:
    """What each word may stand for, and the places before which a sentence or a part of it ends."""
    heard: list[Heard] = []
    breaks = set()
    for token in words.split():
        if _MARK.fullmatch(token):
            breaks.add(len(heard))
        else:
            heard += _meant(token)
    return heard, frozenset(breaks)


@cache
def _shorthand() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in LANGUAGES:
        for short, long in danger_words.language(name).shorthand.items():
            found[short] = (*found.get(short, ()), long)
    return found


@lru_cache(maxsize=4096)
def _run_together(token: str) -> tuple[Heard, ...]:
    """Only where its words are an alarm by themselves: most long words could be taken apart somehow."""
    heard = tuple(_repair().meant(word) for word in _compounds().apart(token))
    return heard if heard and Message(list(heard), frozenset()).alarm is not None else ()


def _meant(token: str) -> list[Heard]:
    """One typed word may be two ("rn": right now; "cantbreathe")."""
    if taken := _run_together(token):
        return list(taken)
    short = _shorthand().get(token, ())
    several = next((long for long in short if " " in long), None)
    if several is not None:
        return [(word,) for word in several.split()]
    return [(*_repair().meant(token), *short)] if not short else [(token, *short)]


@cache
def _tables() -> Tables:
    merged: Tables = {}
    for name in LANGUAGES:
        for table, phrases in danger_words.language(name).tables().items():
            merged[table] = (*merged.get(table, ()), *phrases)
    return merged


@cache
def _words() -> frozenset[str]:
    phrases = chain.from_iterable(_tables().values())
    return frozenset(word for phrase in phrases for word in phrase.split() if word.isalpha())


@cache
def _repair() -> Repair:
    return Repair(_words(), danger_words.real_words())


@cache
def _compounds() -> Compounds:
    signs = danger_words.signs()
    return Compounds(_words(), danger_words.real_words(), signs.little, signs.contracted)


@cache
def _signs_book() -> Phrasebook:
    return Phrasebook(_tables())


@cache
def _figure_books() -> tuple[Phrasebook, ...]:
    return tuple(Phrasebook(_numbers(name) | danger_words.language(name).figures) for name in LANGUAGES)


@cache
def _taken_back_books() -> tuple[Phrasebook, ...]:
    """One per language: their tables have the same names and other words."""
    return tuple(Phrasebook(_numbers(name) | danger_words.language(name).taken_back) for name in LANGUAGES)


def _numbers(language: str) -> Tables:
    return {"number": danger_words.language(language).people["number"]}


@cache
def _combinations() -> tuple[tuple[str, str, int, Phrases], ...]:
    return tuple((s.name, s.grade, s.span, parts) for s in danger_words.signs().sign for parts in s.combinations())


@dataclass(frozen=True, slots=True)
class _TakenBack:
    past: bool
    settled: bool
    joke: bool
    wry: bool
    mild: bool


class Message:
    """One message, looked at from every side; nothing is computed that a plain "yes" does not need."""

    @classmethod
    def of(cls, words: str) -> Message:
        """`words` as `normalize.plain` makes them."""
        return cls(*_hear(words))

    def __init__(self, heard: list[Heard], breaks: frozenset[int]) -> None:
        self._heard = heard
        self._breaks = breaks
        self._found = _signs_book().find(heard)
        self._negations: set[int] = set()
        self._told: dict[str, set[int]] = {}
        self._add_numbers()

    @property
    def has_signs(self) -> bool:
        """Whether any word names what a danger could be made of, and is not plainly something else."""
        faint = danger_words.signs().faint
        if not any(spans and name not in faint for name, spans in self._found.items()):
            return False
        self._drop_figures("surely")
        return any(spans and name not in faint for name, spans in self._found.items())

    @cached_property
    def alarm(self) -> str | None:
        """The name of the first sign that holds."""
        return next((name for name, _, _ in self.alarms()), None)

    @property
    def is_plain(self) -> bool:
        """A sign holds that nothing but its being over takes back."""
        return any(grade in _PLAIN for _, grade, _ in self.alarms())

    def _add_numbers(self) -> None:
        for at, (token, *_) in enumerate(self._heard):
            number = _PRESSURE.sub(r"\1", token)
            if number.isdigit() and len(number) < 4:
                for name, ranges in danger_words.signs().numbers.items():
                    if any(low <= int(number) <= high for low, high in ranges):
                        self._found[name].append(Span(at, at + 1))

    def alarms(self) -> Iterator[tuple[str, str, Phrases]]:
        """Each sign that holds, with its grade and the combination that says so: in the whole, and behind a "but"."""
        yield from self._alarms()
        turn = max((at for at, heard in enumerate(self._heard) if not _BUT.isdisjoint(heard)), default=-1) + 1
        if turn:
            rest = frozenset(stop - turn for stop in self._breaks if stop > turn)
            yield from Message(self._heard[turn:], rest).alarms()

    def _alarms(self) -> Iterator[tuple[str, str, Phrases]]:
        candidates = [entry for entry in _combinations() if all(part in self._found for part in entry[3])]
        if not candidates:
            return
        self._drop_figures("surely", "phrases")
        back = self._taken_back()
        for name, grade, span, parts in candidates:
            if not any(getattr(back, why) for why in _TAKEN_BACK[grade]):
                places = [self._of_people(part, name, grade) for part in parts]
                if self._together(places, span):
                    yield name, grade, parts

    def _of_people(self, part: str, sign: str, grade: str) -> list[Span]:
        """Where `part` is met and is not what a form asks, or what an animal has; the plainest signs are never that."""
        if grade in _PLAIN:
            return self._found[part]
        topics = ("asked",) if sign in danger_words.signs().human else ("asked", "animal")
        return [span for span in self._found[part] if not any(span.start in self._told[topic] for topic in topics)]

    def _drop_figures(self, *tables: str) -> None:
        figured = [book.find(self._heard, self._breaks) for book in _figure_books()]
        said = chain.from_iterable(figures[table] for figures in figured for table in tables)
        over = by_place(span for span in said if self._is_figure(span))
        self._found = {
            name: [span for span in spans if all(figure.within(span) for figure in met(span, over))]
            for name, spans in self._found.items()
        }

    def _is_figure(self, span: Span) -> bool:
        """Not when a chest is in its middle: "all morning my chest is killing me" is no "morning ~ killing me"."""
        return not any(span.start < chest.start and chest.end < span.end for chest in self._found.get("chest", ()))

    def _taken_back(self) -> _TakenBack:
        marks: dict[str, list[Span]] = {}
        for book in _taken_back_books():
            for name, spans in book.find(self._heard).items():
                marks.setdefault(name, []).extend(spans)
        own = by_place(span for spans in self._found.values() for span in spans if span.end - span.start > 1)
        past, settled = (apart(marks.get(name, ()), own) for name in ("past", "settled"))
        now = apart(marks.get("now", ()), by_place((*past, *settled, *marks.get("no_now", ()))))
        masks = by_place((*marks.get("no_negation", ()), *chain.from_iterable(own.values())))
        self._negations = {span.start for span in apart(marks.get("negation", ()), masks)}
        for topic in ("asked", "animal"):
            told = () if f"no_{topic}" in marks else marks.get(topic, ())
            ends = {span.start for span in marks.get(f"{topic}_end", ())} | self._breaks
            self._told[topic] = {place for span in told for place in until(ends, span)}
        joke = "joke" in marks and "no_joke" not in marks
        return _TakenBack(
            past=bool(past) and not now,
            settled=bool(settled) and not now,
            joke=joke,
            wry="wry" in marks,
            mild="mild" in marks,
        )

    def _together(self, parts: list[list[Span]], span: int) -> bool:
        return any(self._completes(parts[1:], span, (first,)) for first in parts[0] if self._said(first))

    def _completes(self, parts: list[list[Span]], span: int, taken: tuple[Span, ...]) -> bool:
        """Whether all parts are found apart from each other, near enough, and none of them denied."""
        if not parts:
            return True
        first = min(place.start for place in taken)
        for place in near(parts[0], max(place.end for place in taken) - span, first + span):
            free = self._said(place) and not any(place.meets(other) for other in taken)
            if free and self._completes(parts[1:], span, (*taken, place)):
                return True
        return False

    def _said(self, place: Span) -> bool:
        """No "no" stands right before it in the same part of the sentence."""
        return not any(
            no in self._negations and not any(stop in self._breaks for stop in range(no + 1, place.start + 1))
            for no in range(place.start - REACH, place.start)
        )
