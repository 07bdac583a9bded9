"""The Celery tasks: look at a lane, tell the monitor outside that all is well."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import celeryd_after_setup

from aro.queue import hints, lanes, outage, tick
from aro.queue.pacemaker import pacemaker
from aro.watch import health, heartbeat, pulse


def _keep_going(instance: Any, **_: Any) -> None:
    """Also without beat, without a broker: a worker's lanes are its queues."""
    pulse.keep_giving("worker")
    pacemaker.serve(lane for lane in lanes.names() if lane in instance.app.amqp.queues.consume_from)


celeryd_after_setup.connect(_keep_going, weak=False)


@shared_task(name=hints.TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def tick_lane(lane: str, sender: str = "hint") -> None:
    """Works on `lane` for a second. May run twice at once, or not at all for an hour: only lateness changes."""
    pacemaker.told(lane)
    with outage.endured():
        health.beat("worker")
        if sender == "beat":
            health.beat("beat")
        tick.run(lane)


@shared_task(name=heartbeat.TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def send_heartbeat() -> None:
    """Calls the monitor outside. Missing one changes nothing: its deadline is longer."""
    heartbeat.send()
