"""`make evidence` goes on after a failed part, and fails at the end."""

from __future__ import annotations

import re
from pathlib import Path

from aro.project import ROOT
from tests import evidence
from tests.evidence import Part

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_failed_part_stops_nobody_and_fails_the_whole(tmp_path: Path) -> None:
    parts = [Part("one", "echo first"), Part("two", "echo broken; exit 3"), Part("three", "echo last")]
    assert evidence.gather(parts, tmp_path) == 1
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "Failed: two." in page
    assert re.findall(r"^\| (\w+) .* \| (passed|FAILED \(3\)) \| \d+ \|", page, re.MULTILINE) == [
        ("one", "passed"),
        ("two", "FAILED (3)"),
        ("three", "passed"),
    ]
    assert (tmp_path / "03-three.log").read_text(encoding="utf-8") == "last\n"


def test_without_a_failure_it_succeeds_and_says_on_what_it_was_played(tmp_path: Path) -> None:
    assert evidence.gather([Part("one", "true")], tmp_path) == 0
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    for said in ("Nothing failed.", "- Commit: ", "processors", "Versions: Python ", "django "):
        assert said in page


def test_a_part_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    hangs = Part("hangs", f"(sleep 600; echo late > {tmp_path}/late) & wait")
    assert evidence.gather([hangs, Part("next", "true")], tmp_path, at_most=0.2) == 1
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "FAILED (not done after 0 s)" in page
    assert "| next | `true` | passed |" in page


def test_an_interrupted_run_says_what_was_not_played() -> None:
    done = evidence.Outcome(Part("one", "true"), "passed", 1.0, "01-one.log")
    assert "2 parts were not played" in evidence._summary("", [done], planned=3)


def test_every_part_is_a_target_of_the_makefile() -> None:
    for part in (*evidence.PARTS, evidence.WITH_DATA):
        (target,) = re.findall(r"\bmake ([\w-]+)", part.command)
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), part.command
