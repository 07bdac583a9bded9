"""`aro circuit-breaker:reset`: tries a paused provider at once instead of later."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from compliance.models import Actor
from integrations.desk import breakers
from workflows.commands import bus


class Command(BaseCommand):
    help = (
        "Try a paused provider now: one call goes first, and when it works all that waits goes out. ARO does so by "
        "itself, too; reset when you have mended the cause and do not want to wait."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--service", required=True, choices=breakers.SERVICES, help="a kind, or one provider")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        done = bus.execute(
            command="circuit_breaker.reset",
            payload={"service": options["service"]},
            actor=Actor.ADMIN,
            actor_id="cli circuit-breaker:reset",
        )
        if options["json"]:
            self.stdout.write(json.dumps(done))
        elif done["tried_now"]:
            self.stdout.write(f"Tried now: {', '.join(done['tried_now'])}. See aro circuit-breaker:status.")
        else:
            self.stdout.write("It is not paused. Nothing changed.")
