"""Where a booking system counts a booking's changes, the highest count is believed, whatever its clocks say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from appointments.models import Appointment

_TICK: Final = timedelta(microseconds=1)


def dated(visit: Appointment, sequence: int | None, occurred_at: datetime) -> datetime:
    """When the news counts as told: before what is known where its count is lower, after it where it is higher."""
    known, told_at = visit.source_sequence, visit.source_version_at or occurred_at
    if sequence is None or sequence == known == 0:
        return occurred_at
    if sequence < known:
        return min(occurred_at, told_at - _TICK)
    if sequence == known:
        return max(occurred_at, told_at)  # one delivery may be two pieces of news
    visit.source_sequence = sequence
    Appointment.objects.filter(pk=visit.pk).update(source_sequence=sequence)
    return max(occurred_at, told_at + _TICK)
