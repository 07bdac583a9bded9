from __future__ import annotations

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

from aro.ops.files import rotate
from aro.ops.supervise.supervisor import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    LONGEST_REASON,
    pause_after,
    reason_in,
)
from aro.ops.supervise.vigil import MORE_AT_THE_START, SILENT_IS_HUNG
from aro.project import ROOT

# A child has five seconds to load: on a machine busy with other tests an interpreter may take more than one.
ASKED_EVERY = 0.3
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
WRITE_WHEN_STOPPED = """
import pathlib, signal, sys, time
def end(number, frame):
    with pathlib.Path(sys.argv[1]).open("a") as order: order.write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(600)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, lambda number, frame: print("asked in vain", flush=True))
print("ready", flush=True)
time.sleep(600)
"""
GIVES_SIGNS = """
import sys, time
from aro.watch import pulse
pulse.EVERY_SECONDS = 0.02
pulse.keep_giving("worker")
with pulse.working("texts", at_most=float(sys.argv[1])):
    time.sleep(600)
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"


class Run:
    """A supervisor in a process of its own."""

    def __init__(self, directory: Path, *programs: dict[str, Any]) -> None:
        self.directory = directory
        self.output = directory / "output"
        (directory / "run").mkdir()
        command = [sys.executable, "-m", "tests.aro.ops.driver", str(directory), json.dumps(programs)]
        home = {**os.environ, "ARO_HOME": str(directory), "ARO_SUPERVISED": "1"}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=home)
        wait(lambda: "watching" in self.said())

    def said(self) -> str:
        return self.output.read_text()

    def child(self, name: str) -> dict[str, Any]:
        return dict(json.loads((self.directory / "state.json").read_text())["children"][name])

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)

    def end(self) -> None:
        if self.process.poll() is None:
            self.stop()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(*programs: dict[str, Any]) -> Run:
        runs.append(Run(tmp_path, *programs))
        return runs[-1]

    yield begin
    for run in runs:
        run.end()


def wait(condition: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_killed_child_is_started_again_and_said_so(start: Callable[..., Run]) -> None:
    run = start({"name": "web", "argv": SLEEP})
    first = run.child("web")["pid"]
    os.kill(first, signal.SIGKILL)
    wait(lambda: run.child("web")["restarts"] == 1)
    assert run.child("web")["pid"] != first
    assert "web was killed (SIGKILL); starting it again in 1 s." in run.said()


def test_a_child_that_keeps_dying_gets_longer_pauses_and_its_log_is_named(start: Callable[..., Run]) -> None:
    run = start({"name": "beat", "argv": [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]})
    wait(lambda: "3 times in a row" in run.said())
    said = run.said()
    assert "beat ended by itself (status 3); starting it again in 1 s." in said
    assert "starting it again in 2 s." in said
    assert "starting it again in 4 s." in said
    assert f"Its last line: no such table The whole log: {run.directory / 'beat.log'}" in said


def test_a_last_line_made_for_programs_is_told_as_its_reason() -> None:
    line = {
        "level": "error",
        "message": "Unrecoverable error\nand more",
        "exception": "Traceback ...\n  x\nOSError: no room",
    }
    assert reason_in(json.dumps(line)) == "Unrecoverable error: OSError: no room"
    assert reason_in(json.dumps({"message": "gone"})) == "gone"
    assert len(reason_in(json.dumps({"message": "x" * 9_000}))) == LONGEST_REASON
    for other in ("no such table", "[1, 2]", "{}"):
        assert reason_in(other) == other


def test_a_child_that_was_healthy_starts_again_with_the_shortest_pause(start: Callable[..., Run]) -> None:
    run = start({"name": "broker", "argv": SLEEP, "healthy_after": 0.1})
    for count in (1, 2, 3):
        time.sleep(0.2)
        os.kill(run.child("broker")["pid"], signal.SIGKILL)
        wait(lambda count=count: run.child("broker")["restarts"] == count)  # type: ignore[misc]
    assert run.said().count("starting it again in 1 s.") == 3


def test_children_stop_in_reverse_order(start: Callable[..., Run], tmp_path: Path) -> None:
    order = tmp_path / "order"
    names = ["broker", "web", "worker"]
    run = start(*({"name": n, "argv": [sys.executable, "-c", WRITE_WHEN_STOPPED, str(order), n]} for n in names))
    wait(lambda: all("ready" in (tmp_path / f"{name}.log").read_text() for name in names))
    assert run.stop() == 0
    assert order.read_text().split() == ["worker", "web", "broker"]


def test_ctrl_c_in_a_terminal_reaches_the_supervisor_only(start: Callable[..., Run]) -> None:
    run = start({"name": "web", "argv": SLEEP})
    assert os.getpgid(run.child("web")["pid"]) != os.getpgid(run.process.pid)
    assert os.getsid(run.child("web")["pid"]) != os.getsid(run.process.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_usual_way_to_stop_it_is_clean(start: Callable[..., Run], number: int) -> None:
    run = start({"name": "web", "argv": SLEEP})
    assert run.stop(number) == 0
    assert "stopped" in run.said()


def test_a_child_that_does_not_listen_is_killed_when_its_time_is_up(start: Callable[..., Run], tmp_path: Path) -> None:
    run = start({"name": "deaf", "argv": [sys.executable, "-c", DEAF], "stop_seconds": 0.5})
    wait(lambda: "ready" in (tmp_path / "deaf.log").read_text())
    pid = run.child("deaf")["pid"]
    started = time.monotonic()
    assert run.stop() == 0
    assert not alive(pid)
    assert 0.4 < time.monotonic() - started < 10


def test_a_second_ctrl_c_does_not_wait(start: Callable[..., Run], tmp_path: Path) -> None:
    run = start({"name": "deaf", "argv": [sys.executable, "-c", DEAF], "stop_seconds": 60})
    wait(lambda: "ready" in (tmp_path / "deaf.log").read_text())
    run.process.send_signal(signal.SIGINT)
    # Two signals at once would be one.
    wait(lambda: "asked in vain" in (tmp_path / "deaf.log").read_text())
    assert run.process.poll() is None
    assert run.stop() == 0


def test_what_a_dead_child_started_dies_before_it_is_started_again(start: Callable[..., Run]) -> None:
    run = start({"name": "web", "argv": [sys.executable, "-c", PARENT]})
    pid = run.child("web")["pid"]
    wait(lambda: len(psutil.Process(pid).children()) == 1)
    (grandchild,) = psutil.Process(pid).children()
    os.kill(pid, signal.SIGKILL)
    wait(lambda: run.child("web")["restarts"] == 1)
    assert not alive(grandchild.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_killing_the_supervisor_leaves_no_orphan(start: Callable[..., Run]) -> None:
    run = start({"name": "web", "argv": SLEEP}, {"name": "worker", "argv": SLEEP})
    pids = [run.child(name)["pid"] for name in ("web", "worker")]
    run.process.kill()
    run.process.wait(20)
    wait(lambda: not any(alive(pid) for pid in pids))


def test_a_child_that_is_halted_is_ended_and_started_again(start: Callable[..., Run]) -> None:
    run = start(giving_signs(at_most=600))
    first = run.child("worker")["pid"]
    time.sleep(1.5 * ASKED_EVERY * (SILENT_IS_HUNG + MORE_AT_THE_START))
    assert run.child("worker")["restarts"] == 0
    os.kill(first, signal.SIGSTOP)
    wait(lambda: run.child("worker")["restarts"] == 1)
    assert not alive(first)
    assert "worker gives no sign of life any more; ending it." in run.said()


def test_a_child_whose_work_never_ends_is_ended_and_its_log_says_where_it_stood(start: Callable[..., Run]) -> None:
    run = start(giving_signs(at_most=0.5))
    wait(lambda: run.child("worker")["restarts"] == 1)
    log = (run.directory / "worker.log").read_text()
    assert "work does not end" in log


def test_a_child_that_never_gives_a_sign_has_time_to_load_first(start: Callable[..., Run]) -> None:
    run = start({"name": "worker", "argv": SLEEP, "gives_signs": True, "asked_every": ASKED_EVERY})
    began = time.monotonic()
    wait(lambda: "worker gives no sign of life any more; ending it." in run.said())
    assert time.monotonic() - began > 2 * ASKED_EVERY * SILENT_IS_HUNG
    wait(lambda: run.child("worker")["restarts"] == 1)


def test_a_disk_that_takes_no_state_ends_nothing_and_is_said_once(start: Callable[..., Run]) -> None:
    run = start({"name": "web", "argv": SLEEP})
    pid = run.child("web")["pid"]
    block(run.directory / "state.json")
    os.kill(pid, signal.SIGKILL)
    wait(lambda: "cannot be written" in run.said())
    time.sleep(2)
    assert run.process.poll() is None
    assert run.said().count("cannot be written") == 1
    (run.directory / "state.json").rmdir()
    wait(lambda: "takes what is written again" in run.said(), seconds=30)
    assert run.child("web")["restarts"] >= 1
    assert run.stop() == 0


def test_a_log_that_cannot_be_made_keeps_no_child_from_starting_again(start: Callable[..., Run]) -> None:
    run = start({"name": "web", "argv": SLEEP})
    (run.directory / "web.log").unlink()
    (run.directory / "web.log").symlink_to("/nonexistent/web.log")
    os.kill(run.child("web")["pid"], signal.SIGKILL)
    wait(lambda: run.child("web")["restarts"] == 1)
    assert "web.log cannot be written" in run.said()


def test_pauses_have_an_end_after_thousands_of_deaths() -> None:
    assert pause_after(1) == FIRST_PAUSE_SECONDS
    assert pause_after(100_000) == LONGEST_PAUSE_SECONDS


def block(file: Path) -> None:
    """Nothing can be put in the place of a directory."""
    file.unlink()
    file.mkdir()


def giving_signs(*, at_most: float) -> dict[str, Any]:
    argv = [sys.executable, "-c", GIVES_SIGNS, str(at_most)]
    return {"name": "worker", "argv": argv, "gives_signs": True, "asked_every": ASKED_EVERY}


def test_a_log_that_grows_too_long_moves_aside(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab") as still_open:
        still_open.write(b"old\n" * 100)
        still_open.flush()
        rotate(log, limit=100)
        still_open.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "web.log.1").read_bytes().startswith(b"old\n")
