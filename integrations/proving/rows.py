"""What the installation's own database says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection

from appointments.models import BookingRef
from aro import clock
from aro.models import Due

T = TypeVar("T")
# A database that was killed is back within seconds; this is far more.
PATIENCE_SECONDS = 60.0
# What carries bookings and texts. The other lanes keep house and are looked at less often than every second.
LANES = ("receipts", "lookups", "events", "timers", "executions")


def patiently(ask: Callable[[], T]) -> T:
    """Asks again while the database is being restarted. Raises the database's last error after a minute."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except Error:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@dataclass(frozen=True)
class Backlog:
    """What had to be worked on at `moment`: id to fence."""

    moment: datetime
    fences: dict[int, int]


def due_now() -> Backlog:
    """Rows that must be worked on at this moment, whoever owns them."""
    moment = clock.now()
    due = Due.objects.filter(lane__in=LANES, due_at__lte=moment)
    return Backlog(moment, patiently(lambda: dict(due.values_list("id", "fence"))))


def untouched(before: Backlog) -> int:
    """How many of those rows nobody has taken up since: a claim changes the fence, putting off changes the time."""
    same = Due.objects.filter(lane__in=LANES, due_at__lte=before.moment)
    found = patiently(lambda: dict(same.values_list("id", "fence")))
    return sum(before.fences.get(pk) == fence for pk, fence in found.items())


def abandoned() -> int:
    """Rows that are due and whose owner's lease has run out, so that somebody should have taken them over."""
    late = datetime.fromtimestamp(time.time(), UTC) - timedelta(seconds=2)
    return int(patiently(Due.objects.filter(lane__in=LANES, due_at__lte=clock.now(), lease__lt=late).count))


def visit_of(external_id: str) -> Any | None:
    """The visit that Calendly calls `external_id`."""
    refs = BookingRef.objects.select_related("appointment").filter(external_id=external_id)
    try:
        return patiently(lambda: refs.get().appointment)
    except ObjectDoesNotExist:
        return None
