"""After a start, and after an older backup was put back: nothing automatic goes out before the carrier was asked what
people have written meanwhile, and that was read. Somebody may have said STOP, and this database does not know.

A carrier that cannot be asked, or that fails for a while, keeps nothing waiting for ever.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.conf import settings

from appointments.models import Message
from aro import clock
from aro.models import Due
from compliance.reasons import Reason
from integrations.models import SyncState
from integrations.providers import chosen
from workflows.models import Execution

# Real time: so long is waited for a carrier that does not answer.
PATIENCE_SECONDS = 600.0
RECEIPTS = "receipts"


class _Process:
    """What this process knows of itself."""

    started: datetime | None = None
    waits_since: float | None = None
    caught_up = False  # for good: what is written from then on reaches a worker that runs


def begin(**_: object) -> None:
    """A worker starts: what was written before is asked for before it sends anything automatic."""
    _Process.started, _Process.waits_since, _Process.caught_up = clock.now(), None, False


def written_before(now: datetime, otherwise: datetime) -> datetime:
    """Until when nobody else can be about to hand in what was written: this worker was not there to be called."""
    return min(now, max(_Process.started or otherwise, otherwise))


def is_behind(now: datetime) -> bool:
    """Whether automatic texts have to wait for a look at the carrier's list."""
    _Process.caught_up = _Process.caught_up or not _is_missing(now)
    if _Process.caught_up:
        return False
    if _Process.waits_since is None:
        _Process.waits_since = time.monotonic()
    return time.monotonic() - _Process.waits_since < PATIENCE_SECONDS


def is_told() -> bool:
    """Whether a text waits for it, as any process can see it."""
    held = Execution.objects.filter(status=Execution.Status.INTENT, message__status=Message.Status.HELD)
    return held.filter(message__reason=Reason.CATCHING_UP).exists()


def _is_missing(now: datetime) -> bool:
    if _Process.started is None or settings.SYNC_EVERY_MINUTES <= 0:
        return False
    if not chosen.listed_channels():
        return False
    last = SyncState.objects.filter(provider=chosen.replies()).values_list("last_done_at", flat=True).first()
    if last is None:
        return False  # never asked: what people wrote before ARO was there was not for it
    if last < _Process.started:
        return True
    # Looked, and what was found is still being read.
    return _Process.waits_since is not None and Due.objects.filter(lane=RECEIPTS, due_at__lte=now).exists()
