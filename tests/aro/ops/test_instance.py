from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from aro.console import PlainError
from aro.ops.files import write_private
from aro.ops.supervise import instance

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, like a child whose supervisor was killed."""
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def remember(pid: int, born: float) -> None:
    entry = {"pid": pid, "born": born, "restarts": 0, "up": True}
    write_private(instance.state_file(), json.dumps({"supervisor": 1, "children": {"web": entry}}))


def test_only_one_can_run_on_a_data_directory(home: Path) -> None:
    assert instance.running_pid() is None
    with instance.lock():
        assert instance.running_pid() == os.getpid()
        with pytest.raises(PlainError, match=f"already running on {home} \\(process {os.getpid()}\\)"):
            instance.lock()
    assert instance.running_pid() is None


def test_what_a_killed_supervisor_left_is_ended(home: Path, stranger: subprocess.Popen[bytes]) -> None:
    remember(stranger.pid, psutil.Process(stranger.pid).create_time())
    assert instance.end_orphans() == 1
    assert not psutil.pid_exists(stranger.pid)


def test_a_process_that_only_has_the_same_number_is_left_alone(home: Path, stranger: subprocess.Popen[bytes]) -> None:
    remember(stranger.pid, psutil.Process(stranger.pid).create_time() - 1000)
    assert instance.end_orphans() == 0
    assert stranger.poll() is None


def test_nothing_is_left_after_a_clean_stop(home: Path) -> None:
    assert instance.end_orphans() == 0


def test_stopping_what_does_not_run_says_how_to_start_it(home: Path) -> None:
    with pytest.raises(PlainError, match=r"ARO is not running on .* Start it with `aro up`"):
        instance.stop_running(seconds=1)


def test_stop_waits_until_the_directory_is_free(home: Path) -> None:
    code = "import time; from aro.ops.supervise import instance; lock = instance.lock(); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ)) as process:
        deadline = time.monotonic() + 40
        while instance.running_pid() is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert instance.stop_running(seconds=10)
        assert process.wait(20) < 0


def test_a_look_whether_it_runs_needs_no_write(home: Path) -> None:
    """The disk may be read-only. Here: a file that the system lets nobody open for writing, since it runs."""
    (home / "run" / "aro.lock").symlink_to(Path(sys.executable).resolve())
    assert instance.running_pid() is None


def test_one_whose_lock_file_was_removed_still_runs(home: Path) -> None:
    code = (
        "import subprocess, sys; print(subprocess.Popen(sys.argv[1:], start_new_session=True).pid, flush=True); input()"
    )
    command = [sys.executable, "-c", code, *SLEEP]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        child = psutil.Process(int(supervisor.stdout.readline()))
        entry = {"pid": child.pid, "born": child.create_time(), "restarts": 0, "up": True}
        write_private(instance.state_file(), json.dumps({"supervisor": supervisor.pid, "children": {"web": entry}}))
        assert instance.running_pid() == supervisor.pid
        with pytest.raises(PlainError, match=f"already running on {home} \\(process {supervisor.pid}\\)"):
            instance.lock()
        supervisor.kill()
        supervisor.wait()
        assert instance.running_pid() is None
        instance.lock().close()
        child.kill()
