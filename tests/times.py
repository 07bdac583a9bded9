"""Moments of a visit's life, for tests on rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine

from appointments.models import Appointment


@contextmanager
def begun(after: timedelta = timedelta(minutes=20)) -> Iterator[None]:
    """So long after the beginning of the last visit there is."""
    starts_at = Appointment.objects.latest("starts_at").starts_at
    with time_machine.travel(starts_at + after, tick=True):
        yield
