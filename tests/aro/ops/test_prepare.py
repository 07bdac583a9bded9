from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from aro.ops import prepare
from aro.project import ROOT


def test_what_is_installed_is_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "VENV", tmp_path)
    requirements = tmp_path / "requirements.txt"
    installed: list[str] = []
    for content in ("one", "one", "two"):
        requirements.write_text(content)
        prepare._once("requirements", requirements, lambda content=content: installed.append(content))  # type: ignore[misc]
    assert installed == ["one", "two"]


def test_an_interrupted_installation_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "VENV", tmp_path)
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("one")

    def interrupted() -> None:
        raise KeyboardInterrupt

    installed: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        prepare._once("requirements", requirements, interrupted)
    prepare._once("requirements", requirements, lambda: installed.append("one"))
    assert installed == ["one"]


def test_every_package_is_pinned_with_a_hash() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        entries = file.read_text().replace("\\\n", " ").splitlines()
        packages = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
        assert packages
        assert not [entry for entry in packages if "==" not in entry or "--hash=sha256:" not in entry]


def test_an_old_python_gets_one_plain_line(tmp_path: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        old = tmp_path / name
        old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.10" && exit 0\nexit 1\n')
        old.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    command = ["make", "-s", "prepare"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode != 0
    assert result.stderr.startswith("ARO needs Python 3.11 or newer with its venv module (found: Python 3.8.10).")
