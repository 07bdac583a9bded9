"""When the carrier is asked what became of a text whose outcome nobody knows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from workflows.models import Execution

# After the hand-over. Two readings, because a list may lag behind.
LOOK_AFTER = (timedelta(seconds=30), timedelta(seconds=120))


def waiting(now: datetime) -> Q:
    """The executions whose next look was due by now, and waits for a pause or a turn. One before its time says
    nothing: the carrier's list may not have the text yet."""
    times = [Q(lookups=seen, handed_over_at__lte=now - after) for seen, after in enumerate(LOOK_AFTER)]
    return Q(status=Execution.Status.UNKNOWN) & (times[0] | times[1])
