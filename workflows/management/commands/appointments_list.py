"""`aro appointments:list`: the visits, newest booking first, by id."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from appointments.models import Appointment
from workflows import inspect
from workflows.commands.bulk_cli import limit


class Command(BaseCommand):
    help = "List visits, newest booking first: id, source, external id, status, start, zone, customer, risk, deposit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--status", default="", choices=["", *Appointment.Status.values], help="only this status")
        parser.add_argument("--limit", type=limit, default=500, help="at most this many (default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [inspect.summary(visit) for visit in inspect.visits(status=options["status"], limit=options["limit"])]
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write(
                f"{row['id']}  {row['starts_at']}  {row['timezone']:20} {row['status']:11} risk {row['risk_score']:3}  "
                f"{row['source']} {row['external_id']}"
            )
        if not rows:
            self.stdout.write("No visits yet. Book one in the sandbox, or connect a booking system.")
