"""`-p tests.measuring`: how much of each floor the tests pass through, lines and branches. A figure, and no threshold.

Measured is what runs in the processes that play the tests. What a test starts beside them (stories, commands, the
sandbox) is not: it would be slower, and it is killed on purpose.
Tracing makes a test two thirds dearer (Python 3.11 has no cheaper way), so that `make test` does without.
"""

from __future__ import annotations

import io
import os
from typing import Any

import coverage
import pytest

FLOORS = ("config", "integrations", "workflows", "appointments", "compliance", "aro")
_ELSEWHERE = ("*/migrations/*", "integrations/sandbox/*")


def _coverage() -> coverage.Coverage:
    return coverage.Coverage(
        data_suffix=True, branch=True, source=FLOORS, omit=_ELSEWHERE, config_file=False, messages=False
    )


_measured = _coverage()
if "PYTEST_XDIST_WORKER" not in os.environ:
    _measured.erase()
# Now, and not in a hook: much of a module is run when it is imported.
_measured.start()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Before a worker says that it is done."""
    _measured.stop()
    _measured.save()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("passed through by the tests, lines and branches")
    together = _coverage()
    together.combine()
    for floor in FLOORS:
        terminalreporter.write_line(f"{floor:14}{_percent(together, floor):5.1f} %")


def _percent(together: coverage.Coverage, floor: str) -> float:
    return together.report(include=[f"{floor}/*"], file=io.StringIO())
