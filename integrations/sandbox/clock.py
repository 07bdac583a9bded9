"""The sandbox's clock: real time plus an offset that every ARO process reads from one small file."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

LONGEST_OFFSET_SECONDS = 20 * 366 * 86400.0
# A caller who asks for the moment that he just read must not be told that it has passed meanwhile.
PAST_TOLERANCE_SECONDS = 2.0


class ClockError(ValueError):
    """The clock cannot be moved there; the message says why."""


class Clock:
    """Moves forward only. The offset is in seconds and survives a restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = self._read()

    @property
    def offset_seconds(self) -> float:
        return self._offset

    def timestamp(self) -> float:
        """Seconds since the epoch, by this clock."""
        return time.time() + self._offset

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=self._offset)

    def advance(self, seconds: float) -> datetime:
        """Raises ClockError for a step back or past twenty years."""
        if seconds < 0:
            raise ClockError("The clock only moves forward. Give a number of seconds of 0 or more.")
        if self._offset + seconds > LONGEST_OFFSET_SECONDS:
            raise ClockError("The clock can be moved twenty years ahead at most. Give an earlier moment.")
        self._write(self._offset + seconds)
        return self.now()

    def move_to(self, moment: datetime) -> datetime:
        """Raises ClockError when the aware `moment` has passed."""
        ahead = (moment - self.now()).total_seconds()
        if ahead < -PAST_TOLERANCE_SECONDS:
            raise ClockError("That moment has passed and the clock only moves forward. Give a later one.")
        return self.advance(max(ahead, 0.0))

    def _read(self) -> float:
        try:
            return float(json.loads(self._path.read_text(encoding="utf-8"))["offset_seconds"])
        except FileNotFoundError:
            return 0.0

    def _write(self, offset: float) -> None:
        """Written beside and renamed, so that no reader ever sees half a file."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump({"offset_seconds": offset}, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._offset = offset


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with Z and microseconds, as Calendly and interface.md write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
