"""A child process: started in a session of its own, never outliving the supervisor, stopped with its whole group."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from aro.ops.supervise import kernel

_POLL_SECONDS = 0.02


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, and how it wishes to be treated."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    """The user to become when started by root; empty: stay."""
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 5
    orphan_signal: int = signal.SIGKILL
    """What the kernel sends when the supervisor dies without stopping its children (Linux)."""
    ready: Callable[[], bool] | None = None
    alive: Callable[[], bool] | None = None
    """Whether it gives a sign of life, were it only a refusal; answers within seconds. None: being there is enough."""
    asked_every: float = 10
    """Seconds between two looks for a sign of life."""
    advice: str = ""
    """What a person can do when it does not start."""
    keeps: tuple[socket.socket, ...] = ()
    """Open sockets that every run of it gets, under the same numbers."""
    healthy_after: float = 10
    """Seconds. A child that ran this long was healthy: its next death starts again with the shortest pause."""


class Child:
    """One running `Program`. Start it from the main thread: the kernel ties its life to the thread that made it."""

    def __init__(self, program: Program, *, environment: Mapping[str, str], directory: Path, log: Path | None) -> None:
        """Its output goes to the end of the file `log`, or where ours goes."""
        self.program = program
        self.started = time.monotonic()
        self._process = _spawn(program, environment=environment, directory=directory, log=log)
        self.born = psutil.Process(self._process.pid).create_time()
        """Seconds since 1970; together with the pid it names this process for ever."""

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs. When it has died, what is left of its group dies too, before the pid is free again."""
        if self._process.returncode is None and self._is_dead():
            self._signal_group(signal.SIGKILL)
            self._process.wait()
        return self._process.returncode

    def ask_to_stop(self) -> None:
        """Sends the stop signal to the process itself; it stops its own children."""
        if self.exit_code() is None:
            self._process.send_signal(self.program.stop_signal)

    def kill(self) -> None:
        """Ends the whole group at once."""
        if self.exit_code() is None:
            self._signal_group(signal.SIGKILL)
            self._process.wait()

    def _is_dead(self) -> bool:
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, flags) is not None

    def _signal_group(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            # The group is empty; macOS reports EPERM when only a zombie is left in it.
            return


def stop(child: Child, *, hurry: Callable[[], bool]) -> None:
    """Asks `child` to stop and waits; kills its group after its time is up, or as soon as `hurry()` holds."""
    child.ask_to_stop()
    deadline = time.monotonic() + child.program.stop_seconds
    while child.exit_code() is None and time.monotonic() < deadline and not hurry():
        time.sleep(_POLL_SECONDS)
    child.kill()


def _spawn(
    program: Program, *, environment: Mapping[str, str], directory: Path, log: Path | None
) -> subprocess.Popen[bytes]:
    with log.open("ab") if log else nullcontext() as output:
        return subprocess.Popen(
            program.argv,
            env={**environment, **program.environment},
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            pass_fds=[kept.fileno() for kept in program.keeps],
            preexec_fn=preparation(program),  # the supervisor has one thread, so that this is safe
        )


def preparation(program: Program) -> Callable[[], Any]:
    """What the child does between fork and exec."""
    parent = os.getpid()

    def prepare() -> None:
        if program.user and os.geteuid() == 0:
            kernel.become(program.user)
        # After `become`: a change of user makes the kernel forget the wish.
        kernel.die_with_parent(signal_number=program.orphan_signal, parent=parent)

    return prepare
