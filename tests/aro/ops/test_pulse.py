"""Signs of life: who gives them, who sees them, and when they stop."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from aro import clock
from aro.ids import new_id
from aro.queue import due, lanes, tick, work
from aro.queue.lanes import Lane
from aro.watch import pulse


@pytest.fixture
def supervised(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARO_SUPERVISED", "1")
    (home / "run").mkdir(parents=True, exist_ok=True)


@pytest.mark.usefixtures("supervised")
def test_a_sign_is_seen_once() -> None:
    alive = pulse.seen("beat")
    assert not alive()
    pulse.give("beat")
    assert alive()
    assert not alive()


def test_nobody_leaves_files_about_where_no_supervisor_looks(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARO_SUPERVISED", raising=False)
    pulse.give("worker")
    assert not pulse.file("worker").exists()


@pytest.mark.usefixtures("supervised", "home")
def test_a_sign_that_cannot_be_given_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    pulse.file("worker").parent.rmdir()
    pulse.give("worker")
    assert "no sign of life could be given" in caplog.text


def test_work_within_its_time_is_nothing_to_worry_about() -> None:
    with pulse.working("texts", at_most=60):
        assert not pulse.is_stuck()


def test_work_beyond_its_time_is_told_once_with_the_place_where_it_stands(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pulse.working("texts", at_most=-1):
        assert pulse.is_stuck()
        assert pulse.is_stuck()
    assert not pulse.is_stuck()
    (record,) = caplog.records
    assert record.lane == "texts"  # type: ignore[attr-defined]
    assert "test_pulse.py" in record.stack  # type: ignore[attr-defined]


def test_work_within_work_gives_back_the_outer_one() -> None:
    with pulse.working("outer", at_most=-1):
        with pulse.working("inner", at_most=60):
            assert not pulse.is_stuck()
        assert pulse.is_stuck()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [0, 1])
def test_what_a_lane_does_is_watched(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    found: list[bool] = []

    def handle(claims: object, now: object) -> None:
        found.append(pulse.is_stuck())
        due.finish_many(claims)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "HUNG_AFTER_LEASES", -1)
    monkeypatch.setitem(lanes._lanes, "watched", Lane(name="watched", handle=handle, threads=threads))
    due.put("watched", new_id(), clock.now())
    tick.drain(["watched"])
    assert found == [True]
    assert not pulse.is_stuck()
