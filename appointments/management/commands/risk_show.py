"""`aro risk:show`: which risk weights are in use, and since when."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.management import risk_words
from appointments.services import businesses, risk_weights
from appointments.services.risk_weights import InUse
from aro.errors import ServiceUnavailableError


class Command(BaseCommand):
    help = "Which weights new bookings are scored with, since when, and how they differ from the reference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            business = businesses.current()
        except ServiceUnavailableError as error:
            raise CommandError(str(error)) from error
        used = risk_weights.in_use(business.tenant_id)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(used)))
            return
        for line in risk_words.of_use(used, business.timezone):
            self.stdout.write(line)


def _as_json(used: InUse) -> dict[str, Any]:
    since = used.model.fitted_at.isoformat() if used.model else None
    return {"own": used.model is not None, "since": since, "weights": dict(used.weights)}
