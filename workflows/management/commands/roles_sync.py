"""`aro roles:sync`: gives the roles ARO ships with exactly their permissions."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflows.desk import roles


class Command(BaseCommand):
    help = "Create the roles (Front desk, Manager, Operator, Auditor) or restore their permissions. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        names = roles.sync()
        self.stdout.write(
            json.dumps({"roles": names}) if options["json"] else f"Roles are in order: {', '.join(names)}."
        )
