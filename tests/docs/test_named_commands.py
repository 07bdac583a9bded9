"""Every `aro` command that a page, an error or a message tells people to run exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aro.ops import commands
from aro.project import ROOT

FOLDERS = ("aro", "appointments", "compliance", "config", "integrations", "workflows", "docs", "systemd", "launchd")
# As people are to type it, in code or quoted; a word after a colon belongs to it: `circuit-breaker:reset`.
NAMED = re.compile(r"(?:`|<code>|\$ )aro ([a-z][a-z_-]*(?::[a-z_-]+)?)")
OWN = {"up", "stop", "status", "help", "version"}
# Django's own, which work as well.
DJANGOS = {"migrate", "shell", "check", "makemigrations", "createsuperuser", "changepassword"}


def named() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".html", ".md", ".toml", ".service", ".plist"}:
                for name in NAMED.findall(file.read_text(encoding="utf-8")):
                    yield name, str(file.relative_to(ROOT))


def test_every_command_that_people_are_told_to_run_exists() -> None:
    known = OWN | DJANGOS | {commands.spelling(name) for name in commands.ours()}
    found = list(named())
    assert len(found) > 50
    assert [(name, where) for name, where in found if name not in known] == []
