"""Replaying work by hand: what it would do, and what must be set right first. Lanes say it for their rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Does(StrEnum):
    """What a replay does to its row."""

    AGAIN = "again"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a replay would do, and why, in plain words."""

    does: Does
    words: str


def again(words: str) -> Verdict:
    """The work is done anew."""
    return Verdict(does=Does.AGAIN, words=words)


def unchanged(words: str) -> Verdict:
    """There is nothing left to do; asking for it is no mistake."""
    return Verdict(does=Does.UNCHANGED, words=words)


def refused(words: str) -> Verdict:
    """It must not be done again."""
    return Verdict(does=Does.REFUSED, words=words)


@dataclass(frozen=True, kw_only=True)
class Replayer:
    """How a lane's work is replayed.

    `judge(ref)` only reads. `prepare(ref, now)` sets the rows back, in the caller's transaction, and returns when the
    work is to be due.
    """

    judge: Callable[[UUID], Verdict]
    prepare: Callable[[UUID, datetime], datetime]


# For work that may run any number of times as it is: an event, a sweep.
PLAIN = Replayer(judge=lambda ref: again("It is done again."), prepare=lambda ref, now: now)
