"""The front desk's lists load with its addresses: in the process that serves pages, and not in those behind it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from aro.ops.supervise import programs
from aro.ops.supervise.processes import Program
from aro.project import ROOT

_LOAD_AS_CELERY_DOES = """
import sys
from config.celery import app
app.loader.import_default_modules()
sys.exit("config.admin_site" in sys.modules)
"""


def test_djangos_own_checks_find_nothing_wrong_with_any_list() -> None:
    call_command("check", fail_level="WARNING")


@pytest.mark.parametrize("program", programs.back(), ids=lambda program: str(program.name))
def test_who_works_behind_loads_no_page(program: Program) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOAD_AS_CELERY_DOES],
        env={**os.environ, **program.environment},
        cwd=ROOT,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
