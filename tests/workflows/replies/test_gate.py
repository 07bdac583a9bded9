"""`make eval` itself: what it counts, and that a broken bar fails."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.eval import __main__ as gate
from tests.eval import reading

ROWS = [
    {"text": "C", "prompt": "confirm", "label": "CONFIRM"},
    {"text": "zzz qqq", "prompt": "confirm", "label": "CONFIRM"},
    {"text": "stop", "prompt": "confirm", "label": "OTHER"},
    {"text": "no thanks", "prompt": "offer", "label": "CANCEL"},
]


def test_what_is_decided_and_what_is_wrong_is_counted() -> None:
    found = reading.measure(ROWS)
    assert found.values["coverage"] == 0.75
    assert found.values["precision"] == pytest.approx(2 / 3)
    assert found.values["recall_confirm"] == 0.5
    assert found.values["recall_cancel"] == 1.0
    assert [one.row["text"] for one in found.wrong] == ["stop"]


def test_danger_and_texts_that_are_no_replies_are_counted() -> None:
    danger = reading.measure([{"text": "call 911", "danger": True}, {"text": "call me at 9", "danger": False}])
    assert danger.values == {"danger_recall": 1.0, "false_alarms": 0.0}
    noise = reading.measure([{"text": "stop", "label": "UNLABELLED"}, {"text": "so funny", "label": "UNLABELLED"}])
    assert noise.values["says_stop"] == 0.5


def test_a_broken_bar_fails_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS))
    assert gate.report(path, {"at_least": {"coverage": 0.7}}, wrong=False) == 0
    assert gate.report(path, {"at_least": {"precision": 0.9}, "at_most": {"false_stop": 0.1}}, wrong=True) == 2
    printed = capsys.readouterr().out
    assert "BROKEN: precision" in printed
    assert "STOP for OTHER: stop" in printed


def test_sets_that_are_kept_back_are_measured_only_when_asked_for() -> None:
    assert not [path for path in gate.sets(None, held=False) if "held" in path.stem]
    assert {"danger-held"} <= {path.stem for path in gate.sets(None, held=True)}


def test_every_set_of_ours_has_bars() -> None:
    bars = tomllib.loads(gate.BARS.read_text(encoding="utf-8"))
    assert {path.stem for path in gate.SETS.glob("*.jsonl")} <= set(bars)
