"""The same command on many rows, each in a transaction of its own: one that cannot be done stops no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from aro.errors import AroError
from aro.queue.replay import Does, Verdict
from compliance.models import Actor
from workflows.commands import bus

# Rows are read in portions, so that a million of them need no more memory than these.
PORTION = 500


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of row, the command for one, and what that would do (`judge` only reads)."""

    command: str
    key: str
    judge: Callable[[Any], Verdict]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was done, or would be done, to one row."""

    ref: UUID
    does: Does
    words: str


def forecast(kind: Kind, rows: QuerySet[Any]) -> Iterator[Result]:
    """What the command would do to each of `rows`; changes nothing."""
    for row in rows.iterator(chunk_size=PORTION):
        verdict = kind.judge(row)
        yield Result(ref=row.pk, does=verdict.does, words=verdict.words)


def carry_out(kind: Kind, refs: Iterable[UUID], *, actor_id: str, ip: str | None = None) -> Iterator[Result]:
    """Does it to each, as staff, audited."""
    for ref in refs:
        yield _one(kind, ref, actor_id, ip)


def _one(kind: Kind, ref: UUID, actor_id: str, ip: str | None) -> Result:
    try:
        done = bus.execute(
            command=kind.command, payload={kind.key: str(ref)}, actor=Actor.ADMIN, actor_id=actor_id, ip=ip
        )
    except AroError as error:
        return Result(ref=ref, does=Does.REFUSED, words=error.message)
    return Result(ref=ref, does=Does(done["does"]), words=str(done["why"]))


def tally(results: Iterable[Result]) -> Counter[Does]:
    """How many of each."""
    return Counter(result.does for result in results)
