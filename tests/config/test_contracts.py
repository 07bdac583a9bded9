"""The contracts between modules name every vendor, and no folder grows beyond what a reader takes in at once."""

import subprocess
import tomllib
from collections import Counter
from pathlib import PurePath

from aro.project import ROOT

PROVIDERS = ROOT / "integrations" / "providers"
SHARED = "shared"
# What one person reads over at once; a folder that has more has rooms that nobody has named yet.
MOST_FILES = 22


def test_no_vendor_is_missing_among_those_that_may_not_know_each_other() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    listed = next(contract["modules"] for contract in contracts if contract["type"] == "independence")
    folders = {path.parent.name for path in PROVIDERS.glob("*/__init__.py")} - {SHARED}

    assert {name.rpartition(".")[2] for name in listed} == folders


def test_nothing_lies_loose_in_the_border() -> None:
    loose = {path.name for path in (ROOT / "integrations").glob("*.py")}

    assert loose <= {"__init__.py", "apps.py", "models.py", "urls.py", "admin.py", "tasks.py", "lanes.py"}


def test_a_folder_of_code_is_read_over_at_once() -> None:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [PurePath(name) for name in listed.split() if not name.startswith("tests/")]
    sizes = Counter(str(file.parent) for file in files if not {"migrations", "commands"} & set(file.parts[:-1]))

    assert {folder: size for folder, size in sizes.items() if size > MOST_FILES} == {}
