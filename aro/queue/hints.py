"""Hints: "go and look at this lane". Losing, repeating or reordering them changes only lateness.

A hint is published when the transaction that made the row commits. Inside a worker of the lane it only wakes that lane,
and nobody is told while a worker looks so often that it finds the row by itself (`aro.queue.looking`).
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from celery import current_app
from django.db import transaction

from aro.queue import looking

TASK = "aro.tick"
DEAD_LETTER_TASK = "aro.dead_letter"
EXPIRES_SECONDS = 5
# Each worker looks at its lanes at least so often, also to see that the sandbox's clock was moved: what is due later
# needs no hint.
LONGEST_SLEEP = 0.25
# After a failed publish the broker is left alone for this long.
PAUSE_SECONDS = 5.0
# Between two publishes: hints that come meanwhile are one, however many rows a storm of webhooks makes. The first after
# a rest goes out at once.
REST_SECONDS = 0.03
# How long a process that ends waits for its last hints.
FLUSH_SECONDS = 0.5

logger = logging.getLogger(__name__)
_wake_here: Callable[[str], bool] = lambda lane: False  # noqa: E731


class Message(NamedTuple):
    """A task for the workers; equal ones that wait are one."""

    task: str
    argument: str
    queue: str
    expires: int | None = None


class Publisher:
    """Publishes from a thread of its own, so that no request ever waits for the broker."""

    def __init__(self) -> None:
        self._waiting: dict[Message, None] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._paused_until = 0.0
        self._watchers = looking.Watchers()

    def add(self, message: Message) -> None:
        if message.task == TASK and self._watchers.are_known_at(message.queue):
            return
        with self._changed:
            self._waiting[message] = None
            if self._thread is None or not self._thread.is_alive():  # also after a fork
                self._thread = threading.Thread(target=self._publish_for_ever, name="hints", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Waits until nothing waits; False when `seconds` pass first."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._waiting or self._busy), timeout=seconds)

    def _publish_for_ever(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting)
                messages, self._waiting, self._busy = list(self._waiting), {}, True
            for message in messages:
                self._publish(message)
            time.sleep(REST_SECONDS)

    def _publish(self, message: Message) -> None:
        """A broker that is away is an accepted failure: a worker finds the row when it looks again."""
        if time.monotonic() < self._paused_until:
            return
        try:
            if self._watchers.are_at(message.queue) and message.task == TASK:
                return
            options = {"queue": message.queue, "expires": message.expires, "ignore_result": True, "retry": False}
            current_app.send_task(message.task, args=[message.argument], **options)
        except Exception as error:  # noqa: BLE001 - whatever the broker's library raises, the thread must live on
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("hint not published, the next look will find the work: %s", type(error).__name__)


publisher = Publisher()
atexit.register(publisher.flush)


def wake_locally_with(function: Callable[[str], bool]) -> None:
    """`function(lane)` wakes this process's own lane and says whether there is one."""
    global _wake_here  # noqa: PLW0603
    _wake_here = function


def wake_here(lane: str) -> bool:
    """Wakes this process's `lane` without telling anybody else; False when there is none."""
    return _wake_here(lane)


@dataclass(frozen=True)
class _Hint:
    """A hint to be given at commit; equal ones in one transaction are one."""

    lane: str

    def __call__(self) -> None:
        give(self.lane)


def on_commit(lane: str) -> None:
    """Hints at `lane` once, after the current transaction has committed; at once outside a transaction."""
    connection, hint = transaction.get_connection(), _Hint(lane)
    if all(waiting != hint for _, waiting, _ in connection.run_on_commit):
        transaction.on_commit(hint, robust=True)


def give(lane: str) -> None:
    """Wakes this process's lane, else has the workers told."""
    if not _wake_here(lane):
        publisher.add(Message(TASK, lane, lane, EXPIRES_SECONDS))


def show_dead_letter(letter: UUID, queue: str) -> None:
    """A task of its own once the current transaction has committed, so that Flower shows it."""
    transaction.on_commit(lambda: publisher.add(Message(DEAD_LETTER_TASK, str(letter), queue)), robust=True)
