"""The one clock: real time, moved forward by the sandbox's file."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aro import clock

DAY = 86_400.0


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "clock.json"
    clock.follow(path)
    yield path
    clock.follow(None)


def move(file: Path, seconds: float) -> None:
    new = file.with_suffix(".new")
    new.write_text(json.dumps({"offset_seconds": seconds}), encoding="utf-8")
    new.replace(file)


def test_without_a_file_it_is_real_time(file: Path) -> None:
    assert datetime.now(UTC) <= clock.now() <= datetime.now(UTC)


def test_a_moved_clock_is_seen_within_a_second(file: Path) -> None:
    clock.now()
    move(file, DAY)
    deadline = time.monotonic() + 1
    while clock.offset_seconds() != DAY:
        assert time.monotonic() < deadline


def test_the_first_who_ask_at_once_all_see_the_moved_clock(file: Path) -> None:
    """A web server's first requests come on several threads; one that saw real time would refuse a signature."""
    move(file, DAY)
    for _ in range(200):
        clock.follow(file)
        seen: list[float] = []
        gate = threading.Barrier(8)

        def ask(seen: list[float] = seen, gate: threading.Barrier = gate) -> None:
            gate.wait()
            seen.append(clock.offset_seconds())

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(seen) == {DAY}
