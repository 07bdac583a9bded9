"""A throw-away installation: `python -m aro.ops.trial COMMAND ...` starts one, runs COMMAND against it, removes it.

COMMAND finds it by ARO_HOME, ARO_MODE, PORT, SANDBOX_PORT and FLOWER_PORT in its environment. `aro` is the command of
this project. DATABASE_URL and REDIS_URL pass through. Exit status: the command's, or 1 when nothing could be started.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aro.console import PlainError, complain
from aro.ops.supervise.processes import Child, Program, stop
from aro.ops.supervise.programs import answers
from aro.ops.unused_ports import unused_ports
from aro.project import ROOT

READY_SECONDS = 120.0
_PORTS = ("PORT", "SANDBOX_PORT", "FLOWER_PORT")


def main(command: list[str]) -> int:
    """Runs `command` against a fresh sandbox installation."""
    try:
        with installation() as environment:
            return subprocess.run(_program(command), env=environment, check=False).returncode
    except PlainError as error:
        complain(str(error))
        return 1


@contextmanager
def installation() -> Iterator[dict[str, str]]:
    """Yields the environment of a running sandbox installation, which ends with the block."""
    home = Path(tempfile.mkdtemp(prefix="aro-trial-"))
    inherited = {name: value for name, value in os.environ.items() if name != "SANDBOX_HOME"}
    environment = {**inherited, "ARO_HOME": str(home), "ARO_MODE": "sandbox", **free_ports()}
    log = home / "up.log"
    program = Program(name="aro", argv=_program(["aro", "up"]), stop_signal=signal.SIGINT, stop_seconds=40)
    child = Child(program, environment=environment, directory=ROOT, log=log)
    try:
        _wait(child, int(environment["PORT"]), log)
        yield environment
    finally:
        stop(child, hurry=lambda: False)
        shutil.rmtree(home, ignore_errors=True)


def free_ports() -> dict[str, str]:
    """Ports that nobody listens on just now, by the name of their setting."""
    return {name: str(port) for name, port in zip(_PORTS, unused_ports(len(_PORTS)), strict=True)}


def _wait(child: Child, port: int, log: Path) -> None:
    ready = answers("127.0.0.1", port, "/ready")
    deadline = time.monotonic() + READY_SECONDS
    # The pages answer before the worker does; what runs here expects the whole set, of which Flower starts last.
    while not (ready() and _children(log.parent).get("flower", {}).get("up")):
        if child.exit_code() is not None or time.monotonic() > deadline:
            raise PlainError(f"The trial installation did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.2)


def _children(home: Path) -> dict[str, dict[str, object]]:
    file = home / "run" / "children.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))["children"]) if file.is_file() else {}


def _program(command: list[str]) -> tuple[str, ...]:
    known = {"aro": (sys.executable, str(ROOT / "manage.py")), "python": (sys.executable,)}
    return (*known.get(command[0], (command[0],)), *command[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
