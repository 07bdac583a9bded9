"""The queue of everything that must happen: put, claim with a lease and a fence, finish.

Vendor SQL lives here and nowhere else: PostgreSQL claims by ctid with SKIP LOCKED, SQLite under BEGIN IMMEDIATE.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from aro import clock
from aro.models import Due
from aro.queue import hints, rows

LEASE_SECONDS = 30


LostClaimError = rows.TakenError
"""Somebody else owns the row now; what this owner did in its transaction must not be kept."""


class HopelessError(Exception):
    """Trying again cannot help: the work goes to the dead letters at once."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Claim:
    """An owner's ticket. Valid while `fence` is still the row's."""

    id: int
    lane: str
    ref: UUID
    fence: int
    attempts: int
    due_at: datetime
    begun: int = 0


_SOON = timedelta(seconds=hints.LONGEST_SLEEP)
_Postponement = tuple[timedelta, Collection[str], list[tuple[str, UUID]]]
_postponement: ContextVar[_Postponement] = ContextVar("postponement", default=(timedelta(0), (), []))
_together: ContextVar[dict[str, dict[UUID, datetime]] | None] = ContextVar("due_together", default=None)
_NEW = ("lane", "due_at", "ref", "fence", "lease", "attempts")
_MOVED = """
ON CONFLICT (lane, ref) DO UPDATE SET due_at = excluded.due_at, fence = aro_due.fence + 1, lease = NULL, attempts = 0,
  begun = 0
"""
_KEEP_POSTGRESQL = f"""
WITH kept AS ({{insert}} RETURNING 1)
INSERT INTO aro_due (lane, due_at, ref, fence, lease, attempts)
SELECT %s::varchar, %s::timestamptz, %s::uuid, 0, NULL::timestamptz, 0 FROM kept {_MOVED}
"""  # noqa: S608 - both are statements of ours
_CLAIM_POSTGRESQL = """
UPDATE aro_due SET lease = %s, fence = fence + 1, attempts = attempts + 1 WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM aro_due WHERE lane = %s AND due_at <= %s AND (lease IS NULL OR lease < %s)
  ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING id, ref, fence, attempts, begun, due_at
"""
_CLAIM_SQLITE = """
UPDATE aro_due SET lease = %s, fence = fence + 1, attempts = attempts + 1 WHERE id IN (
  SELECT id FROM aro_due WHERE lane = %s AND due_at <= %s AND (lease IS NULL OR lease < %s)
  ORDER BY due_at LIMIT %s)
RETURNING id, ref, fence, attempts, begun, due_at
"""
_NEXT = """
(SELECT due_at FROM aro_due WHERE lane = %s AND (lease IS NULL OR lease < %s) ORDER BY due_at LIMIT 1)
"""


def _real_now() -> datetime:
    """Leases run in real time: moving the sandbox's clock must not take work from its owner."""
    return datetime.fromtimestamp(time.time(), UTC)


@contextmanager
def postponed(by: timedelta, lanes: Collection[str]) -> Iterator[list[tuple[str, UUID]]]:
    """Whatever is put into these lanes inside is due `by` later than asked; the list says what it was."""
    followers: list[tuple[str, UUID]] = []
    token = _postponement.set((by, lanes, followers))
    try:
        yield followers
    finally:
        _postponement.reset(token)


def _postpone(lane: str, items: Iterable[tuple[UUID, datetime]]) -> Iterable[tuple[UUID, datetime]]:
    by, lanes, followers = _postponement.get()
    if lane not in lanes:
        return items
    later = [(ref, at + by) for ref, at in items]
    followers.extend((lane, ref) for ref, _ in later)
    return later


@contextmanager
def together() -> Iterator[None]:
    """Whatever is put inside, in one transaction, is written at the end: by one statement for each lane."""
    waiting: dict[str, dict[UUID, datetime]] = {}
    token = _together.set(waiting)
    try:
        yield
    finally:
        _together.reset(token)
    if waiting:
        with rows.together():
            for lane, items in waiting.items():
                _put(lane, items)


def put(lane: str, ref: UUID, at: datetime) -> None:
    """Makes `ref` due in `lane` at `at`. Once per lane and ref: a second call moves it and fences off its owner."""
    put_many(lane, [(ref, at)])


def put_many(lane: str, items: Iterable[tuple[UUID, datetime]]) -> None:
    """`put` for many; one hint when the surrounding transaction commits, unless every worker looks again before."""
    wanted, waiting = dict(_postpone(lane, items)), _together.get()
    if waiting is None:
        _put(lane, wanted)
    else:
        waiting.setdefault(lane, {}).update(wanted)


def _put(lane: str, wanted: Mapping[UUID, datetime]) -> None:
    if wanted:
        new = [(lane, at, ref, 0, None, 0) for ref, at in wanted.items()]
        rows.insert(Due, _NEW, new, on_conflict=_MOVED)
        if min(wanted.values()) <= clock.now() + _SOON:
            hints.on_commit(lane)


def keep(one: Model, lane: str, at: datetime, *, unique: tuple[str, ...]) -> bool:
    """Inserts `one` and makes it due, both or neither; False when a row with the same values in the `unique` columns
    is there already. PostgreSQL does it in one statement, so that whoever waits for it waits for one round trip."""
    if connection.vendor == "postgresql":
        return _keep_at_once(one, lane, at, unique)
    with transaction.atomic():
        kept = rows.insert_new(one, unique=unique)
        if kept:
            put(lane, one.pk, at)
    return kept


def _keep_at_once(one: Model, lane: str, at: datetime, unique: tuple[str, ...]) -> bool:
    insert, values = rows.insertion(one, unique=unique)
    ((ref, at),) = _postpone(lane, [(one.pk, at)])
    kept = rows.alone(_KEEP_POSTGRESQL.format(insert=insert), (*values, lane, at, ref)) == 1
    if kept:
        hints.on_commit(lane)
    return kept


def drop(lane: str, ref: UUID) -> None:
    """Takes `ref` out of `lane`; its owner, if any, loses its claim."""
    (_together.get() or {}).get(lane, {}).pop(ref, None)
    Due.objects.filter(lane=lane, ref=ref).delete()


def claim(lane: str, *, now: datetime, limit: int, lease_seconds: float = LEASE_SECONDS) -> list[Claim]:
    """Takes up to `limit` due rows, oldest first. The attempt is counted here, so that a body which kills its
    worker still reaches the dead letters."""
    real = _real_now()
    sql = _CLAIM_POSTGRESQL if connection.vendor == "postgresql" else _CLAIM_SQLITE
    arguments = [_db(real + timedelta(seconds=lease_seconds)), lane, _db(now), _db(real), limit]
    # A statement by itself is a transaction on PostgreSQL, without two round trips; on SQLite it waits for its turn.
    with nullcontext() if connection.vendor == "postgresql" else transaction.atomic(savepoint=False):
        found = rows.query(sql, arguments)
    claims = [
        Claim(id_, lane, _uuid(ref), fence, attempts, _moment(due_at), begun)
        for id_, ref, fence, attempts, begun, due_at in found
    ]
    return sorted(claims, key=lambda c: (c.due_at, c.id))


def finish(claim: Claim) -> None:
    """Done: deletes the row, in the work's transaction. Raises `LostClaimError` when somebody else owns it."""
    finish_many([claim])


def finish_many(claims: Iterable[Claim]) -> None:
    """`finish` for many, all or nothing. By primary key each: SQLite walks the whole table for a list of pairs."""
    rows.delete(Due, [(one.id, one.fence) for one in claims])


def again(claim: Claim, at: datetime, *, keep_attempts: bool = False) -> None:
    """Not yet: the row is due again at `at`. Raises `LostClaimError` as `finish` does."""
    _again([(claim, at)], keep_attempts=keep_attempts)


def again_many(items: Sequence[tuple[Claim, datetime]]) -> None:
    """`again` for many, all or nothing."""
    _again(items, keep_attempts=False)


def _again(items: Sequence[tuple[Claim, datetime]], *, keep_attempts: bool) -> None:
    later = [(at, claim.attempts if keep_attempts else 0, claim.id, claim.fence) for claim, at in items]
    rows.update(Due, ("due_at", "attempts"), later, also="lease = NULL, begun = 0")


def begin(claim: Claim) -> None:
    """Notes, in a commit of its own, that the row is begun alone: if its worker never comes back, it was this row.
    Ending it, well or badly, takes the note away. Raises `LostClaimError` as `finish` does."""
    rows.update(Due, ("begun",), [(claim.begun + 1, claim.id, claim.fence)])


def renew(claim: Claim, seconds: float) -> None:
    """Owns the row for `seconds` more of real time. Raises `LostClaimError` as `finish` does."""
    rows.update(Due, ("lease",), [(_real_now() + timedelta(seconds=seconds), claim.id, claim.fence)])


def next_due(lanes: Sequence[str]) -> dict[str, datetime | None]:
    """When each lane's next row that nobody owns is due, or None. One statement, which reads the index from each lane's
    start and takes no lock."""
    real = _db(_real_now())
    sql = f"SELECT {', '.join([_NEXT] * len(lanes))}"
    (found,) = rows.query(sql, [value for lane in lanes for value in (lane, real)])
    return {lane: None if at is None else _moment(at) for lane, at in zip(lanes, found, strict=True)}


def _db(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
