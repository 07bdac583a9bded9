"""Every provider's address, found through the contract tests: a provider that signs there is fuzzed here."""

from __future__ import annotations

import importlib

from aro.project import ROOT
from tests.integrations.contract import ProviderContract

_TESTS = ROOT / "tests" / "integrations"


def every_door() -> dict[str, ProviderContract]:
    """By adapter's name, whoever knows how to knock there."""
    for file in sorted(set(_TESTS.rglob("test_*.py")) - set((_TESTS / "fuzz").iterdir())):
        importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    return {door.name: door() for door in _kinds_of(ProviderContract) if "name" in vars(door)}


def _kinds_of(kind: type[ProviderContract]) -> list[type[ProviderContract]]:
    found = kind.__subclasses__()
    return found + [deeper for one in found for deeper in _kinds_of(one)]


def signs_the_body(door: ProviderContract) -> bool:
    """Whether a signature holds for one body only. A token in a header (Easy!Appointments) holds for every body."""
    secret = door.secret()
    return door.sign(door.good, secret=secret) != door.sign(door.good + b" ", secret=secret)
