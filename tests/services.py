"""The real broker and database of one test run: started by the process that controls it, ended with it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from aro import paths
from aro.ops import keys
from aro.ops.files import private_directory
from aro.ops.stores import broker, database
from aro.ops.supervise.processes import Child, Program, stop

READY_SECONDS = 30.0
# A test database is thrown away: it need not survive a power cut.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Two hosts and the tests themselves (tests/flows/test_two_hosts.py).
_ROOM = {"max_connections": "200"}
_DROPPED = ("ARO_", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PUBLIC_BASE_URL", "TWILIO_", "STRIPE_")


class Services:
    """A data directory of its own, an embedded broker, and PostgreSQL when the run asks for it."""

    def __init__(self, database_name: str) -> None:
        self.children: list[Child] = []
        self.home = Path(tempfile.mkdtemp(prefix="aro-test-"))
        try:
            self._start_all(database_name)
        except BaseException:
            self.stop()
            raise

    def _start_all(self, database_name: str) -> None:
        _point_at(self.home, database_name)
        for directory in (paths.home(), self.home / "data", self.home / "run", paths.socket_directory()):
            private_directory(directory)
        keys.ensure()
        self._start(broker.program())
        if database_name == "postgres":
            self._start(database.program(options=_FAST | _ROOM))
        os.environ["REDIS_URL"] = paths.embedded_broker_url()

    def stop(self) -> None:
        """Ends the processes and removes the directory."""
        for child in reversed(self.children):
            stop(child, hurry=lambda: False)
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self, program: Program) -> None:
        log = self.home / f"{program.name}.log"
        child = Child(program, environment=dict(os.environ), directory=self.home, log=log)
        self.children.append(child)
        deadline = time.monotonic() + READY_SECONDS
        while program.ready is not None and not program.ready():
            if time.monotonic() > deadline or child.exit_code() is not None:
                raise RuntimeError(f"{program.name} did not start: {log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.05)


def _point_at(home: Path, database_name: str) -> None:
    for name in [name for name in os.environ if name.startswith(_DROPPED) and name != "ARO_TEST_DATABASE"]:
        del os.environ[name]
    os.environ |= {"ARO_HOME": str(home), "ARO_MODE": "sandbox", "ARO_TEST_DATABASE": database_name}
    postgres = database_name == "postgres"
    os.environ["DATABASE_URL"] = paths.embedded_database_url() if postgres else paths.sqlite_url()
