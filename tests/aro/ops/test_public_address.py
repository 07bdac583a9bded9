"""Where ARO may listen and be called: what is refused is said before anything is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from aro.console import PlainError
from aro.ops import preflight, public_address, trial
from aro.project import ROOT


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "PUBLIC_BASE_URL is not set"),
        ("  ", "PUBLIC_BASE_URL is not set"),
        ("http://aro.example.com", "begins with 'http', and live mode needs https"),
        ("HTTP://aro.example.com", "begins with 'http'"),
        ("http://127.0.0.1:3000", "begins with 'http'"),
        ("aro.example.com", "begins with 'no scheme'"),
        ("ftp://aro.example.com", "begins with 'ftp'"),
        ("https://", "is a host and perhaps a path"),
        ("https://user:pass@aro.example.com", "is a host and perhaps a path"),
        ("https://aro.example.com/?x=1", "is a host and perhaps a path"),
        ("https://[::1", "is no address"),
        ("https://aro.example.com:port", "is no address"),
    ],
)
def test_an_address_that_providers_cannot_use_is_explained(url: str, words: str) -> None:
    assert words in public_address.problem(url)


@pytest.mark.parametrize("url", ["https://aro.example.com", "HTTPS://aro.example.com/", "https://example.com:8443/aro"])
def test_an_https_address_is_fine(url: str) -> None:
    assert public_address.problem(url) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "aro.local", "2001:db8::1"])
def test_sandbox_mode_is_opened_to_the_network_only_when_told_so(
    home: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("ARO_MODE", "sandbox")
    monkeypatch.setenv("HOST", host)
    with pytest.raises(PlainError, match="ARO_SANDBOX_ON_NETWORK=yes"):
        preflight.check_addresses(preflight.addresses())
    monkeypatch.setenv("ARO_SANDBOX_ON_NETWORK", "yes")
    preflight.check_addresses(preflight.addresses())


@pytest.mark.parametrize("host", ["", "127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_loopback_needs_no_permission(home: Path, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("ARO_MODE", "sandbox")
    monkeypatch.setenv("HOST", host)
    preflight.check_addresses(preflight.addresses())


def test_live_mode_may_listen_anywhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARO_MODE", "live")
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://aro.example.com")
    preflight.check_addresses(preflight.addresses())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ARO_MODE": "live"}, "PUBLIC_BASE_URL is not set"),
        ({}, "PUBLIC_BASE_URL is not set"),
        ({"ARO_MODE": "live", "PUBLIC_BASE_URL": "http://aro.example.com"}, "live mode needs https"),
        (
            {
                "ARO_MODE": "live",
                "PUBLIC_BASE_URL": "https://a.example.com",
                "TWILIO_AUTH_TOKEN": "sandbox-twilio-auth-token",
            },
            "TWILIO_AUTH_TOKEN still has its sandbox value",
        ),
        (
            {"ARO_MODE": "live", "PUBLIC_BASE_URL": "https://a.example.com", "ARO_NONSENSE": "1"},
            "Unknown setting ARO_NONSENSE",
        ),
        ({"ARO_MODE": "sandbox", "HOST": "0.0.0.0"}, "HOST=0.0.0.0 would open sandbox mode to the network"),
        ({"ARO_MODE": "sandbox", "REDIS_URL": "redis://:hidden@[::1"}, "REDIS_URL cannot be read"),
        ({"ARO_MODE": "sandbox", "DATABASE_URL": "nonsense"}, "DATABASE_URL cannot be read"),
        ({"ARO_MODE": "sandbox", "DATABASE_URL": "mysql://u:hidden@host/x"}, "DATABASE_URL cannot be read"),
        ({"ARO_MODE": "sandbox", "DATABASE_URL": "postgresql://u:hidden@[::1"}, "DATABASE_URL cannot be read"),
        ({"ARO_MODE": "sandbox", "DATABASE_URL": "postgresql://u:hidden@127.0.0.1:9/x"}, "cannot be used"),
        ({"ARO_MODE": "sandbox", "EMAIL_URL": "hidden"}, "EMAIL_URL cannot be read"),
        (
            {"ARO_MODE": "sandbox", "TWILIO_AUTH_TOKEN_FILE": "/nonexistent"},
            "TWILIO_AUTH_TOKEN_FILE names /nonexistent",
        ),
        ({"ARO_MODE": "sandbox", "ARO_ENCRYPTION_KEYS": "tooshort"}, "An encryption key is damaged"),
        ({"ARO_MODE": "sandbox", "SYNC_EVERY_MINUTES": "often"}, "SYNC_EVERY_MINUTES must be a whole number"),
    ],
)
def test_a_start_that_is_refused_ends_in_the_terminal_with_the_reason_and_nobody_left(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, "ARO_HOME": str(tmp_path / "home"), **trial.free_ports(), **settings}
    result = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 1
    assert words in result.stderr.strip().splitlines()[-1]
    said = result.stdout + result.stderr
    assert "Traceback" not in said
    assert "hidden" not in said
    assert "starting it again" not in said
    assert [one for one in psutil.process_iter() if _home_of(one) == str(tmp_path / "home")] == []


def _home_of(process: psutil.Process) -> str:
    try:
        return str(process.environ().get("ARO_HOME", ""))
    except psutil.Error:
        return ""
