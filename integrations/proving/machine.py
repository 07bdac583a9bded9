"""The processes of the running installation: find, kill, freeze and double them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from aro import paths
from aro.console import PlainError
from aro.ops.supervise import instance, programs
from aro.ops.supervise.processes import Program
from aro.project import ROOT

# The sandbox plays the outside world, and Flower only looks on.
SPARED = frozenset({"sandbox", "flower"})
_STOP_SECONDS = 10.0


def running() -> dict[str, int]:
    """The processes that may be hit, by name. Raises `PlainError` when nothing runs here."""
    children = instance.state().get("children", {})
    found = {name: int(child["pid"]) for name, child in children.items() if name not in SPARED}
    if not found:
        raise PlainError("ARO is not running here. Start it with `aro up` in sandbox mode, then repeat.")
    return found


def kill(*names: str, number: int = signal.SIGKILL) -> None:
    """Sends `number` to the whole process group of each name; one that is down just now is left out."""
    for name, pid in running().items():
        if name in names:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, number)


@contextmanager
def frozen(name: str) -> Iterator[None]:
    """Stops every process of `name` (SIGSTOP) for the length of the block."""
    family = _family(running()[name])
    _signal_all(family, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal_all(family, signal.SIGCONT)


@contextmanager
def second(name: str) -> Iterator[None]:
    """Runs another worker or beat beside the supervised one, and ends it with the block."""
    program = next(one for one in programs.back() if one.name == name)
    process = _start(program)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def all_up() -> bool:
    """Whether the supervisor has every process running."""
    children = instance.state().get("children", {})
    return bool(children) and all(child["up"] for child in children.values())


def _start(program: Program) -> subprocess.Popen[bytes]:
    stores = {"DATABASE_URL": paths.database_url(), "REDIS_URL": paths.broker_url()}
    environment = {**os.environ, "ARO_HOME": str(paths.home()), **stores, **program.environment}
    log = paths.home() / "logs" / f"second-{program.name}.log"
    with log.open("ab") as output:
        return subprocess.Popen(
            program.argv, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=ROOT
        )


def _family(pid: int) -> list[psutil.Process]:
    """Children have sessions of their own in PostgreSQL, so the group is not enough."""
    leader = psutil.Process(pid)
    return [leader, *leader.children(recursive=True)]


def _signal_all(family: list[psutil.Process], number: int) -> None:
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
