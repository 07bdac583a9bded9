"""The disk is full: the one under the database, or the one that holds all of ARO_HOME. Played in an installation of its
own, on a small tmpfs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aro import paths
from aro.console import PlainError
from aro.ops.supervise.processes import Child, Program, stop
from aro.ops.supervise.programs import answers
from aro.ops.trial import READY_SECONDS, free_ports
from aro.project import ROOT
from integrations.proving.faults.base import Fault
from integrations.proving.field import Field
from integrations.proving.sandbox import Sandbox

PEOPLE = 4
# Long enough for every part to write something that there is no room for.
FULL_SECONDS = 12.0
# The sandbox sends a delivery again for two minutes.
PATIENCE_SECONDS = 120.0
_SQLITE_MEGABYTES, _POSTGRES_MEGABYTES = 48, 320
# What `aro up` wants to see free before it starts, and its logs and pages.
_REST_OF_HOME_MEGABYTES = 260
_CARRIER_MEGABYTES = 16
# What this process was told about the installation that is disturbed. The other has stores and a sandbox of its own.
_MINE = ("DATABASE_URL", "REDIS_URL", "SANDBOX_HOME", "ARO_SUPERVISED")


@dataclass(frozen=True, kw_only=True)
class DiskFull(Fault):
    """Some book before, some while nothing can be written; all of them must have their one text in the end."""

    whole_home: bool = False
    """Whether logs, queue and state lie on the full disk too, not the database alone."""

    def cannot(self) -> str:
        if os.geteuid() != 0 or not shutil.which("mount"):
            return "a small disk can be mounted by root only"
        url = paths.database_url()
        own = paths.sqlite_file(url) is not None or url == paths.embedded_database_url()
        return "" if own else "the database is a server of yours"

    @contextmanager
    def strike(self, field: Field) -> Iterator[None]:
        home = Path(tempfile.mkdtemp(prefix="aro-disk-"))
        home.chmod(0o755)
        try:
            with self._disks(home), _installation(home) as (installation, sandbox):
                self._play(field, sandbox, home / "data" / "filler")
                if installation.exit_code() is not None:
                    field.broke("`aro up` ended because the disk was full.")
        finally:
            shutil.rmtree(home, ignore_errors=True)
        yield

    @contextmanager
    def _disks(self, home: Path) -> Iterator[None]:
        small = _SQLITE_MEGABYTES if paths.sqlite_file(paths.database_url()) else _POSTGRES_MEGABYTES
        if not self.whole_home:
            with _disk(home / "data", small):
                yield
            return
        # The sandbox keeps its ledger on another disk: the carriers it plays have a disk of their own.
        with _disk(home, small + _REST_OF_HOME_MEGABYTES), _disk(home / "sandbox", _CARRIER_MEGABYTES):
            (home / "data").mkdir(mode=0o700)
            yield

    def _play(self, field: Field, sandbox: Sandbox, filler: Path) -> None:
        start = sandbox.morning() + timedelta(days=5)
        before = [next(field.phones) for _ in range(PEOPLE)]
        during = [next(field.phones) for _ in range(PEOPLE)]
        _book(sandbox, before, start)
        _wait(sandbox, before, "before the disk was full", field)
        _fill(filler)
        _book(sandbox, during, start)
        time.sleep(FULL_SECONDS)
        filler.unlink()
        _wait(sandbox, before + during, "after the disk had room again", field)
        bodies = [(m["to"], m["body"]) for m in sandbox.messages()]
        if len(bodies) != len(set(bodies)):
            field.broke("A text went out twice after the disk was full.")


def _book(sandbox: Sandbox, phones: list[str], start: datetime) -> None:
    for phone in phones:
        sandbox.book(phone=phone, name="Pat Disk", starts_at=start)


def _wait(sandbox: Sandbox, phones: list[str], when: str, field: Field) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while missing := set(phones) - {str(m["to"]) for m in sandbox.messages()}:
        if time.monotonic() > end:
            field.broke(f"{len(missing)} texts had not come {when}.")
            return
        time.sleep(1)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(64 * 1024))


@contextmanager
def _disk(directory: Path, megabytes: int) -> Iterator[None]:
    directory.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "aro-prove", str(directory)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        raise PlainError("A small disk could not be mounted here. Leave this fault out: --faults without `disk`.")
    umount = ["umount", "-l"]
    try:
        yield
    finally:
        subprocess.run([*umount, str(directory)], check=False)


@contextmanager
def _installation(home: Path) -> Iterator[tuple[Child, Sandbox]]:
    ports = free_ports()
    environment = _environment(home, ports)
    argv = (sys.executable, str(ROOT / "manage.py"), "up")
    program = Program(name="aro", argv=argv, stop_signal=signal.SIGINT, stop_seconds=40)
    child = Child(program, environment=environment, directory=ROOT, log=home / "up.log")
    try:
        _wait_until_ready(child, int(ports["PORT"]))
        yield child, Sandbox(int(ports["SANDBOX_PORT"]))
    finally:
        stop(child, hurry=lambda: False)


def _environment(home: Path, ports: dict[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _MINE}
    on_postgres = not paths.sqlite_file(paths.database_url())
    database = {"DATABASE_URL": paths.EMBEDDED_POSTGRES} if on_postgres else {}
    return inherited | ports | database | {"ARO_HOME": str(home), "ARO_MODE": "sandbox"}


def _wait_until_ready(child: Child, port: int) -> None:
    ready, deadline = answers("127.0.0.1", port, "/ready"), time.monotonic() + READY_SECONDS
    while not ready():
        if child.exit_code() is not None or time.monotonic() > deadline:
            raise PlainError("The installation on the small disk did not start. Leave it out: --faults without `disk`.")
        time.sleep(0.3)


ALL: tuple[Fault, ...] = (
    DiskFull(name="disk-full", family="disk", at=("book",), did="The disk under the database was full."),
    DiskFull(
        name="home-full",
        family="disk",
        at=("book",),
        did="The disk of the whole data directory was full.",
        whole_home=True,
    ),
)
