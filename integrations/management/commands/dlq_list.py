"""`aro dlq:list`: the dead letters, by id: work that failed for good."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from aro.models import DeadLetter
from integrations.desk import letter_choice
from workflows.commands.bulk_cli import limit, moment
from workflows.inspect import iso


class Command(BaseCommand):
    help = "List the dead letters that wait for a person, newest first: id, kind of work, error, attempts, since when."

    def add_arguments(self, parser: ArgumentParser) -> None:
        letter_choice.add_filters(parser)
        parser.add_argument("--since", type=moment, help="only from this time on: 24h, 7d or an ISO 8601 time")
        parser.add_argument("--archived", action="store_true", help="those that were archived or replayed, instead")
        parser.add_argument("--limit", type=limit, default=500, help="at most this many (default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        found = letter_choice.chosen(options).order_by("-created_at", "-id")[: options["limit"]]
        rows = [row(letter) for letter in found]
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for one in rows:
            self.stdout.write(
                f"{one['id']}  {one['created_at']}  {one['lane']:10} {one['error_code']:22} {one['attempts']} attempts"
            )
        if not rows:
            self.stdout.write("No dead letters. What fails once or twice is repeated by itself and never comes here.")


def row(letter: DeadLetter) -> dict[str, Any]:
    """A letter in a list: ids, never personal data."""
    return {
        "id": str(letter.id),
        "lane": letter.lane,
        "ref": str(letter.ref),
        "error_code": letter.error_code,
        "error_message": letter.error_message,
        "attempts": letter.attempts,
        "first_attempt_at": iso(letter.first_attempt_at),
        "last_attempt_at": iso(letter.last_attempt_at),
        "created_at": iso(letter.created_at),
        "replayed_at": iso(letter.replayed_at),
        "archived_at": iso(letter.archived_at),
    }
