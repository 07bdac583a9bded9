"""The lane `sweeps`: what is looked at later, and what is tidied up from time to time. Apps register what is theirs in
`AppConfig.ready`.

A row of the lane stands for one of their records, or for a tidying: a lane of its own for each would be one more queue
to look at all day for what happens once an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db.models import QuerySet

from aro import clock
from aro.models import Due
from aro.queue import due
from aro.queue.due import Claim

LANE = "sweeps"
# In one transaction; what is left is next in line.
DELETED_AT_ONCE = 500
_NAMES = UUID("7f4f0b6e-52c1-4d0c-8a55-3c1b8e0d9a10")

Look = Callable[[Sequence[UUID], datetime], Iterable[UUID]]
Tidy = Callable[[datetime], bool]


@dataclass(frozen=True, kw_only=True)
class Tidying:
    """Deletes what nobody needs any more. `tidy(now)` takes a portion, and says whether more may be left."""

    name: str
    every: timedelta
    tidy: Tidy

    @property
    def ref(self) -> UUID:
        """The same on every host and after every start."""
        return uuid5(_NAMES, self.name)


_looks: list[Look] = []
_tidyings: dict[UUID, Tidying] = {}


def look_with(look: Look) -> None:
    """`look(refs, now)` sees to those that are its own and returns them. Each is finished by then, and may be put into
    the lane anew."""
    _looks.append(look)


def register(tidying: Tidying) -> None:
    """Makes a tidying known. Registering a name twice is a programming error."""
    if tidying.ref in _tidyings:
        raise ValueError(f"tidying {tidying.name} is registered twice")
    _tidyings[tidying.ref] = tidying


def plan_at_start(**_: object) -> None:
    """Makes each tidying due that is not, when a worker is ready; safe to repeat."""
    planned = set(Due.objects.filter(lane=LANE, ref__in=list(_tidyings)).values_list("ref", flat=True))
    now = clock.now()
    due.put_many(LANE, [(ref, now + one.every) for ref, one in _tidyings.items() if ref not in planned])


def handle(claims: Sequence[Claim], now: datetime) -> None:
    """A reference that nobody knows is of a record that has gone, or of a tidying of another version: it goes too."""
    records = [claim for claim in claims if claim.ref not in _tidyings]
    due.finish_many(records)
    left = [claim.ref for claim in records]
    for look in _looks:
        known = set(look(left, now)) if left else set()
        left = [ref for ref in left if ref not in known]
    for claim in claims:
        if claim.ref in _tidyings:
            _tidy(claim, _tidyings[claim.ref], now)


def _tidy(claim: Claim, tidying: Tidying, now: datetime) -> None:
    more = tidying.tidy(now)
    due.again(claim, now if more else now + tidying.every)


def delete_some(old: QuerySet[Any]) -> bool:
    """Deletes up to `DELETED_AT_ONCE` of these rows; whether more may be left."""
    keys = list(old.values_list("pk", flat=True)[:DELETED_AT_ONCE])
    old.model._default_manager.filter(pk__in=keys).delete()
    return len(keys) == DELETED_AT_ONCE
