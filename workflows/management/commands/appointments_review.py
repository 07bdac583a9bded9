"""`aro appointments:review ID`: the patient has written a review of this visit."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from compliance.models import Actor
from workflows import inspect
from workflows.commands import bus
from workflows.commands.bulk_cli import caller


class Command(BaseCommand):
    help = (
        "Says that the patient wrote a review of this visit, so that ARO thanks them. Saying it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the visit's id, or its id at the booking system")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        done = bus.execute(
            command="appointment.review_submitted",
            payload={"appointment_id": str(inspect.find(options["id"]).pk)},
            actor=Actor.ADMIN,
            actor_id=caller("appointments:review"),
        )
        words = "Noted. A thank-you follows if they were asked for it." if done["new"] else "It was known already."
        self.stdout.write(json.dumps(done) if options["json"] else words)
