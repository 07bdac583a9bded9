"""One thread does what is due, in its order."""

from __future__ import annotations

import queue

import pytest

from aro.deadlines import Deadlines


def test_what_is_due_first_is_done_first_whenever_it_was_added() -> None:
    deadlines, done = Deadlines(), queue.SimpleQueue[str]()
    deadlines.add(0.2, lambda: done.put("late"))
    deadlines.add(0.05, lambda: done.put("early"))
    assert [done.get(timeout=10), done.get(timeout=10)] == ["early", "late"]


def test_what_was_cancelled_is_not_done() -> None:
    deadlines, done = Deadlines(), queue.SimpleQueue[str]()
    deadlines.add(0.05, lambda: done.put("cancelled")).cancel()
    deadlines.add(0.1, lambda: done.put("kept"))
    assert done.get(timeout=10) == "kept"
    assert done.empty()


def test_a_failure_stops_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    deadlines, done = Deadlines(), queue.SimpleQueue[str]()
    deadlines.add(0, lambda: [].pop())
    deadlines.add(0.05, lambda: done.put("after it"))
    assert done.get(timeout=10) == "after it"
    assert "what a deadline was for has failed" in caplog.text
