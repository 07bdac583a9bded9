"""What the guardrails can say of a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from compliance.reasons import Reason


@dataclass(frozen=True)
class Send:
    """It may go out now."""


@dataclass(frozen=True)
class Skip:
    """It never goes out, for this reason."""

    reason: Reason


@dataclass(frozen=True)
class Hold:
    """It is judged again at `until` (UTC)."""

    until: datetime
    reason: Reason


Verdict = Send | Skip | Hold
