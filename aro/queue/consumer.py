"""The part of a worker that hears hints. Whatever it meets, it begins anew: the lanes beside it do not notice.

Celery's own ends the whole worker when the broker answers and refuses: a Redis that is full, that became a replica or
whose disk is full. With the worker the lanes would end, which need no broker (docs/adr/0013).
"""

from __future__ import annotations

import logging
import time
from typing import Any

from celery.worker.consumer.consumer import CONNECTION_RETRY
from celery.worker.consumer.consumer import Consumer as CeleryConsumer
from kombu.connection import Connection

from aro.queue.absence import Absence

# Between two tries to reach a broker that is away or refuses.
KNOCK_EVERY_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Consumer(CeleryConsumer):  # type: ignore[misc]
    """Tries for ever, in even steps."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._absence = Absence(logger)
        # What asks a worker to end is no `Exception`.
        self.connection_errors = (Exception,)
        logging.getLogger(CeleryConsumer.__module__).addFilter(_is_news)

    def ensure_connected(self, conn: Connection) -> Connection:
        """Once: what fails here is tried again like all else. Celery's own way has another count, and an end."""
        conn.ensure_connection(max_retries=0)  # type: ignore[no-untyped-call]
        self.first_connection_attempt = False
        return conn

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        self._bear(exc)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        super().on_connection_error_after_connected(exc)
        self._bear(exc)

    def on_ready(self) -> None:
        """It hears hints."""
        self._absence.is_over()
        super().on_ready()

    def _bear(self, error: Exception) -> None:
        self._absence.is_met(error)
        time.sleep(KNOCK_EVERY_SECONDS)


def _is_news(record: logging.LogRecord) -> bool:
    """`Absence` tells of a lost connection; Celery would each second."""
    return not (record.args and CONNECTION_RETRY in record.args)
