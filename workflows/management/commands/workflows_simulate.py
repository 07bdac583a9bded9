"""`aro workflows:simulate`: what a booking will bring, on a virtual clock; nothing is written or sent."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.models import Business
from appointments.services import businesses
from aro import clock
from aro.errors import AroError
from workflows import inspect, simulate

USAGE_ERROR = 2


class Command(BaseCommand):
    help = "A visit's id, or a booking as JSON on standard input, in; its time line out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", nargs="?", help="a stored visit's id; without it, JSON is read from standard input")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            entries = self._entries(options["id"])
        except AroError as error:
            raise CommandError(error.message, returncode=USAGE_ERROR) from error
        if options["json"]:
            rows = [
                {
                    "at": inspect.iso(e.at),
                    "workflow": e.workflow,
                    "step": e.step,
                    "outcome": e.outcome,
                    "texts": list(e.texts),
                    "left_out": list(e.left_out),
                }
                for e in entries
            ]
            self.stdout.write(json.dumps(rows))
            return
        for entry in entries:
            self.stdout.write(f"{entry.at:%Y-%m-%d %H:%M:%S} UTC  {entry.workflow}  {entry.step}: {entry.outcome}")

    def _entries(self, reference: str | None) -> list[simulate.Entry]:
        if reference:
            visit = inspect.find(reference)
            return simulate.timeline(visit, businesses.current(visit.tenant_id), now=visit.booked_at)
        business = Business.objects.first() or Business(name="your business")
        now = clock.now()
        visit = simulate.imagined(self._booking(), business, now=now)
        return simulate.timeline(visit, business, now=visit.booked_at)

    def _booking(self) -> dict[str, Any]:
        try:
            booking = json.load(sys.stdin)
        except ValueError as error:
            raise CommandError(f"The booking is not valid JSON: {error}", returncode=USAGE_ERROR) from error
        if not isinstance(booking, dict):
            raise CommandError("Give one booking as a JSON object.", returncode=USAGE_ERROR)
        return booking
