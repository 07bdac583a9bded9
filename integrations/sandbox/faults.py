"""Faults on request: which calls and callbacks go wrong, how often, and how."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.carriers import SENDERS

PROVIDERS = (
    *("calendly", "acuity", "square", "calcom", "custom", "easyappointments"),
    *(sender.name for sender in SENDERS),
    *("email", "stripe", "llm"),
)

# Faults of a call to a provider's API, with the seconds each lasts when none are given (for http_429: Retry-After).
CALL_KINDS: dict[str, float] = {
    "timeout": 30.0,
    "timeout_after_accept": 30.0,
    "http_500": 0.0,
    "http_429": 1.0,
    "slow": 3.0,
    "garbage": 0.0,
    "connection_refused": 0.0,
    "error_code": 0.0,
}
CALLBACK_KINDS: dict[str, float] = {
    "duplicate_callback": 0.0,
    "callback_out_of_order": 0.0,
    "no_callback": 0.0,
    "no_reply": 0.0,
}
KINDS: dict[str, float] = CALL_KINDS | CALLBACK_KINDS
# A read accepts nothing and has no error of its own, so these wait for a call that changes something.
ONLY_WRITES = frozenset({"timeout_after_accept", "error_code"})


@dataclass(frozen=True)
class Fault:
    """One switch. `rate` is the share of calls hit; `remaining` is how many hits are left, None for no limit."""

    seq: int
    provider: str
    kind: str
    rate: float
    remaining: int | None
    seconds: float
    code: str
    rolls: int
    hits: int

    def as_json(self) -> dict[str, Any]:
        shown = {"id": self.seq, "provider": self.provider, "kind": self.kind, "rate": self.rate}
        return shown | {"count": self.remaining, "seconds": self.seconds, "code": self.code or None, "hits": self.hits}


class Faults:
    """The switches that are on. The same switches and the same calls give the same hits: nothing here is random."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, *, provider: str, kind: str, rate: float, count: int | None, seconds: float, code: str) -> Fault:
        cursor = self._db.execute(
            "INSERT INTO fault (provider, kind, rate, remaining, seconds, code) VALUES (?, ?, ?, ?, ?, ?)",
            (provider, kind, rate, count, seconds, code),
        )
        return next(fault for fault in self.all() if fault.seq == cursor.lastrowid)

    def all(self) -> list[Fault]:
        return [Fault(**dict(row)) for row in self._db.execute("SELECT * FROM fault ORDER BY seq")]

    def clear(self, *, provider: str = "", kind: str = "", seq: str = "") -> int:
        """Switches off those of `provider` and `kind`, or one by its number, or all; returns how many."""
        return self._db.execute(
            "DELETE FROM fault WHERE ? IN ('', provider) AND ? IN ('', kind) AND ? IN ('', CAST(seq AS TEXT))",
            (provider, kind, seq),
        ).rowcount

    def take(self, provider: str, kinds: Collection[str]) -> Fault | None:
        """The first switch of these kinds that hits this call; one of its count is then used up."""
        for fault in self.all():
            if fault.provider == provider and fault.kind in kinds and fault.remaining != 0 and self._roll(fault):
                return fault
        return None

    def _roll(self, fault: Fault) -> bool:
        hit = _fraction(fault) < fault.rate
        self._db.execute(
            "UPDATE fault SET rolls = rolls + 1, hits = hits + ?, remaining = remaining - ? WHERE seq = ?",
            (hit, hit, fault.seq),
        )
        return hit


def _fraction(fault: Fault) -> float:
    """Evenly spread over 0..1; the n-th call under a switch always gets the same number, after a restart too."""
    digest = hashlib.sha256(f"{fault.provider}/{fault.kind}/{fault.rolls}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
