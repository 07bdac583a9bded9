"""Work that cannot be done while the database is away is said once and tried again, not once a second."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aro import errors
from aro.stores import read_only

# So often is it said while it lasts.
SAID_EVERY_SECONDS = 300.0

logger = logging.getLogger(__name__)


class _Said:
    """Of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: float | None = None

    def is_due(self) -> bool:
        with self._lock:
            now = time.monotonic()
            due = self._at is None or now - self._at >= SAID_EVERY_SECONDS
            self._at = now if due else self._at
            return due


_said = _Said()


@contextmanager
def endured() -> Iterator[None]:
    """What fails inside because the database or the broker is away is left for the next time. Anything else raises."""
    try:
        yield
    except Exception as error:
        if not errors.is_outage(error):
            raise
        read_only.ask_anew()
        if _said.is_due():
            what = read_only.DETAIL if read_only.is_told_by(error) else "The database or the broker is away."
            logger.error("nothing can be done now, it is tried every second: %s", what)  # noqa: TRY400
