"""`aro closed-days:accept CODE [DAY ...]`: what closed-days:propose showed becomes closed days."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aro.errors import AroError
from compliance.models import Actor
from workflows.commands import bus
from workflows.commands.bulk_cli import caller


class Command(BaseCommand):
    help = (
        "Puts the public holidays that closed-days:propose has shown on the list of closed days: all of them, or the "
        "days named. The code stands for the list that was shown; with another one nothing happens."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the code that closed-days:propose ended with")
        parser.add_argument("days", nargs="*", help="only these of the days shown, e.g. 2026-12-25")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        payload = {"shown": options["code"]} | ({"days": options["days"]} if options["days"] else {})
        try:
            done = bus.execute(
                command="closed_days.accept",
                payload=payload,
                actor=Actor.ADMIN,
                actor_id=caller("closed-days:accept"),
            )
        except AroError as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(f"{len(done['closed_days'])} closed days were added. See them with: aro closed-days:list")
