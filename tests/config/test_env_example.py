"""`.env.example` and the settings say the same."""

from __future__ import annotations

import re

from aro.project import ROOT
from config import vendors
from config.env import KNOWN_ARO_NAMES

# What the supervisor tells its own children; a person never sets it.
INTERNAL = {"ARO_SUPERVISED"}
READS = re.compile(r'(?:env(?:\.\w+)?|secret)\(\s*"([A-Z_]+)"')


def documented() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def read_by_settings() -> set[str]:
    files = [*(ROOT / "config" / "settings").glob("*.py"), ROOT / "aro" / "paths.py"]
    return {name for file in files for name in READS.findall(file.read_text())} | set(vendors.from_environment())


def test_every_setting_is_documented() -> None:
    assert read_by_settings() - documented() == set()
    assert {name for name in KNOWN_ARO_NAMES if not name.endswith("_FILE")} - documented() == INTERNAL


def test_nothing_is_documented_that_is_not_read() -> None:
    launchers = {"DATABASE_URL", "REDIS_URL", "ARO_HOME", "ARO_TEST_DATABASE", "ARO_FLOWER_PASSWORD"}
    launchers |= {"SANDBOX_HOME", "ARO_SANDBOX_ON_NETWORK", "ARO_EMPTY_DATABASE"}
    assert documented() - read_by_settings() - launchers == set()


def test_the_settings_that_are_read_are_known() -> None:
    ours = {name for name in read_by_settings() | documented() if name.startswith("ARO_")}
    assert ours - KNOWN_ARO_NAMES == set()
