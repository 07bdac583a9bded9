"""`aro appointments:show ID`: one visit with its workflows, texts and cases."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from workflows import inspect


class Command(BaseCommand):
    help = "Show one visit: status, workflows with step and wake time, messages with their reasons, escalations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the visit's id, or its id at the booking system")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        found = inspect.full(inspect.find(options["id"]))
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for key, value in found.items():
            if not isinstance(value, list):
                self.stdout.write(f"{key.replace('_', ' '):18} {_shown(value)}")
        for key in ("history", "workflows", "messages", "escalations"):
            self.stdout.write(f"\n{key}")
            for row in found[key] or [{"": "none"}]:
                self.stdout.write("  " + "  ".join(_shown(value) for name, value in row.items() if name != "id"))


def _shown(value: Any) -> str:
    """In words: what is not there is a hyphen, and of several facts only those that are there are said."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        there = {key.replace("_", " "): _shown(one) for key, one in value.items() if one not in (None, "")}
        return ", ".join(f"{key} {one}" for key, one in there.items()) or "-"
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "-"
    return str(value) if value not in (None, "") else "-"
