"""The Celery tasks, and what a worker does beside them: it looks at its lanes, and tells the monitor outside."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import celeryd_after_setup, worker_shutdown

from aro.queue import hints, lanes, outage, tick
from aro.queue.pacemaker import pacemaker
from aro.watch import health, heartbeat, pulse


def _keep_going(instance: Any, **_: Any) -> None:
    """Also without beat, without a broker: a worker's lanes are its queues."""
    pulse.keep_giving("worker")
    heartbeat.keep_sending()
    pacemaker.serve(lane for lane in lanes.names() if lane in instance.app.amqp.queues.consume_from)


def _end(**_: Any) -> None:
    pacemaker.end()


celeryd_after_setup.connect(_keep_going, weak=False)
worker_shutdown.connect(_end, weak=False)


# Without events: each would cost more than the hint itself. Flower shows the queues, the workers and the dead letters.
@shared_task(name=hints.TASK, ignore_result=True, send_events=False)  # type: ignore[untyped-decorator]
def tick_lane(lane: str = "", sender: str = "hint") -> None:
    """Something is due in `lane`. May come twice at once, or not at all for an hour: only lateness changes."""
    with outage.endured():
        if sender == "beat":
            health.beat("beat")
        if lane and not pacemaker.wake(lane):  # a process without one, such as a child of Celery's `prefork` pool
            tick.drain([lane])


@shared_task(name=hints.DEAD_LETTER_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def note_dead_letter(letter: str) -> None:
    """Shows the dead letter in Flower. Staff hear of it from the lane, whatever becomes of this task."""
