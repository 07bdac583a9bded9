"""A workflow as data: what starts it, what ends it, and its steps. Versions stay as long as runs of them live."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Outcome

Step = Callable[[Facts, datetime], Outcome]

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "IN": lambda value, choices: value in choices,
    "NOT IN": lambda value, choices: value not in choices,
}


@dataclass(frozen=True)
class Condition:
    """`field` is a path into the facts, e.g. `appointment.deposit_required`; see OPERATORS."""

    field: str
    operator: str
    value: Any

    def holds(self, facts: Facts) -> bool:
        """False as well when the field is missing: a trigger never fires on what is not known."""
        try:
            found = facts.lookup(self.field)
        except LookupError:
            return False
        return OPERATORS[self.operator](found, self.value)


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """Starts a run when `event` happens and all conditions hold.

    An event trigger has just that. A time-offset trigger adds `offset` to the `field` of the visit (`starts_at`,
    `ends_at`): the run exists at once and its first step sleeps till then; a moved visit starts a new run. A pattern
    trigger watches an event that follows every change of what its conditions look at (customer.risk_score_changed).

    A run starts once for each visit and time it has had; with `per`, once for what that field of the event names.
    """

    event: str
    when: tuple[Condition, ...] = ()
    per: str = ""
    field: str = ""
    offset: timedelta = timedelta(0)

    def matches(self, event_type: str, facts: Facts) -> bool:
        return self.event == event_type and all(condition.holds(facts) for condition in self.when)

    def first_wake(self, facts: Facts, now: datetime) -> datetime:
        """When the first step runs."""
        return now if not self.field else facts.lookup(f"appointment.{self.field}") + self.offset


@dataclass(frozen=True, kw_only=True)
class Definition:
    """`interrupts` maps an event type to the step it leads to from anywhere; `cancelled_by` ends a run silently.

    `awaits`: every event type that a step may wait for. A step that waits for another one fails, and a type that does
    not exist is refused: nobody would ever hear of it.

    `listens_from`: a run that wakes at one of these steps finds in its facts what was said to the person and back.

    `owes_from`: one that wakes at one of these finds in them whether the deposit was asked for, or still is to be, and
    whether the visit was given up.
    """

    name: str
    version: int
    triggers: tuple[Trigger, ...]
    steps: tuple[Step, ...]
    interrupts: Mapping[str, str] = field(default_factory=dict)
    cancelled_by: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()
    listens_from: frozenset[str] = frozenset()
    owes_from: frozenset[str] = frozenset()
    priority: int = 100
    enabled: bool = True

    def __post_init__(self) -> None:
        unknown = set(self.interrupts.values()) - {step.__name__ for step in self.steps}
        if unknown:
            raise ValueError(f"{self.name}: no step called {', '.join(sorted(unknown))}")

    @property
    def heard_while_running(self) -> frozenset[str]:
        """The event types that mean something to its runs."""
        return frozenset((*self.interrupts, *self.cancelled_by, *self.awaits))

    @property
    def events(self) -> frozenset[str]:
        """Every event type that it names."""
        return self.heard_while_running | {trigger.event for trigger in self.triggers}

    @property
    def first(self) -> str:
        return self.steps[0].__name__

    def step(self, name: str) -> Step:
        """The step of that name; `KeyError` when this version has none."""
        return {step.__name__: step for step in self.steps}[name]
