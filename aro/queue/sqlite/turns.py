"""Writers of one SQLite file take turns, and whoever a caller waits for goes first.

SQLite has one writer. One that waits looks again after up to 100 ms, so a worker that writes in a row is always faster
than a webhook that writes once. Here a waiting writer looks again after 0.5 to 4 ms, and a worker lets others go first.
This is courtesy between processes: what keeps writes apart is SQLite's own lock.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

# From look to look a little longer: each one costs processor, and most waits are over after a few.
LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.0005, 0.004
# A worker that has let others go first for this long takes its turn all the same.
POLITE_SECONDS = 0.1
# Then somebody has stopped in the middle: on to SQLite's own lock, which has its own patience and its own error.
PATIENCE_SECONDS = 5.0

_polite = False
_doors: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def be_polite() -> None:
    """This process works behind: nobody waits for its writes."""
    global _polite  # noqa: PLW0603
    _polite = True


class Turn:
    """One connection's turn at one file. Not shared between threads."""

    def __init__(self, database: str) -> None:
        self._door = _doors[database]
        self._writing = _opened(f"{database}.turn")
        try:
            self._waiting = _opened(f"{database}.front")
        except OSError:
            os.close(self._writing)
            raise
        self._entered = False

    def take(self, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Waits for the turn; comes back without it when somebody has stopped in the middle of theirs."""
        if not _polite:
            fcntl.flock(self._waiting, fcntl.LOCK_SH)
        deadline = time.monotonic() + min(seconds, PATIENCE_SECONDS)
        try:
            # Within a process the door keeps waiting threads from asking the file all at once.
            self._entered = self._door.acquire(timeout=min(seconds, PATIENCE_SECONDS))
            if self._entered:
                self._take_from_other_processes(deadline)
        finally:
            fcntl.flock(self._waiting, fcntl.LOCK_UN)

    def _take_from_other_processes(self, deadline: float) -> None:
        if _polite:
            _until(self._nobody_in_front, seconds=POLITE_SECONDS)
        _until(lambda: _locked(self._writing), seconds=deadline - time.monotonic())

    def give_back(self) -> None:
        """Ends the turn; nothing when there is none."""
        if self._entered:
            fcntl.flock(self._writing, fcntl.LOCK_UN)
            self._entered = False
            self._door.release()

    def close(self) -> None:
        self.give_back()
        os.close(self._writing)
        os.close(self._waiting)

    def _nobody_in_front(self) -> bool:
        if not _locked(self._waiting):
            return False
        fcntl.flock(self._waiting, fcntl.LOCK_UN)
        return True


def of(database: str) -> Turn | None:
    """None where its files cannot be made (a read-only or full disk): what is wrong there SQLite says better."""
    try:
        return Turn(database)
    except OSError:
        return None


def _opened(path: str) -> int:
    return os.open(Path(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _until(condition: Callable[[], bool], *, seconds: float) -> bool:
    deadline, pause = time.monotonic() + seconds, LOOK_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_LOOK_SECONDS)
    return True
