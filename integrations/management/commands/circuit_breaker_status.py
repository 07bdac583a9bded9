"""`aro circuit-breaker:status`: which providers work, which are paused, and when they are tried again."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from integrations.desk import breakers


class Command(BaseCommand):
    help = "Shows each provider's circuit breaker: closed works, open is paused, half_open is being tried again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = breakers.states()
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write(_words(row))


def _words(row: dict[str, Any]) -> str:
    said = f"{row['service']:10} {row['provider']:17} {row['state']}"
    if row["tried_again_at"]:
        said += f", tried again at {row['tried_again_at']}"
    return f"{said} (last error: {row['last_error']})" if row["last_error"] else said
