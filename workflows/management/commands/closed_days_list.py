"""`aro closed-days:list`: the days on which the clinic is closed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from appointments.models import ClosedDay


class Command(BaseCommand):
    help = "Lists the clinic's closed days. Add and remove them in the admin under Closed days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        days = {str(row.day): row.name for row in ClosedDay.objects.order_by("day")}
        if options["json"]:
            self.stdout.write(json.dumps(days))
            return
        for day, name in days.items():
            self.stdout.write(f"{day}  {name}")
        if not days:
            self.stdout.write("No closed days yet. See the public holidays with: aro closed-days:propose")
