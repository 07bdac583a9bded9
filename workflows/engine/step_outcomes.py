"""What a step says should happen next, and the side effects it asks for. Plain values, carried out by the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from compliance.models import Purpose
from compliance.reasons import Reason


@dataclass(frozen=True, kw_only=True)
class Say:
    """A text to the person. `tone`: empty for the kind's usual one. `channel`: where it goes if it can; empty for the
    person's own. `part`: tells two of a kind in one run apart."""

    kind: str
    purpose: str = Purpose.CARE
    planned_for: datetime | None = None
    tone: str = ""
    channel: str = ""
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class NotSaid:
    """A text that would have been due and is left out; written to the why ledger."""

    kind: str
    reason: Reason
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class Escalate:
    """A case for a person. Words and rank that are not given are the reason's own (appointments/case_reasons/)."""

    reason: str
    title: str = ""
    next_step: str = ""
    priority: int | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """A side effect outside, carried out by the executor: e.g. `integration.payments.deposit_link`."""

    command_type: str


@dataclass(frozen=True, kw_only=True)
class Update:
    """A change of facts that belongs to the story, by the name of a registered service."""

    service: str


Effect = Say | NotSaid | Escalate | Request | Update


@dataclass(frozen=True)
class Next:
    """Go on with `step` at once. `keep`: what later steps find in `facts.data`."""

    step: str
    effects: tuple[Effect, ...] = ()
    keep: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SleepUntil:
    """Go on with `step` at `at` (UTC); at once when that has passed."""

    at: datetime
    step: str
    effects: tuple[Effect, ...] = ()
    keep: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WaitFor:
    """Go on with `then` when one of `events` happens, or with `otherwise` after `within`."""

    events: tuple[str, ...]
    within: timedelta
    then: str
    otherwise: str
    effects: tuple[Effect, ...] = ()
    keep: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """The story is over."""

    why: str
    effects: tuple[Effect, ...] = ()
    keep: Mapping[str, Any] = field(default_factory=dict)


Outcome = Next | SleepUntil | WaitFor | Done
