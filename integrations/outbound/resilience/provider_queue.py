"""Turns for those who wait for a provider: one after the other, so that a thousand rows do not all ask every second.

Two lines: bulk messages wait in one of their own, and never before anybody else. Whoever comes when its turn is there
asks again, and may be sent to the end. When the provider is back the lines end and everybody's turn is now.
"""

from __future__ import annotations

from datetime import datetime, timedelta

# A paused provider is asked for by this many waiting rows a second: enough for a probe, and cheap.
TURNS_PER_SECOND = 5.0
# Nobody waits longer than this for a turn, however long the line.
LONGEST = timedelta(minutes=10)


def turn(last: datetime | None, *, now: datetime, wait_seconds: float, per_second: float) -> datetime:
    """The next turn after `last`, and not before `now` plus the wait."""
    earliest = now + timedelta(seconds=wait_seconds)
    if last is None or last < earliest or last > earliest + LONGEST:
        return earliest
    return last + timedelta(seconds=1 / per_second)
