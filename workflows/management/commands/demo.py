"""`aro demo`: sets up a practice clinic, only where no business exists yet."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from aro import clock
from workflows import demo
from workflows.desk import roles


class Command(BaseCommand):
    help = "Set up a practice clinic with made-up patients. Does nothing when a business exists already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        roles.sync()
        business = demo.build(now=clock.now())
        if options["json"]:
            self.stdout.write(
                json.dumps({"created": business is not None, "name": business.name if business else None})
            )
        elif business:
            self.stdout.write(
                f"{business.name} is set up with {len(demo.PEOPLE)} made-up patients. Nothing is texted to them."
            )
        else:
            self.stdout.write("A business is set up already, so nothing was changed.")
