"""Hosts that share one PostgreSQL and one Redis, each with an `ARO_HOME` of its own, as `aro up` starts them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import requests

from aro.ops import trial
from aro.project import ROOT

READY_SECONDS = 240.0
_KEYS = ("hmac_key", "encryption_keys", "secret_key")


class Host:
    """One machine. `stores` are the addresses of the database and the broker that it shares."""

    def __init__(self, home: Path, stores: dict[str, str], *, sandbox_of: Host | None = None) -> None:
        self.home, self.output = home, home.parent / f"{home.name}.out"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        fast = {"ARO_RATE_LIMITS": "off", "SYNC_EVERY_MINUTES": "0"}
        shared = {"SANDBOX_HOME": str(sandbox_of.home)} if sandbox_of else {}
        self.environment = {
            **kept, **fast, **stores, **trial.free_ports(), **shared, "ARO_HOME": str(home), "ARO_MODE": "sandbox"
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.environment['SANDBOX_PORT']}"

    def begins(self) -> None:
        """Does not wait."""
        with self.output.open("ab") as output:
            command = [sys.executable, str(ROOT / "manage.py"), "up"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )

    def starts(self) -> None:
        """Until the pages answer and the worker works."""
        self.begins()
        wait(lambda: self.is_ready(), READY_SECONDS, self.said)

    def makes_its_keys(self) -> None:
        for name in ("data", "keys", "run"):
            (self.home / name).mkdir(mode=0o700, parents=True)
        command = [sys.executable, "-c", "from aro.ops import keys; keys.ensure()"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, timeout=60)

    def prepares(self) -> subprocess.Popen[str]:
        """The step of `aro up` that makes the database."""
        command = [sys.executable, "-m", "aro.ops.bootstrap"]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said()
        return bool(self.children().get("flower", {}).get("up")) and self.health() == 200

    def health(self) -> int:
        with suppress(requests.RequestException):
            return requests.get(f"{self.web}/api/v1/health", timeout=10).status_code
        return 0

    def ends(self) -> int:
        """Its exit status."""
        assert self.process is not None
        return self.process.wait(READY_SECONDS)

    def stops(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def dies(self) -> None:
        """The machine is gone: everybody at once, nobody says good-bye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)  # so that it restarts nobody meanwhile
        for child in self.children().values():
            with suppress(ProcessLookupError):
                os.killpg(child["pid"], signal.SIGKILL)
        self.process.kill()
        self.process.wait(20)
        wait(lambda: not self.processes(), 30, self.said)

    def processes(self) -> list[psutil.Process]:
        return [one for one in psutil.process_iter() if _home_of(one) == str(self.home)]

    def children(self) -> dict[str, dict[str, Any]]:
        file = self.home / "run" / "children.json"
        return dict(json.loads(file.read_text(encoding="utf-8"))["children"]) if file.exists() else {}

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8") if self.output.exists() else ""

    def takes_the_keys_of(self, other: Host) -> None:
        """As docs/how-to/add-a-host.md has it."""
        for name in _KEYS:
            shutil.copy(other.home / "keys" / name, self.home / "keys" / name)


def wait(holds: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise()[-3000:]
        time.sleep(0.2)


def _home_of(process: psutil.Process) -> str:
    try:
        return str(process.environ().get("ARO_HOME", ""))
    except psutil.Error:
        return ""
