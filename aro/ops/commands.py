"""Finds management commands without starting Django: `family_verb.py` is `family:verb`."""

from __future__ import annotations

import ast
from pathlib import Path

from aro.project import ROOT

# Families have at most this many words: `db:migration:create`.
_LONGEST_NAME = 4
# Families of two words, and other ways to say the same.
_HYPHENATED = ("circuit_breaker", "closed_days", "kill_switch")
_ALIASES = {
    "status_circuit_breakers": "circuit_breaker_status",
    **{f"circuit_breakers_{verb}": f"circuit_breaker_{verb}" for verb in ("status", "history", "reset")},
}


def ours() -> dict[str, Path]:
    """Our management commands by module name."""
    files = ROOT.glob("*/management/commands/[a-z]*.py")
    return {file.stem: file for file in sorted(files, key=lambda file: file.stem)}


def find(arguments: list[str]) -> tuple[str, list[str]]:
    """The longest run of leading words that names one of our commands, and what follows; ("", arguments) if none."""
    known = ours()
    for count in range(min(_LONGEST_NAME, len(arguments)), 0, -1):
        name = "_".join(arguments[:count]).replace(":", "_").replace("-", "_")
        name = _ALIASES.get(name, name)
        if name in known:
            return name, arguments[count:]
    return "", arguments


def spelling(name: str) -> str:
    """How a command is written: `appointments_list` -> `appointments:list`."""
    for family in _HYPHENATED:
        if name.startswith(f"{family}_"):
            return family.replace("_", "-") + ":" + name.removeprefix(f"{family}_")
    return name.replace("_", ":", 1)


def module(name: str) -> str:
    """The dotted module of one of our commands."""
    return ".".join(ours()[name].relative_to(ROOT).with_suffix("").parts)


def summary(name: str) -> str:
    """The first line of the command's module docstring, read without importing it."""
    text = ast.get_docstring(ast.parse(ours()[name].read_text(encoding="utf-8"))) or ""
    first = text.partition("\n")[0].strip()
    return first.partition(": ")[2] or first if first.startswith("`") else first
