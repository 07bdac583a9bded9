"""All of it: every chosen fault once, in the seed's order, then the story with random kills, then a last look."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict

from aro.console import PlainError
from integrations.proving import faults, invariants
from integrations.proving.faults.base import Fault
from integrations.proving.report import Report
from integrations.proving.round import Outcome, Round
from integrations.proving.sandbox import Sandbox
from integrations.proving.story import Story, Toll

# For the time that is left, before this run has figures of its own.
SECONDS_PER_FAULT, SECONDS_PER_KILL = 40.0, 2.5
SECONDS_BETWEEN_LINES = 10.0


class Battery:
    """One run. `chosen` is as `faults.chosen` takes it; `say` is told about progress."""

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        chosen: str,
        bookings: int,
        kills: int,
        seed: int,
        say: Callable[[str], None],
    ) -> None:
        self._sandbox, self._say = sandbox, say
        self._bookings, self._kills, self._seed = bookings, kills, seed
        self._chosen, self._faults = chosen, faults.chosen(chosen)
        random.Random(seed).shuffle(self._faults)  # noqa: S311 - orders faults, guards nothing
        self._phones = _phones()
        self._quiet: dict[str, int] = {}
        self._outcomes: list[Outcome] = []
        self._began = self._said = time.monotonic()

    def run(self) -> Report:
        """Plays everything, and looks at everything once more at the end. Leaves no fault switched on, however it
        ends."""
        try:
            return self._run()
        except BaseException:
            with suppress(PlainError):
                self._sandbox.calm()
            raise

    def _run(self) -> Report:
        for number, fault in enumerate(self._faults):
            self._progress(f"fault {number + 1} of {len(self._faults)}: {fault.name}", self._left(number))
            self._outcomes.append(self._play(fault))
            self._complain(self._outcomes[-1])
        toll = self._story()
        last = invariants.check(self._sandbox, quiet=self._quiet)
        return Report(
            **{name: value for name, value in asdict(toll).items() if name != "victims"},
            victims=dict(toll.victims),
            kills=toll.victims.total(),
            seed=self._seed,
            chosen=self._chosen,
            outcomes=self._outcomes,
            at_the_end=last,
            seconds=round(time.monotonic() - self._began, 1),
        )

    def _play(self, fault: Fault) -> Outcome:
        reason = fault.cannot()
        if reason:
            return Outcome(fault=fault.name, family=fault.family, did=fault.did, skipped=reason)
        one = Round(fault, sandbox=self._sandbox, seed=self._seed, phones=self._phones, say=self._say)
        outcome = one.play()
        self._quiet |= one.field.quiet
        return outcome

    def _story(self) -> Toll:
        if not self._kills:
            return Toll(bookings=0)
        story = Story(
            self._sandbox,
            kills=self._kills,
            seed=self._seed,
            phones=self._phones,
            bookings=self._bookings,
            tick=self._tick,
        )
        return story.play()

    def _tick(self, words: str, done: float) -> None:
        if time.monotonic() - self._said > SECONDS_BETWEEN_LINES:
            self._progress(words, (1 - done) * self._kills * SECONDS_PER_KILL)

    def _progress(self, words: str, left: float) -> None:
        self._said = time.monotonic()
        passed = (self._said - self._began) / 60
        self._say(f"[{passed:5.1f} min] {words}, about {max(1, round(left / 60))} min left")

    def _left(self, done: int) -> float:
        each = (time.monotonic() - self._began) / done if done else SECONDS_PER_FAULT
        return each * (len(self._faults) - done) + self._kills * SECONDS_PER_KILL

    def _complain(self, outcome: Outcome) -> None:
        if outcome.skipped:
            self._say(f"  left out: {outcome.skipped}")
        for invariant, found in outcome.broken.items():
            for words in found:
                self._say(f"  {invariant} BROKEN: {words}")


def _phones() -> Iterator[str]:
    """Numbers that no earlier run of this installation has used, as far as a clock can tell."""
    stamp = int(time.time()) % 700
    for n in itertools.count():
        yield f"+1{202 + n // 10000:03d}{200 + stamp:03d}{n % 10000:04d}"
