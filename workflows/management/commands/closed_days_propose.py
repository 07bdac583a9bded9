"""`aro closed-days:propose`: public holidays that could be closed days. Changes nothing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.services import businesses
from appointments.services.visit import holiday_proposals
from aro.errors import AroError


class Command(BaseCommand):
    help = (
        "Shows the public holidays of this and the next year that are not on the clinic's list of closed days. "
        "Nothing is closed by it; closed-days:accept takes over what was shown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = holiday_proposals.propose(businesses.current())
        except AroError as error:
            raise CommandError(error.message) from error
        days = {str(day): name for day, name in found.days.items()}
        if options["json"]:
            self.stdout.write(json.dumps({"region": found.region, "shown": found.token, "days": days}))
            return
        for day, name in days.items():
            self.stdout.write(f"{day}  {name}")
        self.stdout.write(_next_step(found))


def _next_step(found: holiday_proposals.Proposals) -> str:
    if not found.days:
        return f"Nothing to propose for {found.region}. Another country or state is set under Business, Opening hours."
    return (
        f"Holidays of {found.region}. Nothing is closed yet. If you are closed on all of them, run: "
        f"aro closed-days:accept {found.token}  (or name the days you want after the code)."
    )
