"""`aro kill-switch:on`: nothing is sent any more, to anybody, on any channel."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from compliance.models import Actor
from integrations import kill_switch  # noqa: F401 - registers the commands
from workflows import commands


class Command(BaseCommand):
    help = (
        "Switch all sending off at once: texts, WhatsApp and e-mails, answers too. Bookings and replies are still "
        "taken. What is due is held, and goes out after kill-switch:off if it still makes sense."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", default="", help="why, for the audit log and the Today page")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        done = commands.execute(
            command="kill_switch.on",
            payload={"reason": options["reason"]},
            actor=Actor.ADMIN,
            actor_id="cli kill-switch:on",
        )
        if options["json"]:
            self.stdout.write(json.dumps(done))
        elif done["changed"]:
            self.stdout.write("All sending is off. What is due is held. Switch it on again with: aro kill-switch:off")
        else:
            self.stdout.write("All sending was off already. Nothing changed.")
