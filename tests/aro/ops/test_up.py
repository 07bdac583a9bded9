"""The whole house, as `make run` starts it: real processes, real ports."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from aro import paths
from aro.ops import trial
from aro.project import ROOT
from aro.stores import broker_talk
from aro.stores.broker_address import BrokerAddress

CHILDREN = {"broker", "sandbox", "web", "worker", "beat", "flower"}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class House:
    """`aro up` on free ports, its output in a file."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self.home = home
        self.environment = {**environment, **trial.free_ports()}
        self.output = home.parent / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("ab") as output:
            command = [sys.executable, "manage.py", "up"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        wait(lambda: self.status("/ready") == 200 and self.everybody_is_up(), seconds=240)

    def everybody_is_up(self) -> bool:
        children = self.children()
        return children.keys() >= CHILDREN and all(child["up"] for child in children.values())

    def children(self) -> dict[str, dict[str, Any]]:
        file = self.home / "run" / "children.json"
        return dict(json.loads(file.read_text())["children"]) if file.exists() else {}

    def status(self, path: str, *, port: str = "PORT", headers: dict[str, str] | None = None) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", int(self.environment[port]), timeout=5)
        try:
            connection.request("GET", path, headers=headers or {})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def press_ctrl_c(self) -> int:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.press_ctrl_c()

    def processes(self) -> list[psutil.Process]:
        """Everybody who runs on this data directory."""
        return [process for process in psutil.process_iter() if _home_of(process) == str(self.home)]


def _environment(home: Path, database_name: str) -> dict[str, str]:
    """What a person has who starts ARO: nothing of the test run's own stores."""
    ours = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "ARO_TEST_DATABASE")
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    chosen = {"DATABASE_URL": "embedded-postgres://"} if database_name == "postgres" else {}
    return {**inherited, **chosen, "ARO_HOME": str(home), "ARO_MODE": "sandbox"}


@pytest.fixture
def house(tmp_path: Path, database_name: str) -> Iterator[House]:
    """Not started yet."""
    one = House(tmp_path / "home", _environment(tmp_path / "home", database_name))
    yield one
    one.end()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, database_name: str) -> Iterator[House]:
    """Started once for the tests that only look."""
    home = tmp_path_factory.mktemp("up") / "home"
    one = House(home, _environment(home, database_name))
    try:
        one.start()
        yield one
    finally:
        one.end()


def wait(condition: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def _home_of(process: psutil.Process) -> str:
    try:
        return process.environ().get("ARO_HOME", "")
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return ""


def test_one_command_starts_everything_and_says_where(running: House) -> None:
    said = running.output.read_text()
    assert f"http://127.0.0.1:{running.environment['PORT']}/admin/" in said
    assert "admin / " in said
    assert running.status("/admin/login/") == 200
    assert running.status("/clock", port="SANDBOX_PORT") == 200
    wait(lambda: running.status("/", port="FLOWER_PORT") == 401, seconds=30)


def test_a_worker_that_answers_is_noticed(running: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise Flower, and who waits for the whole set, would wait until patience ends at every start."""
    monkeypatch.setenv("ARO_HOME", str(running.home))
    assert broker_talk.has_worker(BrokerAddress(path=str(paths.broker_socket())))


def test_whatever_dies_comes_back_a_killed_supervisor_leaves_nothing_and_ctrl_c_ends_all(house: House) -> None:
    house.start()
    before = house.children()
    for child in before.values():
        os.kill(child["pid"], signal.SIGKILL)
    # More often than once, whoever starts before what it needs is there again.
    wait(lambda: all(child["restarts"] and child["up"] for child in house.children().values()), seconds=60)
    wait(lambda: house.status("/ready") == 200, seconds=60)
    assert house.process is not None
    house.process.kill()
    house.process.wait(30)
    wait(lambda: house.processes() == [], seconds=20)
    house.start()
    assert house.output.read_text().count("shown only now") == 1
    assert house.press_ctrl_c() == 0
    assert house.processes() == []
    assert "Traceback" not in house.output.read_text()


def test_while_the_web_process_starts_again_callers_wait_and_none_is_refused(running: House) -> None:
    pid = running.children()["web"]["pid"]
    os.kill(pid, signal.SIGKILL)
    wait(lambda: running.children()["web"]["pid"] != pid or not running.children()["web"]["up"], seconds=30)
    address = ("127.0.0.1", int(running.environment["PORT"]))
    began, answers = time.monotonic(), list[http.client.HTTPConnection]()
    while time.monotonic() - began < 3:  # the supervisor waits a second before it starts it again
        connection = http.client.HTTPConnection(*address, timeout=30)
        connection.request("GET", "/health")
        answers.append(connection)
        time.sleep(0.2)
    assert {_status(connection) for connection in answers} == {200}
    wait(running.everybody_is_up, seconds=30)


def _status(connection: http.client.HTTPConnection) -> int:
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_no_secret_is_in_anybodys_arguments(running: House) -> None:
    secrets = [file.read_text().strip() for file in (running.home / "keys").iterdir()]
    arguments = " ".join(" ".join(process.cmdline()) for process in running.processes())
    assert len(secrets) >= 4
    assert not [secret for secret in secrets if secret in arguments]


def test_a_second_terminal_needs_the_data_directory_only(running: House) -> None:
    environment = {"ARO_HOME": str(running.home), "PATH": os.environ["PATH"], "HOME": str(running.home)}
    for command in (["status"], ["migrate", "--check"], ["audit:verify"]):
        result = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert result.returncode == 0, result.stderr


def test_a_second_start_on_the_same_directory_is_refused_in_one_line(running: House) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=running.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.startswith(f"ARO is already running on {running.home}")
    assert len(result.stderr.splitlines()) == 1
    assert running.status("/ready") == 200


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory is shared")
def test_the_whole_set_fits_into_600_megabytes(running: House) -> None:
    wait(lambda: running.status("/", port="FLOWER_PORT") == 401, seconds=30)
    assert sum(process.memory_full_info().pss for process in running.processes()) < 600 * 1024**2
