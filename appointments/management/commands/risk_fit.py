"""`aro risk:fit`: learns the clinic's own risk weights, and uses them when they are better."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.management import risk_words
from appointments.risk.trial import TooLittle
from appointments.services import businesses, risk_weights
from appointments.services.risk_weights import Lesson
from aro.errors import ConflictError, ServiceUnavailableError
from compliance.models import Actor

UNCHANGED = "Not better than what luck explains: the weights in use stay."


class Command(BaseCommand):
    help = (
        "Learns risk weights from the clinic's own visits, tries them on the newest fifth, and uses them for new "
        "bookings if they were better there. ARO does the same by itself once a week. Bookings scored before keep "
        "their score."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run: bool = options["dry_run"]
        try:
            business = businesses.current()
            lesson = risk_weights.learn(business, dry_run=dry_run, actor=Actor.ADMIN, actor_id="aro risk:fit")
        except (ConflictError, ServiceUnavailableError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(lesson)))
        elif isinstance(lesson.found, TooLittle):
            self.stdout.write(risk_words.too_little(lesson.found))
        else:
            for line in (
                *risk_words.compared(lesson.found, business),
                _verdict(better=lesson.found.better, dry=dry_run),
            ):
                self.stdout.write(line)


def _verdict(*, better: bool, dry: bool) -> str:
    if not better:
        return UNCHANGED
    return "Better: they would be used from now on. Nothing was changed." if dry else "Better: in use from now on."


def _as_json(lesson: Lesson) -> dict[str, Any]:
    found = lesson.found
    if isinstance(found, TooLittle):
        return {"learned": False, "visits": found.visits, "better": False, "activated": False}
    return {
        "learned": True,
        "visits": found.visits,
        "held_out": found.held_out,
        "better": found.better,
        "activated": lesson.stored is not None and lesson.stored.active,
        "before": risk_words.figures(found.before),
        "after": risk_words.figures(found.after),
        "weights": dict(found.weights),
    }
