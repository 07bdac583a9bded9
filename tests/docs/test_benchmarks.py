"""The kept record and its page are one, and a comparison with the plain application has all its figures on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import psutil
import pytest

from aro.project import ROOT
from tests.bench import beside, report
from tests.bench.__main__ import DOCS

SET: dict[str, Any] = {
    "ms_per_booking": {"web": 1.5, "worker": 2.5},
    "own_ms": 4.0,
    "bookings_per_s": 9.0,
    "accept_p50_ms": 5.0,
    "accept_p99_ms": 6.0,
    "idle_percent_of_a_core": {"all": 0.7},
    "steady": {"p50_ms": 1.1, "p99_ms": 2.2, "errors": 0},
}
COMPARED: dict[str, Any] = {
    "probe": {"commits_1": 1234},
    "bookings": 60,
    "load": 0.5,
    "aro": {**SET, "ms_per_booking": {**SET["ms_per_booking"], "supervisor": 0.25}},
    "plain": SET,
    **{f"ratio_{key}": 1.75 for key in ("own_ms", "accept_p50_ms", "accept_p99_ms", "bookings_per_s")},
}


def test_the_page_is_what_the_kept_record_says() -> None:
    kept = json.loads((DOCS / "latest.json").read_text(encoding="utf-8"))
    assert (DOCS / "README.md").read_text(encoding="utf-8") == report.markdown(kept)


def test_a_comparison_shows_ratio_demand_and_each_process() -> None:
    table = report.beside(COMPARED).splitlines()
    assert "| processor of its own processes per booking, ms | 4.0 | 4.0 | 1.75 | <= 1.0 |" in table
    assert "| supervisor | 0.25 |  |  |  |" in table
    assert "| idle, % of a core | 0.7 | 0.7 |  | <= 2 |" in table


def test_the_processor_of_children_counts() -> None:
    assert beside.used({"web": psutil.Process().pid})["web"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("program", ["tests.bench", "tests.bench.outages", "tests.evidence"])
def test_what_measures_starts_from_a_bare_shell(program: str) -> None:
    """The commands of the Makefile, which no other test runs: each takes minutes."""
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", program, "--help"]
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage:")
