"""`aro why ID`: for every text about a visit, why it was sent, held or left out."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from workflows import inspect


class Command(BaseCommand):
    help = "The why ledger of a visit: every planned text and what became of it, in the visit's zone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the visit's id, or its id at the booking system")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        visit = inspect.find(options["id"])
        if options["json"]:
            self.stdout.write(json.dumps(inspect.full(visit)["messages"]))
            return
        lines = inspect.why(visit)
        self.stdout.write("\n".join(lines) if lines else "Nothing has been planned for this visit yet.")
