"""The map "where do I change ...?" of CONTRIBUTING.md."""

from __future__ import annotations

import re

from aro.project import ROOT

LEAST_ROWS = 20


def _rows() -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = text.partition("## Where do I change ...?")[2].splitlines()
    return [line for line in lines if line.startswith("| ") and not line.startswith("| I want")]


def _paths(row: str) -> list[str]:
    return [word for word in re.findall(r"`([^`]+)`", row) if "/" in word or word.startswith(".")]


def test_the_map_has_enough_rows_and_each_names_a_place_and_a_test() -> None:
    assert len(_rows()) >= LEAST_ROWS
    without = [row for row in _rows() if not any(path.startswith("tests/") for path in _paths(row))]
    assert not without


def test_every_path_of_the_map_exists() -> None:
    missing = [path for row in _rows() for path in _paths(row) if not (ROOT / path).exists()]
    # An app's folder of commands is named without the app.
    assert [path for path in missing if path != "management/commands"] == []
