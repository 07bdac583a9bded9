"""`aro circuit-breaker:history`: when providers were paused and why, when they were back, and who reset them."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from integrations.desk import breakers


class Command(BaseCommand):
    help = "Lists the changes of the circuit breakers, oldest first. They are kept for 90 days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=_hours, default=24.0, help="so far back (default: %(default)s)")
        parser.add_argument("--service", default="", choices=["", *breakers.SERVICES], help="only this one")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = breakers.changes(service=options["service"], since=breakers.since(options["hours"]))
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write(
                f"{row['at']}  {row['provider']:17} {row['before']} -> {row['after']}  {row['reason']} (by {row['by']})"
            )
        if not rows:
            self.stdout.write("No provider was paused in that time. --hours 720 looks at a month.")


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0
    if not 0 < hours <= breakers.MOST_HOURS:  # nor "nan", which is between no two numbers
        raise ArgumentTypeError(f"give a number of hours, up to {breakers.MOST_HOURS}, e.g. 24")
    return hours
