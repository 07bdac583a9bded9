"""Starts children in order, restarts a dead one with growing pauses and says so, stops them in reverse order. One that
gives no sign of life is ended first.

One thread: everything happens in `watch()`, which sleeps until a signal arrives or a pause is over.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from aro.console import PlainError, say
from aro.ops.files import Unwritable, rotate, write_private
from aro.ops.supervise.processes import Child, Program, stop
from aro.ops.supervise.vigil import Vigil

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# From this restart in a row on, the line about it names the log file.
RESTARTS_BEFORE_ALARM = 3
LONGEST_REASON = 300
LOG_LIMIT_BYTES = 10 * 1024 * 1024
_HOUSEKEEPING_SECONDS = 60.0
# So often is tried again to write down the state, once a disk has refused it.
_DISK_AGAIN_SECONDS = 5.0
_ENOUGH_DOUBLINGS = 5


class Signals:
    """Counts requests to stop and wakes the loop up when a child died."""

    def __init__(self) -> None:
        self.stops = 0
        self._reader, writer = socket.socketpair()
        self._reader.settimeout(0)
        writer.settimeout(0)
        self._writer = writer  # kept, or the descriptor would be closed
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stops += 1

    def pause(self, seconds: float) -> None:
        """Waits for `seconds` or until a signal arrives."""
        ready, _, _ = select.select([self._reader], [], [], max(seconds, 0))
        if ready:
            self._reader.recv(4096)


@dataclass
class Seat:
    """A place that a child should always fill."""

    program: Program
    child: Child
    vigil: Vigil
    restarts: int = 0
    in_a_row: int = 0
    again_at: float | None = None
    """Monotonic time of the next start, while the child is down."""


class Supervisor:
    """Keeps the programs it was given running until a signal asks it to stop."""

    def __init__(self, *, environment: Mapping[str, str], directory: Path, logs: Path, state: Path) -> None:
        self.signals = Signals()
        self._environment = environment
        self._directory = directory
        self._logs = logs
        self._state = state
        self._seats: list[Seat] = []
        self._tidy_at = 0.0
        self._unwritable = Unwritable()

    @property
    def stopping(self) -> bool:
        return self.signals.stops > 0

    def start(self, program: Program) -> None:
        """Starts `program` and keeps it running from now on."""
        self._seats.append(Seat(program, self._spawn(program), Vigil(program)))
        self._write_state()

    def runs(self, program: Program) -> bool:
        """Whether `program` was started here."""
        return any(seat.program is program for seat in self._seats)

    def wait_until_ready(self, program: Program, *, seconds: float) -> bool:
        """True when ready, False when asked to stop. Raises `PlainError` when it keeps dying or `seconds` pass."""
        ready = program.ready or (lambda: True)
        if not self.wait_for(lambda: ready() or self._keeps_dying(program), seconds=seconds) or not ready():
            if self.stopping:
                return False
            raise PlainError(f"{program.name} did not become ready. {self._advice(program)}")
        return True

    def wait_for(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Looks after the children until `condition()` holds; False when `seconds` pass or when asked to stop."""
        deadline = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < deadline:
            if condition():
                return True
            self.signals.pause(0.05)
            self.look_after()
        return False

    def watch(self) -> None:
        """Returns when asked to stop."""
        while not self.stopping:
            self.signals.pause(self.look_after())

    def look_after(self) -> float:
        """Restarts what is due to be restarted; returns the seconds until there is something to do again."""
        for seat in self._seats:
            self._look_after_one(seat)
        self._tidy()
        waiting = [seat.again_at or seat.vigil.ask_at for seat in self._seats if seat.again_at or seat.program.alive]
        return min([*waiting, self._tidy_at]) - time.monotonic()

    def stop(self) -> None:
        """Stops all in reverse order. A second request to stop while it runs kills the rest at once."""
        while self._seats:
            stop(self._seats[-1].child, hurry=lambda: self.signals.stops > 1)
            self._seats.pop()
            self._write_state()

    def run_once(self, program: Program) -> int:
        """Runs `program` to its end, its output shown, and returns its exit status; when asked to stop, ends it."""
        child = Child(program, environment=self._environment, directory=self._directory, log=None)
        while child.exit_code() is None and not self.stopping:
            self.signals.pause(0.05)
        stop(child, hurry=lambda: self.signals.stops > 1)
        return child.exit_code() or 0

    def _keeps_dying(self, program: Program) -> bool:
        return any(seat.program is program and seat.in_a_row >= RESTARTS_BEFORE_ALARM for seat in self._seats)

    def _look_after_one(self, seat: Seat) -> None:
        if seat.again_at is not None and time.monotonic() >= seat.again_at:
            self._restart(seat)
        elif seat.again_at is None and seat.child.exit_code() is not None:
            self._mourn(seat)
        elif seat.again_at is None and seat.vigil.finds_it_hung():
            say(f"{seat.program.name} gives no sign of life any more; ending it.")
            seat.child.kill()
            self._mourn(seat)

    def _mourn(self, seat: Seat) -> None:
        healthy = time.monotonic() - seat.child.started > seat.program.healthy_after
        seat.in_a_row = 1 if healthy else seat.in_a_row + 1
        pause = pause_after(seat.in_a_row)
        seat.again_at = time.monotonic() + pause
        say(f"{seat.program.name} {_ending(seat.child.exit_code())}; starting it again in {pause:.0f} s.")
        if seat.in_a_row >= RESTARTS_BEFORE_ALARM:
            say(f"  It has died {seat.in_a_row} times in a row. {self._advice(seat.program)}")
        self._write_state()

    def _restart(self, seat: Seat) -> None:
        try:
            child = self._spawn(seat.program)
        except OSError as error:  # no memory, no process left: as a full disk, it passes
            seat.again_at = time.monotonic() + LONGEST_PAUSE_SECONDS
            say(f"{seat.program.name} cannot be started ({error.strerror}); again in {LONGEST_PAUSE_SECONDS:.0f} s.")
            return
        seat.child, seat.vigil, seat.again_at = child, Vigil(seat.program), None
        seat.restarts += 1
        self._write_state()

    def _spawn(self, program: Program) -> Child:
        log = self._log(program)
        with self._unwritable.survived(log):
            rotate(log, limit=LOG_LIMIT_BYTES)
            log.touch()
        seen = log if log.exists() else Path(os.devnull)
        return Child(program, environment=self._environment, directory=self._directory, log=seen)

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"

    def _advice(self, program: Program) -> str:
        log = self._log(program)
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
        # A web server that ends says good-bye after the line that says why.
        telling = [line.strip() for line in lines if not line.startswith("[INFO]")]
        last = telling[-1] if telling else "(nothing)"
        return f"Its last line: {reason_in(last)} The whole log: {log}. {program.advice}".strip()

    def _tidy(self) -> None:
        if time.monotonic() < self._tidy_at:
            return
        for log in self._logs.glob("*.log"):
            with self._unwritable.survived(log):
                rotate(log, limit=LOG_LIMIT_BYTES)
        if self._state in self._unwritable:
            self._write_state()
        soon = self._state in self._unwritable
        self._tidy_at = time.monotonic() + (_DISK_AGAIN_SECONDS if soon else _HOUSEKEEPING_SECONDS)

    def _write_state(self) -> None:
        children = {
            seat.program.name: {
                "pid": seat.child.pid,
                "born": seat.child.born,
                "restarts": seat.restarts,
                "up": seat.again_at is None,
            }
            for seat in self._seats
        }
        with self._unwritable.survived(self._state):
            write_private(self._state, json.dumps({"supervisor": os.getpid(), "children": children}))
        if self._state in self._unwritable:
            self._tidy_at = min(self._tidy_at, time.monotonic() + _DISK_AGAIN_SECONDS)


def reason_in(line: str) -> str:
    """What a line of a log says to people: of one that is made for programs, its message and its error, without the
    traceback."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    if not isinstance(told, dict):
        return line
    message, error = (str(told.get(part) or "").strip().splitlines() for part in ("message", "exception"))
    parts = [*message[:1], *(last for last in error[-1:] if last not in message[:1])]
    return ": ".join(parts)[:LONGEST_REASON] or line


def pause_after(deaths: int) -> float:
    """Seconds until the next start, after so many deaths in a row."""
    return min(FIRST_PAUSE_SECONDS * 2.0 ** min(deaths - 1, _ENOUGH_DOUBLINGS), LONGEST_PAUSE_SECONDS)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed ({signal.Signals(-code).name})"
    return f"ended by itself (status {code})"
