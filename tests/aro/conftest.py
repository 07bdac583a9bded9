from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with the directories that `aro up` makes, and an environment that names nothing else."""
    for name in ("DATABASE_URL", "REDIS_URL", "HOST", "PORT", "SANDBOX_PORT", "FLOWER_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ARO_HOME", str(tmp_path))
    for name in ("data", "run", "logs"):
        (tmp_path / name).mkdir(mode=0o700)
    return tmp_path
