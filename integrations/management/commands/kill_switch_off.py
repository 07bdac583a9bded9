"""`aro kill-switch:off`: texts go out again, and what was held is looked at anew."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from compliance.models import Actor
from integrations.desk import kill_switch  # noqa: F401 - registers the commands
from workflows.commands import bus


class Command(BaseCommand):
    help = (
        "Switch sending on again. What was held goes out now if it still makes sense; what does not is left out, and "
        "`aro why` says so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        done = bus.execute(command="kill_switch.off", payload={}, actor=Actor.ADMIN, actor_id="cli kill-switch:off")
        if options["json"]:
            self.stdout.write(json.dumps(done))
        elif done["changed"]:
            self.stdout.write(f"Sending is on again. {done['held']} held texts are looked at now.")
        else:
            self.stdout.write("Sending was not off. Nothing changed.")
