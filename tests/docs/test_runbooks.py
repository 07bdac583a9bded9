"""The runbooks' commands, on a throw-away installation: each prints what the page promises."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from aro.project import ROOT
from tests.docs.pages import Drill, drills
from tests.flows.installation import running

PATIENCE_SECONDS = 60.0
COMMAND_SECONDS = 60.0
DRILLS = {page: list(found) for page, found in groupby(drills(), key=lambda drill: drill.page)}
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="the runbooks use curl, which is not installed")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A running installation with the stores that a newcomer has, with `aro` as a person types it."""
    folder = tmp_path_factory.mktemp("bin")
    aro = folder / "aro"
    aro.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "manage.py"}" "$@"\n', encoding="utf-8")
    aro.chmod(0o755)
    with running("sqlite") as found:
        yield {**found, "PATH": f"{folder}{os.pathsep}{found['PATH']}", "TMPDIR": str(folder)}


@needs_curl
@pytest.mark.slow
@pytest.mark.parametrize("name", DRILLS)
def test_what_a_page_promises_is_printed(name: str, environment: dict[str, str]) -> None:
    for drill in DRILLS[name]:
        printed = _printed(drill, environment)
        assert not _missing(drill, printed), f"{drill.command}\nprinted:\n{printed}"


def _printed(drill: Drill, environment: dict[str, str]) -> str:
    deadline = time.monotonic() + (PATIENCE_SECONDS if drill.wait else 0)
    while True:
        printed = _run(drill.command, environment)
        if not _missing(drill, printed) or time.monotonic() > deadline:
            return printed
        time.sleep(0.5)


def _run(command: str, environment: dict[str, str]) -> str:
    """Output and complaints; the status is not looked at, because some commands show how they fail."""
    done = subprocess.run(
        ["bash", "-c", command],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    return done.stdout + done.stderr


def _missing(drill: Drill, printed: str) -> list[str]:
    return [line for line in drill.expected if line.strip() not in printed]


def test_every_runnable_command_promises_something() -> None:
    assert [drill.command for found in DRILLS.values() for drill in found if not drill.expected] == []


def test_every_runbook_can_be_run() -> None:
    books = {path.name for path in Path(ROOT, "docs", "runbooks").glob("*.md")} - {"README.md"}
    assert books == {Path(page).name for page in DRILLS if page.startswith("docs/runbooks/")}
