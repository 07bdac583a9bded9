"""The signs of life that worker and beat give: a file each, touched again and again.

Whoever is dead needs none. This finds a process that is there and does nothing, because it was halted or is stuck in a
call that never returns.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aro import paths

EVERY_SECONDS = 5.0

logger = logging.getLogger(__name__)
_running: dict[int, _Work] = {}


@dataclass
class _Work:
    """What a thread is at, and the monotonic time until which that is nothing to worry about."""

    name: str
    until: float
    told: bool = False


def file(name: str) -> Path:
    """What the process `name` touches."""
    return paths.home() / "run" / f"{name}.pulse"


def seen(name: str) -> Callable[[], bool]:
    """A check whether the process `name` gave a sign since the check was made or last asked."""
    last = _touched_at(name)

    def alive() -> bool:
        nonlocal last
        before, last = last, _touched_at(name)
        return last != before

    return alive


def _touched_at(name: str) -> int:
    try:
        return file(name).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def give(name: str) -> None:
    """One sign, where a supervisor looks for it. Never raises: a disk may be full."""
    if "ARO_SUPERVISED" not in os.environ:
        return
    try:
        file(name).touch(mode=0o600)
    except OSError as error:
        logger.warning("no sign of life could be given: %s", type(error).__name__)


def keep_giving(name: str) -> None:
    """A sign every few seconds from now on, as long as no work of this process is stuck."""
    threading.Thread(target=_for_ever, args=(name,), name="pulse", daemon=True).start()


def _for_ever(name: str) -> None:
    while True:
        if not is_stuck():
            give(name)
        time.sleep(EVERY_SECONDS)


@contextmanager
def working(name: str, *, at_most: float) -> Iterator[None]:
    """The calling thread is at work inside; after `at_most` seconds of it this process counts as stuck."""
    me = threading.get_ident()
    before = _running.get(me)
    _running[me] = _Work(name, time.monotonic() + at_most)
    try:
        yield
    finally:
        _running.pop(me)
        if before:
            _running[me] = before


def is_stuck() -> bool:
    """Whether a thread has been at one piece of work for too long. The log says once where it stands."""
    now = time.monotonic()
    late = [(thread, work) for thread, work in list(_running.items()) if now > work.until]
    for thread, work in late:
        if not work.told:
            work.told = True
            logger.error("work does not end", extra={"lane": work.name, "stack": _stack(thread)})
    return bool(late)


def _stack(thread: int) -> str:
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - the one way to see another thread's stack
    return "".join(traceback.format_stack(frame)) if frame else ""
