"""What a process says of a broker that is away or takes nothing: once, again while it lasts, and when it is over."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

from aro import errors
from aro.queue.outage import SAID_EVERY_SECONDS

AWAY = "the broker takes nothing"
BACK = "the broker takes everything again"


class Absence:
    """Of one broker, as one process meets it. Times in the log are real ones, whatever the sandbox's clock says."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._since: datetime | None = None
        self._said_at = 0.0

    def is_met(self, error: Exception) -> None:
        """It refused, or did not answer."""
        self._since = self._since or datetime.fromtimestamp(time.time(), UTC)
        now = time.monotonic()
        if self._said_at and now - self._said_at < SAID_EVERY_SECONDS:
            return
        self._said_at = now
        words = f"{AWAY} since {self._since:%H:%M:%S} UTC, it is tried again and again: %s. Texts go out all the same."
        # What is no fault of the broker's is one of ours: then it matters where.
        self._logger.error(words, _reason(error), exc_info=None if errors.is_brokers(error) else error)

    def is_over(self) -> None:
        """It took something."""
        if self._since:
            self._logger.warning(f"{BACK}; it did not since {self._since:%H:%M:%S} UTC")
        self._since, self._said_at = None, 0.0


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return ": ".join([type(error).__name__, *lines[:1]]).rstrip(".")
