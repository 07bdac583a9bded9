"""The border's lanes."""

from __future__ import annotations

from datetime import timedelta

from appointments import reach
from appointments.services.visit import doubts
from aro.queue import sweeps
from aro.queue.lanes import Lane, register
from aro.queue.sweeps import Tidying
from integrations.inbound import lookups, receipts, replays, unread
from integrations.outbound import executor, obstacles, payment_checks
from integrations.outbound.resilience import history
from integrations.providers import chosen
from integrations.sync import schedule


def register_all() -> None:
    """Called once, when the app is ready."""
    doubts.register_unread(unread.senders)
    reach.register(chosen.is_set_up)
    reach.register_obstacles(obstacles.of)
    sweeps.register(Tidying(name="breaker changes", every=timedelta(hours=1), tidy=history.tidy))
    register(executor.LANE)
    register(payment_checks.LANE)
    register(
        Lane(
            name=receipts.LANE,
            handle=receipts.handle,
            ahead=receipts.ahead,
            on_dead=receipts.on_dead,
            replayer=replays.REPLAYER,
        )
    )
    register(
        Lane(
            name=receipts.LOOKUP_LANE,
            handle=lookups.handle,
            on_dead=receipts.on_dead,
            replayer=replays.REPLAYER,
            threads=2,
            batch=4,
            max_attempts=8,
            lease_seconds=60,
        )
    )
    # One thread: while it asks one booking system the others can wait, and the worker's other lanes are not slowed.
    register(
        Lane(
            name=schedule.LANE,
            handle=schedule.handle,
            threads=1,
            batch=1,
            max_attempts=8,
            lease_seconds=120,
            backoff_seconds=(60, 300, 900),
        )
    )
