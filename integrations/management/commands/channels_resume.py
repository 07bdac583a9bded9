"""`aro channels:resume`: a channel that the carrier had stopped works again."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from compliance.models import Actor, Channel
from integrations.desk import channel_stops  # noqa: F401 - registers the command
from workflows.commands import bus


class Command(BaseCommand):
    help = (
        "Use a channel again that ARO stopped because the carrier refused the business's sender (e.g. 30034). Settle "
        "it with the carrier first. What waits goes out within a quarter of an hour, if it still helps."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("channel", choices=Channel.values, help="sms, whatsapp or email")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        done = bus.execute(
            command="channel.resume",
            payload={"channel": options["channel"]},
            actor=Actor.ADMIN,
            actor_id="cli channels:resume",
        )
        if options["json"]:
            self.stdout.write(json.dumps(done))
        elif done["was_stopped"]:
            self.stdout.write(f"{options['channel']} is used again.")
        else:
            self.stdout.write(f"{options['channel']} was not stopped. Nothing changed.")
