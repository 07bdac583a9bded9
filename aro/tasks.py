"""The Celery tasks: look at a lane, tell staff of a dead letter, tell the monitor outside that all is well."""

from __future__ import annotations

from celery import shared_task

from aro import health, heartbeat, hints, lanes, tick
from aro.models import DeadLetter


@shared_task(name=hints.TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def tick_lane(lane: str, sender: str = "hint") -> None:
    """Works on `lane` for a second. May run twice at once, or not at all for an hour: only lateness changes."""
    health.beat("worker")
    if sender == "beat":
        health.beat("beat")
    tick.run(lane)


@shared_task(name=hints.DEAD_LETTER_TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def dead_letter(letter_id: str) -> None:
    """Tells staff of a dead letter. May run twice: the case is opened once."""
    letter = DeadLetter.objects.filter(pk=letter_id, archived_at=None).first()
    if letter is not None:
        lanes.tell(letter)


@shared_task(name=heartbeat.TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def send_heartbeat() -> None:
    """Calls the monitor outside. Missing one changes nothing: its deadline is longer."""
    heartbeat.send()
