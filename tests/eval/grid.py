"""Every clinic hour on every day of a quarter in 30 wordings, in two languages: the visit's own time, and another."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.times.fit import VisitFacts

FIRST_DAY: Final = date(2026, 11, 30)
DAYS: Final = 92
OWN_SHARE: Final = 0.98
# A visit begins at every quarter of an hour from 7:00 to 18:45.
MINUTES: Final = range(7 * 60, 19 * 60, 15)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT: Final = ("Mon", "tues", "weds", "thurs", "fri", "Sat", "Sun")
_SLIPS: Final = ("mondy", "tusday", "wensday", "thrusday", "firday", "saterday", "sundy")
_DIAS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_DESLICES: Final = ("lune", "martez", "myercoles", "juebes", "biernes", "savado", "domigo")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MESES: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_HOURS: Final = (
    "twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
)  # fmt: skip
_HORAS: Final = (
    "doce", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
)  # fmt: skip


@dataclass(frozen=True)
class When:
    """One moment, and the ways people write its day and its hour."""

    at: datetime

    @property
    def digits(self) -> str:
        """4, 4:30"""
        return f"{self._hour}:{self.at:%M}" if self.at.minute else str(self._hour)

    @property
    def together(self) -> str:
        """430"""
        return f"{self._hour}{self.at:%M}"

    @property
    def half(self) -> str:
        return "am" if self.at.hour < 12 else "pm"

    @property
    def words(self) -> str:
        """half past four, noon"""
        hour, following = _HOURS[self.at.hour % 12], _HOURS[(self.at.hour + 1) % 12]
        if self.at.hour == 12 and not self.at.minute:
            return "noon"
        said = {0: hour, 15: f"quarter past {hour}", 30: f"half past {hour}", 45: f"quarter to {following}"}
        return said[self.at.minute]

    @property
    def palabras(self) -> str:
        hora, siguiente = _HORAS[self.at.hour % 12], _HORAS[(self.at.hour + 1) % 12]
        said = {0: hora, 15: f"{hora} y cuarto", 30: f"{hora} y media", 45: f"{siguiente} menos cuarto"}
        return said[self.at.minute]

    @property
    def a_las(self) -> str:
        return f"a {'la' if self.palabras.startswith('una') else 'las'} {self.palabras}"

    @property
    def nth(self) -> str:
        day = self.at.day
        return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"

    @property
    def part(self) -> str:
        return "morning" if self.at.hour < 12 else "afternoon"

    @property
    def parte(self) -> str:
        return "mañana" if self.at.hour < 12 else "tarde"

    @property
    def month(self) -> str:
        return _MONTHS[self.at.month - 1]

    @property
    def mes(self) -> str:
        return _MESES[self.at.month - 1]

    def named(self, names: tuple[str, ...]) -> str:
        return names[self.at.weekday()]

    @property
    def _hour(self) -> int:
        return self.at.hour % 12 or 12


@dataclass(frozen=True)
class Wording:
    """`clock`, `day`: what it names. `tomorrow`: it is only said on the day before."""

    write: Callable[[When], str]
    clock: bool = True
    day: bool = True
    tomorrow: bool = False


WORDINGS: Final = (
    Wording(lambda w: f"yes see you at {w.digits}", day=False),
    Wording(lambda w: f"Yes, {w.named(_WEEKDAYS)} at {w.digits}"),
    Wording(lambda w: f"{w.words} {w.named(_WEEKDAYS)}"),
    Wording(lambda w: f"{w.together} {w.named(_SLIPS)}"),
    Wording(lambda w: f"ok {w.month[:3].lower()} {w.at.day}", clock=False),
    Wording(lambda w: f"see you {w.named(_WEEKDAYS)}", clock=False),
    Wording(lambda w: f"{w.digits}{w.half} is fine", day=False),
    Wording(lambda w: f"tmrw {w.digits}", tomorrow=True, day=False),
    Wording(lambda w: f"{w.words} on the {w.nth}"),
    Wording(lambda w: f"yes, {w.month} {w.nth} at {w.digits} {w.half}"),
    Wording(lambda w: f"confirmed for {w.at.month}/{w.at.day} {w.digits}{w.half}"),
    Wording(lambda w: f"C. {w.named(_WEEKDAYS)} {w.together}"),
    Wording(lambda w: f"I'll be there {w.named(_WEEKDAYS)} at {w.digits}"),
    Wording(lambda w: f"yep {w.named(_SHORT)} {w.digits}{w.half[0]}"),
    Wording(lambda w: f"sounds good, {w.at:%H:%M}", day=False),
    Wording(lambda w: f"yes the {w.nth} works", clock=False),
    Wording(lambda w: f"{w.named(_WEEKDAYS)} the {w.nth} at {w.words} works for me"),
    Wording(lambda w: f"will be there tomorrow {w.part} at {w.digits}", tomorrow=True, day=False),
    Wording(lambda w: f"ok {w.digits} {w.half} on {w.named(_WEEKDAYS)} {w.month} {w.at.day}, thank you"),
    Wording(lambda w: f"\U0001f44d {w.named(_SHORT)} at {w.digits}"),
    Wording(lambda w: f"si {w.a_las} el {w.named(_DIAS)}"),
    Wording(lambda w: f"Sí, el {w.named(_DIAS)} {w.at.day} de {w.mes}", clock=False),
    Wording(lambda w: f"confirmo para el {w.at.day} {w.a_las}"),
    Wording(lambda w: f"mañana {w.a_las}", tomorrow=True, day=False),
    Wording(lambda w: f"ahí estaré el {w.named(_DESLICES)} a las {w.digits}"),
    Wording(lambda w: f"si, {w.a_las} de la {w.parte}", day=False),
    Wording(lambda w: f"nos vemos el {w.named(_DIAS)}", clock=False),
    Wording(lambda w: f"el {w.named(_DIAS)} a las {w.digits} está bien"),
    Wording(lambda w: f"claro, {w.at.day} de {w.mes} {w.a_las}"),
    Wording(lambda w: f"perfecto, {w.named(_DIAS)} {w.at.day}", clock=False),
)


@dataclass(frozen=True)
class Cell:
    """A reply to the question about the visit at `start`; `own`: it names that visit's time."""

    text: str
    start: datetime
    now: datetime
    own: bool

    @property
    def label(self) -> Label:
        facts = VisitFacts(start=self.start, now=self.now)
        found = classify(text=self.text, question=OpenQuestion.CONFIRM, visit=facts)
        return found.label if found.decided else Label.OTHER


@dataclass
class Count:
    cells: int = 0
    confirmed: int = 0

    def add(self, cell: Cell) -> None:
        self.cells += 1
        self.confirmed += cell.label is Label.CONFIRM


def confirmed() -> tuple[Count, Count]:
    """Over the whole grid: with the visit's own time, and with another one."""
    own, other = Count(), Count()
    for start in moments():
        for cell in cells(start, seed=0):
            (own if cell.own else other).add(cell)
    return own, other


def moments() -> Iterator[datetime]:
    for day in range(DAYS):
        for minute in MINUTES:
            yield datetime.combine(FIRST_DAY + timedelta(days=day), time(minute // 60, minute % 60))


def sample(*, seed: int) -> Iterator[datetime]:
    """One day of each weekday for each hour of the clinic, with some minute of it."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice
    for weekday in range(7):
        for hour in sorted({minute // 60 for minute in MINUTES}):
            day = FIRST_DAY + timedelta(days=weekday + 7 * chance.randrange(DAYS // 7))
            yield datetime.combine(day, time(hour, chance.choice((0, 15, 30, 45))))


def cells(start: datetime, *, seed: int) -> Iterator[Cell]:
    """Every wording with the visit's own time, and with another hour, another day, or both."""
    chance = random.Random(f"{seed} {start}")  # noqa: S311 - a repeatable choice
    for wording in WORDINGS:
        now = _now(start, chance, days=1 if wording.tomorrow else chance.randint(1, 7))
        yield Cell(wording.write(When(start)), start, now, own=True)
        yield Cell(wording.write(When(_another(start, wording, chance))), start, now, own=False)


def _now(start: datetime, chance: random.Random, *, days: int) -> datetime:
    return datetime.combine(start.date() - timedelta(days=days), time(chance.randint(7, 20), chance.randrange(60)))


def _another(start: datetime, wording: Wording, chance: random.Random) -> datetime:
    changes = [change for change, named in ((_hour, wording.clock), (_day, wording.day)) if named]
    for change in chance.sample(changes, chance.randint(1, len(changes))):
        start = change(start, chance)
    return start


def _hour(start: datetime, chance: random.Random) -> datetime:
    """Another time of the clinic's day; not twelve hours away, which the same digits can mean."""
    now = start.hour * 60 + start.minute
    minute = chance.choice([minute for minute in MINUTES if minute % 720 != now % 720])
    return start.replace(hour=minute // 60, minute=minute % 60)


def _day(start: datetime, chance: random.Random) -> datetime:
    return start + timedelta(days=chance.choice((-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6)))
