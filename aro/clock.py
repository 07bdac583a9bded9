"""The one clock. In sandbox mode the clock can be moved forward by a file that every process sees.

All times are aware and in UTC. Nothing else in the project may call `datetime.now`.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_RECHECK_SECONDS = 0.02
# Between these a time can be moved by months and read in every zone without leaving what a calendar can hold.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def is_possible(moment: datetime) -> bool:
    """Whether a time from outside can be a time of ours. A slip of a digit makes the year 20226 or 9999."""
    return EARLIEST <= moment < LATEST


class _Offset:
    """The sandbox's offset in seconds, re-read when its file changes; 0 while no file is configured."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self._checked = 0.0
        self._stamp: tuple[int, int] = (0, 0)
        self._seconds = 0.0
        self._lock = threading.Lock()

    def seconds(self) -> float:
        if self.path is None or time.monotonic() - self._checked < _RECHECK_SECONDS:
            return self._seconds
        with self._lock:
            self._reread(self.path)
            # Only now: a thread that comes meanwhile must wait for the first reading, not take 0 for it.
            self._checked = time.monotonic()
        return self._seconds

    def _reread(self, path: Path) -> None:
        try:
            stat = path.stat()
        except FileNotFoundError:
            self._seconds, self._stamp = 0.0, (0, 0)
            return
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._stamp:
            self._seconds = float(json.loads(path.read_text(encoding="utf-8"))["offset_seconds"])
            self._stamp = stamp

    def follow(self, path: Path | None) -> None:
        with self._lock:
            self.path, self._checked, self._stamp, self._seconds = path, 0.0, (0, 0), 0.0


_offset = _Offset()


def follow(path: Path | None) -> None:
    """Follows the sandbox's clock file; only sandbox settings call this. `None` goes back to real time."""
    _offset.follow(path)


def now() -> datetime:
    """The current moment, aware, UTC."""
    return datetime.now(UTC) + timedelta(seconds=_offset.seconds())


def offset_seconds() -> float:
    """How far the sandbox has moved the clock forward; 0.0 in live mode."""
    return _offset.seconds()
