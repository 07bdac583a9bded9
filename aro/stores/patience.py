"""How long the request that this thread answers may still wait for the database.

Whoever asked has an answer by then in any case (`aro.web`); what is left is to have the thread back.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

logger = logging.getLogger(__name__)
_thread = threading.local()
# Between asking the server to give up a statement and hanging up on it.
_POLITELY_SECONDS = 0.5


@contextmanager
def until(moment: float) -> Iterator[None]:
    """Within, this thread waits for the database until `moment` (of the monotonic clock) at most."""
    _thread.until = moment
    try:
        yield
    finally:
        _thread.until = None


def seconds_left(otherwise: float) -> float:
    """What is left, at least 0; `otherwise` for who has all the time: a worker, a command."""
    moment = getattr(_thread, "until", None)
    return otherwise if moment is None else max(0.0, min(otherwise, moment - time.monotonic()))


def give_up(connection: Any, *, while_: Callable[[], bool]) -> None:
    """Frees the thread that waits on this Django `connection` to PostgreSQL: its statement fails with an
    `OperationalError`. Called from another thread, and waits for the network: never from one that must not. `while_`:
    whether that thread is still at the same work.

    SQLite's waits end by themselves, in time (`aro.queue.sqlite`).
    """
    raw = getattr(connection, "connection", None)
    if connection.vendor != "postgresql" or raw is None or raw.closed or not while_():
        return
    descriptor = os.dup(raw.pgconn.socket)
    try:
        _cancel(raw)
        time.sleep(_POLITELY_SECONDS)
        if while_():
            _hang_up(descriptor)
    finally:
        os.close(descriptor)


def _cancel(raw: Any) -> None:
    """Asks over a connection of its own, as libpq does, so that the server does not go on waiting for a lock."""
    try:
        raw.cancel_safe(timeout=_POLITELY_SECONDS)
    except Exception as error:  # noqa: BLE001 - a server that hangs answers this neither; then we hang up
        logger.warning("a statement could not be cancelled", extra={"error": type(error).__name__})


def _hang_up(descriptor: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as line:
        line.shutdown(socket.SHUT_RDWR)
