"""`aro sync:appointments`: asks the booking systems for their lists now, and takes over what was missed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aro.errors import AroError
from integrations.sync import walk_by_hand
from integrations.sync.walk_by_hand import Result, Wanted

USAGE_ERROR = 2


class Command(BaseCommand):
    help = (
        "Asks each connected booking system for its bookings and takes over what no webhook has told: new, moved and "
        "cancelled visits, no-shows. Cancels nothing that is merely missing. Interrupted, the same command goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="start", default="", help="visits from this day on, e.g. 2026-02-01")
        parser.add_argument("--to", dest="end", default="", help="... up to and with this day")
        parser.add_argument("--since", default="", help="visits from this day on, up to 60 days from now")
        parser.add_argument("--provider", default="", help="only this booking system, e.g. calendly")
        parser.add_argument("--dry-run", action="store_true", help="say what is new, and change nothing")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wanted = Wanted.of(options["start"], options["end"], options["since"], options["provider"])
        except AroError as error:
            raise CommandError(error.message, returncode=USAGE_ERROR) from error
        results = [self._one(wanted, adapter, options) for adapter in wanted.adapters]
        if options["json"]:
            self.stdout.write(json.dumps([result.as_json() for result in results]))
        if any(result.problem for result in results):
            raise CommandError("Not every booking system could be asked to the end; see above.")

    def _one(self, wanted: Wanted, adapter: Any, options: dict[str, Any]) -> Result:
        tell = (lambda _line: None) if options["json"] else self.stderr.write
        result = (
            walk_by_hand.look(wanted, adapter, tell) if options["dry_run"] else walk_by_hand.sync(wanted, adapter, tell)
        )
        if not options["json"]:
            self.stdout.write(result.line())
        return result
