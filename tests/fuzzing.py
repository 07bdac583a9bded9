"""`--fuzz N`: how many made-up deliveries each provider gets, and the figures at the end of a longer run."""

from __future__ import annotations

from typing import Any

import pytest

IN_THE_SUITE = 150


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz", type=int, default=IN_THE_SUITE, help="made-up deliveries per provider and kind")


@pytest.fixture
def fuzz_examples(request: pytest.FixtureRequest) -> int:
    """How many to try."""
    return int(request.config.getoption("--fuzz"))


def pytest_report_teststatus(report: Any, config: pytest.Config) -> tuple[str, str, str] | None:
    """With `-v` a longer run shows each provider's figures as soon as it has them."""
    figures = [str(value) for name, value in getattr(report, "user_properties", ()) if name == "fuzz"]
    if report.when != "call" or not report.passed or not figures:
        return None
    return report.outcome, ".", f"PASSED ({figures[0]})"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What was sent and how it was answered, when asked for more than the suite's few."""
    if terminalreporter.config.getoption("--fuzz") == IN_THE_SUITE:
        return
    reports = terminalreporter.getreports("passed")
    for line in sorted(
        str(value) for report in reports for name, value in getattr(report, "user_properties", ()) if name == "fuzz"
    ):
        terminalreporter.write_line(line)
