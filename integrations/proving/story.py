"""The long story that is played while processes die at random, and what the carrier's ledger must show at its end.

Every booking must bring a confirmation and a first reminder; who answers C is thanked and hears no more; who does not
gets the second reminder. Each of these exactly once.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.proving.killer import Killer
from integrations.proving.sandbox import Sandbox

LEASE_SECONDS = 30
# An unknown outcome is looked up 30 s and 120 s after the hand-over, by ARO's clock.
LOOKUPS = timedelta(seconds=125)
PATIENCE_SECONDS = 240.0
PARTS = 4
# The visits lie so far apart, and the clock is moved in so many steps, that work falls due all through the killing.
SPAN = timedelta(hours=2, minutes=30)
STEPS = 20


@dataclass(kw_only=True)
class Toll:
    """What the ledger showed."""

    bookings: int
    expected: int = 0
    sent: int = 0
    lost: int = 0
    duplicates: int = 0
    victims: Counter[str] = field(default_factory=Counter)
    slowest_settling_seconds: float = 0.0
    """From the end of a part's killing until everybody had what was due."""


class Story:
    """One run of it. `tick` is told how much of the killing is done, 0 to 1."""

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        kills: int,
        seed: int,
        phones: Iterator[str],
        bookings: int,
        tick: Callable[[str, float], None],
    ) -> None:
        self._sandbox, self._kills, self._seed, self._tick = sandbox, kills, seed, tick
        self._phones = [next(phones) for _ in range(bookings)]
        self.toll = Toll(bookings=bookings)

    def play(self) -> Toll:
        """Plays all four parts and counts."""
        at = self._sandbox.morning() + timedelta(days=4, hours=4)
        self._part("book", 0, lambda step: self._book(at, step), expected=1)
        self._part("first reminder", 1, lambda step: self._due(at - timedelta(hours=48), step), expected=2)
        self._part("answers", 2, self._answer, expected=2, answered=3)
        self._part(
            "second reminder", 3, lambda step: self._due(at - timedelta(hours=24), step), expected=2 + 1, answered=3
        )
        return self._count()

    def _share(self, people: list[str], step: int) -> list[str]:
        return people[len(people) * step // STEPS : len(people) * (step + 1) // STEPS]

    def _book(self, at: datetime, step: int) -> None:
        apart = SPAN / max(len(self._phones), 1)
        begin = len(self._phones) * step // STEPS
        for n, phone in enumerate(self._share(self._phones, step), start=begin):
            self._sandbox.book(phone=phone, name=f"Pat {chr(65 + n % 26)}", starts_at=at + n * apart)

    def _due(self, first: datetime, step: int) -> None:
        self._sandbox.to(first + SPAN * (step + 1) / STEPS)

    def _answer(self, step: int) -> None:
        for phone in self._share(self._answering(), step):
            self._sandbox.reply(phone=phone, body="C")

    def _answering(self) -> list[str]:
        return self._phones[::2]

    def _part(
        self, name: str, number: int, act: Callable[[int], None], *, expected: int, answered: int | None = None
    ) -> None:
        kills = self._kills // PARTS + (1 if number < self._kills % PARTS else 0)
        killer = Killer(kills=kills, seed=self._seed * 10 + number)
        killer.start()
        for step in range(STEPS):
            act(step)
            killer.wait_for((step + 1) / STEPS)
            self._tick(f"{name}: {killer.done.total()} of {kills} kills", (number + (step + 1) / STEPS) / PARTS)
        killer.join()
        self.toll.victims.update(killer.done)
        self._settle(expected, expected if answered is None else answered)

    def _settle(self, others: int, answering: int) -> None:
        """Waits until everybody has what is due, moving the clock over the lookups of unknown outcomes."""
        began, looked = time.monotonic(), False
        wanted = dict.fromkeys(self._phones, others) | dict.fromkeys(self._answering(), answering)
        while time.monotonic() - began < PATIENCE_SECONDS:
            if not self._missing(wanted):
                taken = time.monotonic() - began
                self.toll.slowest_settling_seconds = max(self.toll.slowest_settling_seconds, round(taken, 1))
                return
            if not looked and time.monotonic() - began > LEASE_SECONDS + 2:
                self._sandbox.to(self._sandbox.now() + LOOKUPS)
                looked = True
            time.sleep(1)

    def _missing(self, wanted: dict[str, int]) -> int:
        got = Counter(phone for phone, _ in self._sandbox.due_texts())
        return sum(max(0, count - got[phone]) for phone, count in wanted.items())

    def _count(self) -> Toll:
        ours, toll = set(self._phones), self.toll
        texts = Counter(text for text in self._sandbox.due_texts() if text[0] in ours)
        per_phone = Counter(phone for phone, _ in texts)
        toll.expected, toll.sent = 3 * len(self._phones), sum(texts.values())
        toll.lost = sum(max(0, 3 - per_phone[phone]) for phone in self._phones)
        toll.duplicates = sum(count - 1 for count in texts.values())
        return toll
