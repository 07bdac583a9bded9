"""Reads facts out of the source text, where importing would not show them."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from aro.project import ROOT
from compliance import event_types
from config import vendors
from config.env import KNOWN_ARO_NAMES

PACKAGES = ("aro", "compliance", "appointments", "workflows", "integrations", "config")
_RECORDERS = frozenset({"record", "_record", "visit_event", "customer_event", "event"})
# How the environment is read: the name of the function, and what stands before its dot.
_READERS = frozenset(
    {
        ("env", "str"),
        ("env", "int"),
        ("env", "count"),
        ("env", "list"),
        ("environ", "get"),
        ("", "secret"),
        ("", "_port"),
        ("", "given"),
        ("paths", "given"),
    }
)
_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,}")


@dataclass(frozen=True)
class Example:
    """A line of .env.example with the comment above it."""

    name: str
    value: str
    text: str


def example_settings() -> list[tuple[str, list[Example]]]:
    """The sections of .env.example with their settings."""
    sections: list[tuple[str, list[Example]]] = []
    comments: list[str] = []
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        setting = re.fullmatch(r"#?([A-Z][A-Z0-9_]+)=(.*)", line)
        if line.startswith("# --- "):
            sections.append((line.removeprefix("# --- "), []))
            comments = []
        elif setting and sections:
            sections[-1][1].append(Example(setting[1], setting[2], " ".join(comments)))
            comments = []
        elif line.startswith("# "):
            comments.append(line.removeprefix("# "))
    return sections


@cache
def secret_names() -> frozenset[str]:
    """The settings that may be given as NAME_FILE: those read by `config.env.secret` or `aro.paths.given`."""
    read = {name for reader, name in _environment_reads() if reader in ("secret", "given")}
    return vendors.SECRETS | frozenset(
        name for name in read if not name.startswith("ARO_") or f"{name}_FILE" in KNOWN_ARO_NAMES
    )


@cache
def environment_names() -> frozenset[str]:
    """Every environment variable that the code reads."""
    return frozenset(name for _, name in _environment_reads()) | set(vendors.from_environment())


def _environment_reads() -> Iterator[tuple[str, str]]:
    for tree in _trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = _text(node.args[0])
                if (_owner(node), _called(node)) in _READERS and _NAME.fullmatch(name):
                    yield _called(node), name


def recorded_events() -> dict[str, list[str]]:
    """Event type to the modules that record it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in _trees().items():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) in _RECORDERS]
        for event in {event for call in calls for event in _events_in(call, tree)}:
            found[event].add(path)
    return {event: sorted(paths) for event, paths in found.items()}


def _events_in(call: ast.Call, module: ast.Module) -> set[str]:
    """The call's own; those that its module names, where it hands on a name."""
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "type")]
    handed_on = any(isinstance(argument, ast.Name) for argument in given)
    texts = {_text(node) for argument in ([module] if handed_on else given) for node in ast.walk(argument)}
    return texts & event_types.ALL


@cache
def _trees() -> dict[str, ast.Module]:
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return {str(f.relative_to(ROOT)): ast.parse(f.read_text(encoding="utf-8")) for f in sorted(files)}


def _called(node: ast.Call) -> str:
    return _name(node.func)


def _owner(node: ast.Call) -> str:
    return _name(node.func.value) if isinstance(node.func, ast.Attribute) else ""


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
