"""`aro webhooks:list`: the newest deliveries from providers, by id."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from integrations.desk import delivery_choice
from integrations.models import Receipt
from workflows.commands.bulk_cli import limit, moment
from workflows.inspect import iso


class Command(BaseCommand):
    help = "List deliveries, newest first: id, provider, when it came, what became of it. Never what it says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        delivery_choice.add_filters(parser)
        parser.add_argument("--since", type=moment, help="only from this time on: 24h, 7d or an ISO 8601 time")
        parser.add_argument("--limit", type=limit, default=500, help="at most this many (default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        found = delivery_choice.chosen(options).order_by("-received_at", "-id")[: options["limit"]]
        rows = [_row(receipt) for receipt in found]
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write(
                f"{row['id']}  {row['received_at']}  {row['source']:15} {row['outcome']:8} {row['detail']}"
            )
        if not rows:
            self.stdout.write("No such delivery. Without filters the newest of all are listed.")


def _row(receipt: Receipt) -> dict[str, str | None]:
    return {
        "id": str(receipt.id),
        "source": receipt.source,
        "outcome": receipt.outcome,
        "detail": receipt.detail,
        "received_at": iso(receipt.received_at),
        "processed_at": iso(receipt.processed_at),
    }
