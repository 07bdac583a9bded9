"""`aro webhooks:replay`: process stored deliveries again that were not applied."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet

from integrations.desk import delivery_choice
from integrations.inbound.replays import judge
from integrations.models import Receipt
from workflows.commands.bulk import Kind
from workflows.commands.bulk_cli import BulkCommand

KIND = Kind(command="receipt.replay", key="receipt_id", judge=judge)


class Command(BulkCommand):
    help = (
        "Process deliveries again, by id or chosen by filters; without --outcome the failed ones. What was applied "
        "stays as it is. Without ids it asks, or needs --yes."
    )
    name: ClassVar[str] = "webhooks:replay"
    kind: ClassVar[Kind] = KIND

    def add_filters(self, parser: ArgumentParser) -> None:
        delivery_choice.add_filters(parser)

    def filters(self, options: dict[str, Any]) -> bool:
        return bool(options["source"] or options["code"] or options["outcome"])

    def rows(self, options: dict[str, Any]) -> QuerySet[Receipt]:
        outcome = options["outcome"] or str(Receipt.Outcome.FAILED)
        return delivery_choice.chosen(options | {"outcome": outcome}).order_by("received_at", "id")

    def named(self, ids: list[UUID]) -> QuerySet[Receipt]:
        return Receipt.objects.defer("body").filter(pk__in=ids).order_by("received_at", "id")
