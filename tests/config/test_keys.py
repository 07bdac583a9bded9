"""What a live server must have before it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aro.project import ROOT

KEYS = {"ARO_SECRET_KEY": "x" * 60, "ARO_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}


def start(module: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "ARO_MODE": "live", "ARO_HOME": str(home), **settings}
    return subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"PUBLIC_BASE_URL": "https://aro.example.com"}, "ARO_SECRET_KEY and ARO_ENCRYPTION_KEYS"),
        (KEYS, "PUBLIC_BASE_URL"),
        ({**KEYS, "TWILIO_AUTH_TOKEN": "sandbox-twilio-auth-token"}, "TWILIO_AUTH_TOKEN still has its sandbox value"),
        ({**KEYS, "ARO_NONSENSE": "1"}, "ARO_NONSENSE"),
    ],
)
def test_a_live_web_server_refuses_to_start_and_names_what_is_missing(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    result = start("config.wsgi", tmp_path, **settings)
    assert result.returncode != 0
    assert named in result.stderr


def test_a_worker_without_keys_ends_instead_of_going_on(tmp_path: Path) -> None:
    """Celery logs what a signal's receiver raises, and goes on."""
    environment = {"PATH": os.environ["PATH"], "ARO_MODE": "live", "ARO_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--pool", "threads"]
    address = {"PUBLIC_BASE_URL": "https://aro.example.com"}
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, **address},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "ARO_SECRET_KEY and ARO_ENCRYPTION_KEYS not found" in result.stderr


def test_a_live_web_server_with_all_it_needs_starts(tmp_path: Path) -> None:
    result = start("config.wsgi", tmp_path, PUBLIC_BASE_URL="https://aro.example.com", **KEYS)
    assert result.returncode == 0, result.stderr[-500:]
