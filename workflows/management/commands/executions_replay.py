"""`aro executions:replay`: hand texts and payment links over again that could not be, never twice."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet

from workflows.commands.bulk import Kind
from workflows.commands.bulk_cli import BulkCommand
from workflows.commands.replays import judge_execution
from workflows.models import Execution

KIND = Kind(command="execution.replay", key="execution_id", judge=judge_execution)


class Command(BulkCommand):
    help = (
        "Hand over again what failed: by id, or chosen by filters. What is done is refused; what may have reached the "
        "provider is looked up there first. Without ids it asks, or needs --yes."
    )
    name: ClassVar[str] = "executions:replay"
    kind: ClassVar[Kind] = KIND

    def add_filters(self, parser: ArgumentParser) -> None:
        parser.add_argument("--type", default="", help="only this type, e.g. integration.messaging.send")
        parser.add_argument("--code", default="", help="only those with this error code, e.g. 30008")
        parser.add_argument(
            "--status",
            default=str(Execution.Status.FAILED),
            choices=[str(value) for value in Execution.Status.values],
            help="only in this state (default: %(default)s)",
        )

    def filters(self, options: dict[str, Any]) -> bool:
        return bool(options["type"] or options["code"])

    def rows(self, options: dict[str, Any]) -> QuerySet[Execution]:
        rows = Execution.objects.select_related("message").filter(status=options["status"]).order_by("created_at", "id")
        if options["type"]:
            rows = rows.filter(command_type=options["type"])
        if options["code"]:
            rows = rows.filter(error_code=options["code"])
        return rows.filter(created_at__gte=options["since"]) if options["since"] else rows

    def named(self, ids: list[UUID]) -> QuerySet[Execution]:
        return Execution.objects.select_related("message").filter(pk__in=ids).order_by("created_at", "id")
