"""The two sets of processes that are compared: ARO's whole installation, and the plain application with the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from aro import paths
from aro.ops.files import private_directory
from aro.ops.stores import broker, database
from aro.ops.supervise import instance, programs
from aro.ops.supervise.processes import Child, Program, stop
from aro.ops.trial import free_ports, installation
from aro.project import ROOT
from integrations.proving.sandbox import Sandbox

READY_SECONDS = 60.0
# As ARO's worker has it (aro/ops/supervise/programs.py).
_WORKER = f"worker --pool threads --concurrency {programs.WORKER_THREADS} --without-gossip --without-mingle -E"


@dataclass(frozen=True, kw_only=True)
class Running:
    """One set that works: where it takes bookings, its carrier, and its processes by name."""

    port: int
    sandbox: Sandbox
    pids: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Server:
    """`address` gives a fresh database's for a name."""

    address: Callable[[str], str]
    pids: dict[str, int]


@contextmanager
def server(kind: str) -> Iterator[Server]:
    """PostgreSQL: one embedded server for both sets."""
    with _home() as home:
        if kind == "sqlite":
            yield Server(address=lambda name: f"sqlite:///{home / name}.db", pids={})
            return
        os.environ |= {"ARO_HOME": str(home)}
        for directory in (home / "data", home / "run", paths.socket_directory()):
            private_directory(directory)
        with _child(database.program(), home, dict(os.environ)) as child:
            yield Server(address=_created, pids={"database": child.pid})


def _created(name: str) -> str:
    url = paths.embedded_database_url()
    with psycopg.connect(url.replace("/aro?", "/postgres?"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.replace("/aro?", f"/{name}?")


@contextmanager
def aro(url: str) -> Iterator[Running]:
    """A sandbox installation, in the morning: no text is held for the night."""
    with _environment(DATABASE_URL=url, ARO_RATE_LIMITS="off", SYNC_EVERY_MINUTES="0"), installation() as there:
        with _environment(ARO_HOME=there["ARO_HOME"]):
            state = instance.state()
        pids = {name: int(child["pid"]) for name, child in state["children"].items()}
        sandbox = Sandbox(int(there["SANDBOX_PORT"]))
        sandbox.morning()
        yield Running(port=int(there["PORT"]), sandbox=sandbox, pids={"supervisor": int(state["supervisor"]), **pids})


@contextmanager
def plain(url: str) -> Iterator[Running]:
    """The plain application with a broker, a worker, a beat and a Flower of its own."""
    ports = free_ports()
    web, box = int(ports["PORT"]), int(ports["SANDBOX_PORT"])
    with _home() as home, ExitStack() as stack:
        environment = _plain_environment(url, home, ports)

        def start(program: Program) -> int:
            return stack.enter_context(_child(program, home, environment)).pid

        first = [start(program) for program in (_broker(home), _sandbox(box))]
        subprocess.run([sys.executable, "-m", "tests.bench.plain.tables"], cwd=ROOT, env=environment, check=True)
        others = [_web(web), _celery("worker", _WORKER), _celery("beat", f"beat -s {home}/beat")]
        others.append(_celery("flower", f"flower --address=127.0.0.1 --port={ports['FLOWER_PORT']}"))
        named = ("broker", "sandbox", "web", "worker", "beat", "flower")
        pids = dict(zip(named, [*first, *map(start, others)], strict=True))
        time.sleep(5)  # the worker has no sign that it is ready but what it writes
        yield Running(port=web, sandbox=Sandbox(box), pids=pids)


def _plain_environment(url: str, home: Path, ports: dict[str, str]) -> dict[str, str]:
    web, box = ports["PORT"], ports["SANDBOX_PORT"]
    return {
        **os.environ,
        **ports,
        "ARO_HOME": str(home),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.bench.plain.settings",
        "MALLOC_ARENA_MAX": "2",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{web}",
        "REDIS_URL": f"redis+socket://{home}/broker.sock",
        "TWILIO_URL": f"http://127.0.0.1:{box}/twilio",
    }


def _broker(home: Path) -> Program:
    options = f"--port 0 --unixsocket {home}/broker.sock --dir {home} --appendonly yes --save".split()
    return Program(name="broker", argv=(str(broker.binary()), *options, ""))


def _sandbox(port: int) -> Program:
    ready = programs.answers("127.0.0.1", port, "/clock")
    return Program(name="sandbox", argv=_python("integrations.sandbox"), ready=ready)


def _web(port: int) -> Program:
    options = f"--interface wsgi --workers 1 --no-ws --blocking-threads 8 --host 127.0.0.1 --port {port}".split()
    argv = _python("granian", *options, "tests.bench.plain.views:application")
    return Program(name="web", argv=argv, ready=programs.answers("127.0.0.1", port, "/nothing"))


def _celery(name: str, options: str) -> Program:
    level = ("--loglevel", "WARNING") if name != "flower" else ()
    return Program(name=name, argv=_python("celery", "-A", "tests.bench.plain.tasks", *options.split(), *level))


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


@contextmanager
def _child(program: Program, home: Path, environment: dict[str, str]) -> Iterator[Child]:
    log = home / f"{program.name}.log"
    child = Child(program, environment=environment, directory=ROOT, log=log)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while program.ready is not None and not program.ready():
            if time.monotonic() > deadline or child.exit_code() is not None:
                raise SystemExit(f"{program.name} did not start: {log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.1)
        yield child
    finally:
        stop(child, hurry=lambda: False)


@contextmanager
def _home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="aro-bench-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= values
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before
