"""Writers of one SQLite file take turns: real processes, one file."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from aro.queue.sqlite import turns
from aro.queue.sqlite.turns import Turn

# Takes one turn after the other, as a worker with a backlog does, and writes a letter for each.
BEHIND = """
import sys, time
from aro.queue.sqlite import turns
turns.be_polite()
turn, log = turns.Turn(sys.argv[1]), open(sys.argv[2], "ab", buffering=0)
while True:
    turn.take()
    log.write(b"w")
    time.sleep(float(sys.argv[3]))
    turn.give_back()
"""


@contextmanager
def worker(database: Path, log: Path, *, holds: float) -> Iterator[None]:
    log.touch()
    command = [sys.executable, "-c", BEHIND, str(database), str(log), str(holds)]
    process = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + 60
        while not log.read_text() and time.monotonic() < deadline:
            time.sleep(0.01)
        yield
    finally:
        process.kill()
        process.wait()


def test_a_worker_with_a_backlog_lets_everybody_else_go_first(tmp_path: Path) -> None:
    log, turn = tmp_path / "log", Turn(str(tmp_path / "db"))
    with worker(tmp_path / "db", log, holds=0.02):
        before = len(log.read_text())
        for _ in range(20):
            turn.take()
            turn.give_back()
        between = len(log.read_text()) - before
    turn.close()
    assert between <= 21


def test_a_worker_is_not_kept_out_for_ever(tmp_path: Path) -> None:
    log, turn = tmp_path / "log", Turn(str(tmp_path / "db"))
    with worker(tmp_path / "db", log, holds=0.001):
        before, deadline = len(log.read_text()), time.monotonic() + 30
        while len(log.read_text()) < before + 3:
            assert time.monotonic() < deadline, "the worker has no turn"
            turn.take()
            turn.give_back()
    turn.close()


def test_one_that_stopped_in_the_middle_stops_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.2)
    log, turn = tmp_path / "log", Turn(str(tmp_path / "db"))
    with worker(tmp_path / "db", log, holds=60):
        began = time.monotonic()
        turn.take()
        turn.give_back()
        assert time.monotonic() - began < 5
    turn.close()


def test_a_turn_that_was_not_taken_is_not_given_back_for_somebody_else(tmp_path: Path) -> None:
    one, other = Turn(str(tmp_path / "db")), Turn(str(tmp_path / "db"))
    one.take()
    other.give_back()
    assert not turns._locked(other._writing)
    one.close()
    other.close()


def test_one_that_gave_up_waiting_leaves_nothing_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.4)
    one, other, third = (Turn(str(tmp_path / "db")) for _ in range(3))
    one.take()
    impatient = threading.Thread(target=other.take)
    impatient.start()
    time.sleep(0.6)
    one.give_back()
    impatient.join()
    other.give_back()
    assert turns._locked(third._writing)
    for turn in (one, other, third):
        turn.close()


@pytest.mark.django_db
def test_where_its_files_cannot_be_made_there_are_no_turns_and_the_write_goes_on(tmp_path: Path) -> None:
    """On a read-only or full disk SQLite itself says what is wrong."""
    (tmp_path / "db.front").mkdir()
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    one = ConnectionHandler({"default": {"ENGINE": "aro.queue.sqlite", "NAME": str(tmp_path / "db")}})["default"]
    assert turns.of(str(tmp_path / "db")) is None
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before
    one.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with one.cursor() as cursor:
        cursor.execute("CREATE TABLE visit (id INTEGER)")
    one.commit()
    one.close()
