"""The one running `aro up` of a data directory: its lock, its pid, its children, and what a dead one left behind."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psutil

from aro import paths
from aro.console import PlainError

# `aro status` holds the lock for an instant to see whether it is free.
_LOOKING_MAY_TAKE_SECONDS = 0.5
_ORPHANS_MAY_TAKE_SECONDS = 5.0


def state_file() -> Path:
    """Names the children and their pids, for `aro status`, `aro stop` and crash tests."""
    return paths.home() / "run" / "children.json"


def state() -> dict[str, Any]:
    """The last written state: {"supervisor": pid, "children": {name: {pid, born, restarts, up}}}; empty when none."""
    file = state_file()
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def lock() -> IO[str]:
    """Holds the data directory for as long as the returned file is open. Raises `PlainError` when it is taken."""
    file = _lock_file().open("a+", encoding="utf-8")
    deadline = time.monotonic() + _LOOKING_MAY_TAKE_SECONDS
    while _recorded_pid() or not _taken(file):
        if time.monotonic() > deadline:
            file.close()
            raise PlainError(
                f"ARO is already running on {paths.home()} (process {running_pid()}). Use it, stop it with `aro stop`, "
                "or start a second one with another data directory: ARO_HOME=/some/where."
            )
        time.sleep(0.05)
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def running_pid() -> int | None:
    """The pid of the `aro up` that holds the data directory, or None."""
    return _locking_pid() or _recorded_pid()


def _recorded_pid() -> int | None:
    """The pid of one that runs and whose lock file somebody has removed: it still has children of its own."""
    supervisor = int(state().get("supervisor", 0))
    for child in state().get("children", {}).values():
        with suppress(psutil.Error):
            process = psutil.Process(child["pid"])
            if process.create_time() == child["born"] and process.ppid() == supervisor and supervisor != os.getpid():
                return supervisor
    return None


def _locking_pid() -> int | None:
    if not _lock_file().is_file():
        return None
    with _lock_file().open(encoding="utf-8") as file:  # a look writes nothing: the disk may be read-only
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read().strip() or 0) or None
    return None


def end_orphans() -> int:
    """Ends children that outlived a killed supervisor; returns how many. Call it while holding the lock."""
    orphans = [process for entry in state().get("children", {}).values() for process in _family(entry)]
    psutil.wait_procs(orphans, timeout=0)
    for process in orphans:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGTERM)
    _, alive = psutil.wait_procs(orphans, timeout=_ORPHANS_MAY_TAKE_SECONDS)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=_ORPHANS_MAY_TAKE_SECONDS)
    return len(orphans)


def stop_running(*, seconds: float) -> bool:
    """Asks the running `aro up` to stop; True when it has. Raises `PlainError` when there is none or it hangs."""
    pid = running_pid()
    if pid is None:
        raise PlainError(f"ARO is not running on {paths.home()}. Start it with `aro up`.")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while running_pid() == pid:
        if time.monotonic() > deadline:
            raise PlainError(f"ARO (process {pid}) has not stopped in {seconds:.0f} s. End it with: kill -9 {pid}")
        time.sleep(0.1)
    return True


def _family(entry: dict[str, Any]) -> list[psutil.Process]:
    """The recorded process, if it is still the same one, and everybody else in its session."""
    members = [process for process in psutil.process_iter() if _session(process.pid) == entry["pid"]]
    leader = next((process for process in members if process.pid == entry["pid"]), None)
    reused = leader is not None and leader.create_time() != entry["born"]
    return [] if reused else members


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return -1


def _lock_file() -> Path:
    return paths.home() / "run" / "aro.lock"
