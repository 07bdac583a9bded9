"""One fault, once: some people book, one of three parts of their story is disturbed, and all must come out right."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from appointments.models import Escalation
from integrations.models import ProviderState
from integrations.proving import invariants
from integrations.proving.faults.base import Fault
from integrations.proving.field import Field, Watch
from integrations.proving.rows import patiently
from integrations.proving.sandbox import Sandbox

PATIENCE_SECONDS = 240.0
READY_SECONDS = 60.0
# ARO's own waits (lookups of unknown outcomes, a provider's pause) follow its clock, which is moved to spare real time.
NUDGE, NUDGE_SECONDS = timedelta(seconds=65), 6.0
VISIT = timedelta(hours=51)
LATER = timedelta(minutes=30)
STOP = "please stop texting me"
_QUIET_PEOPLE = 3


@dataclass(kw_only=True)
class Outcome:
    """What became of one fault."""

    fault: str
    family: str
    did: str
    during: str = ""
    skipped: str = ""
    broken: dict[str, list[str]] = field(default_factory=dict)
    recovery_seconds: float | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not any(self.broken.values())


class Round:
    """Seven people: three who only read, one who confirms, one who says stop, one who cancels, one who moves."""

    def __init__(
        self, fault: Fault, *, sandbox: Sandbox, seed: int, phones: Iterator[str], say: Callable[[str], None]
    ) -> None:
        # Its own chance for each fault, so that a single one can be repeated alone.
        chance = random.Random(f"{seed}/{fault.name}")  # noqa: S311 - picks moments, guards nothing
        self._fault, self._during = fault, chance.choice(fault.at)
        self.field = Field(sandbox=sandbox, random=chance, say=say, phones=phones)
        self._outcome = Outcome(fault=fault.name, family=fault.family, did=fault.did, during=self._during)
        self._watch = Watch(self.field.web)

    def play(self) -> Outcome:
        """Plays it, looks at everything, and says what it saw."""
        began = time.monotonic()
        self._watch.start()
        try:
            self._play()
        finally:
            self._watch.stop()
        self._outcome.seconds = round(time.monotonic() - began, 1)
        self._outcome.recovery_seconds = round(max(self.field.recoveries), 1) if self.field.recoveries else None
        return self._outcome

    def _play(self) -> None:
        self._morning = self.field.sandbox.morning()
        for name, part in {"book": self._book, "act": self._act, "remind": self._remind}.items():
            self._disturbed(part) if name == self._during else part()
            self._settle(name)
        for look in self.field.later:
            look()
        self.field.sandbox.calm()
        for invariant, found in invariants.check(self.field.sandbox, quiet=self.field.quiet).items():
            self._note(invariant, *found)
        self._note("I2", *self.field.broken)
        self._check_alarm()

    def _disturbed(self, part: Callable[[], None]) -> None:
        start = time.monotonic()
        with self._fault.strike(self.field):
            part()
        if self._fault.stays_ready and self._watch.refused_between(start, time.monotonic()):
            self._note("I6", "It said that it was not ready while it could work.")
        if self._watch.wait_until_ready(seconds=READY_SECONDS) is None:
            self._note("I6", f"It was not ready again within {READY_SECONDS:.0f} s.")

    def _book(self) -> None:
        field, start = self.field, self._morning + VISIT
        self._people = [next(field.phones) for _ in range(_QUIET_PEOPLE + 4)]
        self._names = {
            phone: field.sandbox.book(phone=phone, name=f"Pat {chr(65 + n)}", starts_at=start + timedelta(minutes=n))
            for n, phone in enumerate(self._people)
        }
        field.wanted |= dict.fromkeys(self._people, 1)

    def _act(self) -> None:
        field, (confirms, stops, cancels, moves) = self.field, self._people[_QUIET_PEOPLE:]
        field.sandbox.reply(phone=confirms, body="C")
        field.sandbox.reply(phone=stops, body=STOP)
        field.sandbox.cancel(booking_id=self._names[cancels])
        field.sandbox.move(booking_id=self._names[moves], starts_at=self._morning + VISIT + LATER)
        field.wanted |= {confirms: 2, stops: 2, moves: 2}
        field.quiet |= {stops: 2, cancels: 1}

    def _remind(self) -> None:
        field, moves = self.field, self._people[-1]
        field.sandbox.to(self._morning + self._fault.jump)
        field.wanted |= dict.fromkeys(self._people[:_QUIET_PEOPLE], 2) | {moves: 3}

    def _settle(self, part: str) -> None:
        """Waits until everybody has what is due."""
        began, nudged = time.monotonic(), time.monotonic()
        while missing := self.field.missing():
            if time.monotonic() - began > PATIENCE_SECONDS:
                self._note("I2", f"{missing} texts had not come {PATIENCE_SECONDS:.0f} s after '{part}'.")
                return
            if time.monotonic() - nudged > NUDGE_SECONDS:
                nudged = time.monotonic()
                self.field.sandbox.to(self.field.sandbox.now() + NUDGE)
            time.sleep(0.3)

    def _check_alarm(self) -> None:
        provider = self._fault.alarm
        if not provider:
            return
        told = Escalation.objects.filter(key=f"provider_paused:{provider}")
        if not patiently(told.exists):
            self._note("I7", "Staff were not told that texts were paused.")
        if patiently(lambda: _breaker(provider)) != "closed":
            self._note("I7", "The pause did not end although the provider works again.")

    def _note(self, invariant: str, *words: str) -> None:
        self._outcome.broken.setdefault(invariant, []).extend(words)


def _breaker(provider: str) -> Any:
    return ProviderState.objects.values_list("breaker", flat=True).get(name=provider)
