from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aro.project import ROOT


@pytest.mark.slow
def test_the_pages_open_without_the_theme_too(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")} | {
        "ARO_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.admin.stock_settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.admin.stock_pages"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert set(json.loads(done.stdout).values()) == {200}
