"""`aro kill-switch:on`: nothing is sent any more, to anybody, on any channel."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from aro import errors
from aro.stores import read_only
from compliance.models import Actor
from integrations.desk import kill_switch
from workflows.commands import bus

# Each try has the database's own patience within it.
PATIENCE_SECONDS = 300.0

_CANNOT_BE_KEPT = (
    "SENDING IS STILL ON: the switch is kept in the database, which cannot be written. What is due waits for that too, "
    "and would go out afterwards. To be sure that nothing does, stop ARO on every host (aro stop). Repeat this command "
    "as soon as the database can be written."
)


class Command(BaseCommand):
    help = (
        "Switch all sending off at once: texts, WhatsApp and e-mails, answers too. Bookings and replies are still "
        "taken. What is due is held, and goes out after kill-switch:off if it still makes sense."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", default="", help="why, for the audit log and the Today page")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        done = self._done(options["reason"])
        if options["json"]:
            self.stdout.write(json.dumps(done))
        elif done["changed"]:
            self.stdout.write("All sending is off. What is due is held. Switch it on again with: aro kill-switch:off")
        else:
            self.stdout.write("All sending was off already. Nothing changed.")
        if len(options["reason"].strip()) > kill_switch.LONGEST_REASON and not options["json"]:
            self.stdout.write(f"Of the reason, the first {kill_switch.LONGEST_REASON} letters are kept.")

    def _done(self, reason: str) -> dict[str, Any]:
        """Waits for a locked database much longer than other commands: whoever is here wants it to hold."""
        end, told = time.monotonic() + PATIENCE_SECONDS, False
        while True:
            try:
                return bus.execute(
                    command="kill_switch.on",
                    payload={"reason": reason},
                    actor=Actor.ADMIN,
                    actor_id="cli kill-switch:on",
                )
            except DatabaseError as error:
                if read_only.is_told_by(error):
                    self.stderr.write(_CANNOT_BE_KEPT)
                if not errors.is_locked(error) or time.monotonic() > end:
                    raise
                if not told:
                    self.stderr.write("Another program holds the database. SENDING IS STILL ON; waiting for it ...")
                told = True
