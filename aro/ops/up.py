"""`aro up`: look first, make what is missing, start everything, keep it running, stop it cleanly."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

from aro import paths
from aro.console import say
from aro.ops import keys, preflight, settings_module
from aro.ops.banner import banner
from aro.ops.files import private_directory, write_private
from aro.ops.supervise import instance, programs
from aro.ops.supervise.processes import Program
from aro.ops.supervise.programs import Addresses
from aro.ops.supervise.supervisor import Supervisor
from aro.project import ROOT

STORES_READY_SECONDS = 60.0
WEB_READY_SECONDS = 120.0
WORKER_ANSWERS_SECONDS = 30.0
_REMEMBERED = ("ARO_MODE", "HOST", "PORT", "SANDBOX_PORT", "FLOWER_PORT", "SANDBOX_HOME")


def up() -> int:
    """Runs until asked to stop. Raises `PlainError` when it cannot start; nothing is left running then."""
    settings_module.choose()
    at = preflight.addresses()
    home = _make_directories()
    with instance.lock():
        instance.end_orphans()
        preflight.check_addresses(at)
        preflight.check_machine()
        preflight.check_ports(at)
        keys.ensure()
        _remember(at)
        supervisor = Supervisor(
            environment=_environment(), directory=ROOT, logs=home / "logs", state=instance.state_file()
        )
        return _run(supervisor, at)


def _run(supervisor: Supervisor, at: Addresses) -> int:
    try:
        if _start(supervisor, at):
            say(banner(at))
            _start_behind(supervisor, at)
            supervisor.watch()
    finally:
        _stop(supervisor)
    return 0


def _stop(supervisor: Supervisor) -> None:
    if not supervisor.stopping:  # a failed start: the line about the failure is all a person needs
        supervisor.stop()
        return
    say("Stopping ...")
    supervisor.stop()
    say("ARO has stopped. The data are kept; start it again any time.")


def _start(supervisor: Supervisor, at: Addresses) -> bool:
    """True when the pages answer, False when asked to stop on the way."""
    for program in programs.stores():
        supervisor.start(program)
        if not supervisor.wait_until_ready(program, seconds=STORES_READY_SECONDS):
            return False
    front = programs.front(at)
    if not _bootstrap(supervisor, beside=front if _may_load_meanwhile() else []):
        return False
    for program in front:
        if not supervisor.runs(program):
            supervisor.start(program)
    return all(supervisor.wait_until_ready(program, seconds=WEB_READY_SECONDS) for program in front)


def _may_load_meanwhile() -> bool:
    """Whether web and sandbox may start while the database is being looked at, which saves seconds: at the very first
    start, when nobody calls yet, and when this code has served from this database before. After an update they wait."""
    marker = _prepared()
    return not marker.is_file() or marker.read_text(encoding="utf-8") == _code_and_database()


def _prepared() -> Path:
    return paths.home() / "run" / "prepared"


def _code_and_database() -> str:
    migrations = sorted(str(file.relative_to(ROOT)) for file in ROOT.glob("*/migrations/*.py"))
    return hashlib.sha256("\n".join([paths.chosen_database_url(), *migrations]).encode()).hexdigest()


def _start_behind(supervisor: Supervisor, at: Addresses) -> None:
    """Only now: on a small machine the pages answer sooner when they start alone. A worker that does not come up
    stops nothing else: what providers send is stored all the same."""
    for program in programs.back():
        supervisor.start(program)
    supervisor.wait_for(programs.worker_answers, seconds=WORKER_ANSWERS_SECONDS)
    if not supervisor.stopping:
        supervisor.start(programs.view(at))


def _bootstrap(supervisor: Supervisor, *, beside: list[Program]) -> bool:
    for program in beside:
        supervisor.start(program)
    bootstrap = Program(name="bootstrap", argv=(sys.executable, "-m", "aro.ops.bootstrap"), stop_seconds=10)
    if supervisor.run_once(bootstrap) != 0 and not supervisor.stopping:
        raise SystemExit(1)  # it has said why
    if supervisor.stopping:
        return False
    _remember_database()
    write_private(_prepared(), _code_and_database())
    return True


def _make_directories() -> Path:
    os.umask(0o077)  # logs and databases too are for the owner only
    home = private_directory(paths.home())
    for name in ("data", "logs", "run", "keys", "static"):
        private_directory(home / name)
    private_directory(paths.socket_directory())
    return home


def _environment() -> dict[str, str]:
    # Fewer malloc arenas: a third less memory in processes with many threads.
    fixed = {"ARO_HOME": str(paths.home()), "ARO_SUPERVISED": "1", "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}
    chosen = {"DATABASE_URL": paths.chosen_database_url(), "REDIS_URL": paths.chosen_broker_url()}
    return {**os.environ, **chosen, **fixed}


def _remember(at: Addresses) -> None:
    """Leaves word for other terminals, so that `aro` finds this installation by `ARO_HOME` alone."""
    run = paths.home() / "run"
    values = (
        os.environ.get("ARO_MODE", "live"),
        at.host,
        at.port,
        at.sandbox_port,
        at.flower_port,
        paths.sandbox_home(),
    )
    write_private(run / "environment.json", json.dumps(dict(zip(_REMEMBERED, map(str, values), strict=True))))
    write_private(run / "broker_url", paths.chosen_broker_url())
    if not (run / "database_url").is_file():
        _remember_database()


def _remember_database() -> None:
    """The next one only when it has been prepared: a start that was refused leaves word of the former one."""
    write_private(paths.home() / "run" / "database_url", paths.chosen_database_url())
