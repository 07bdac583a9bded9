"""The definitions that are measured, and the lane they are measured on (no worker of the installation knows it)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from aro.ids import new_id
from aro.models import Due
from workflows.engine import registry
from workflows.engine.definition import Definition
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Next, Outcome, WaitFor
from workflows.models import WorkflowInstance

LANE = "bench"
_POSTGRESQL = """
WITH wanted (n, lane, at) AS (SELECT %s, %s, %s::timestamptz)
INSERT INTO aro_due (lane, due_at, ref, fence, attempts)
SELECT lane, at, gen_random_uuid(), 0, 0 FROM wanted, generate_series(1, n)
"""
_SQLITE = """
WITH RECURSIVE wanted (n, lane, at) AS (SELECT %s, %s, %s),
one (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM one, wanted WHERE i < n)
INSERT INTO aro_due (lane, due_at, ref, fence, attempts)
SELECT lane, at, lower(hex(randomblob(16))), 0, 0 FROM one, wanted
"""


def first(facts: Facts, now: datetime) -> Outcome:
    """Ends at once, but as a commit of its own: the next step is another wake-up."""
    return WaitFor(events=(), within=timedelta(0), then="second", otherwise="second")


def second(facts: Facts, now: datetime) -> Outcome:
    return Done("done")


def pure(facts: Facts, now: datetime) -> Outcome:
    """Asks for nothing and waits for nothing: the next step follows in the same commit."""
    return Next("second")


WOKEN = Definition(name="bench-woken", version=1, triggers=(), steps=(first, second))
PURE = Definition(name="bench-pure", version=1, triggers=(), steps=(pure, second))


def register() -> None:
    registry.register(WOKEN)
    registry.register(PURE)


def start(count: int, *, at: datetime, definition: Definition = WOKEN) -> list[UUID]:
    """`count` runs, due at `at`."""
    runs = [
        WorkflowInstance(
            definition=definition.name,
            version=1,
            occurrence=str(new_id()),
            step=definition.first,
            wake_at=at,
            correlation_id=new_id(),
            started_at=at,
            updated_at=at,
        )
        for _ in range(count)
    ]
    WorkflowInstance.objects.bulk_create(runs, batch_size=500)
    put(((run.id, at) for run in runs), lane=LANE)
    return [run.id for run in runs]


def put(items: Iterable[tuple[UUID, datetime]], *, lane: str) -> None:
    """Makes rows due, in portions."""
    Due.objects.bulk_create((Due(lane=lane, ref=ref, due_at=at) for ref, at in items), batch_size=2000)


def sleepers(count: int, *, lane: str, at: datetime) -> None:
    """`count` rows that sleep until `at`, made by the database itself."""
    made = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        cursor.execute(made, [count, lane, connection.ops.adapt_datetimefield_value(at)])
