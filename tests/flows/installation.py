"""A whole installation on real processes, as `aro up` makes it, without anything of this test run's own settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aro.ops import trial
from aro.project import ROOT

# What this run of the suite set for itself, and what a developer's shell may hold.
_OURS = ("ARO_", "DJANGO_", "DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL", "PORT", "SANDBOX_PORT", "FLOWER_PORT")
_CHOICES = ("TEXT_CARRIER", "EMAIL_CARRIER", "PAYMENT_PROVIDER")
_PROVIDERS = (
    "CALENDLY_",
    "ACUITY_",
    "SQUARE_",
    "CALCOM_",
    "CUSTOM_",
    "TWILIO_",
    "TELNYX_",
    "RESEND_",
    "STRIPE_",
    "LLM_",
    "SENTRY_",
    "OTEL_",
)


@contextmanager
def running(database_name: str, **more: str) -> Iterator[dict[str, str]]:
    """Yields the environment of a fresh installation on `sqlite` or `postgres`; it ends with the block.

    `more`: settings of its own.
    """
    chosen = {"DATABASE_URL": "embedded-postgres://"} if database_name == "postgres" else {}
    # No look at the booking systems' lists: each move of the clock would make all of them due.
    with _environment({**_clean(), **chosen, "ARO_RATE_LIMITS": "off", "SYNC_EVERY_MINUTES": "0", **more}):
        starting = trial.installation()
        environment = starting.__enter__()
    try:
        yield environment
    finally:
        starting.__exit__(None, None, None)


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith((*_OURS, *_CHOICES, *_PROVIDERS))}


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    _become(values)
    try:
        yield
    finally:
        _become(before)


def _become(values: dict[str, str]) -> None:
    for name in set(os.environ) - set(values):
        del os.environ[name]
    os.environ.update(values)


class Window:
    """Asks the process that looks into the installation's rows."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.window"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, question: str, argument: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([question, argument]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the window closed at {question!r}; its error is above"
        told = json.loads(line)
        assert "answer" in told, told
        return told["answer"]

    def close(self) -> None:
        self._process.communicate(timeout=20)


def aro(environment: dict[str, str], *arguments: str) -> str:
    """What the command line prints. It takes seconds to start: use it where the command itself is the point."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
