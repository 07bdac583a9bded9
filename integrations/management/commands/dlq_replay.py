"""`aro dlq:replay`: try work again that failed for good."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet

from aro.models import DeadLetter
from integrations.desk import letter_choice
from workflows.commands.bulk import Kind
from workflows.commands.bulk_cli import BulkCommand
from workflows.commands.replays import judge_letter

KIND = Kind(command="dead_letter.replay", key="dead_letter_id", judge=judge_letter)


class Command(BulkCommand):
    help = (
        "Try dead letters again, by id or chosen by filters. What was done meanwhile is found done and its letter is "
        "archived. Without ids it asks, or needs --yes."
    )
    name: ClassVar[str] = "dlq:replay"
    kind: ClassVar[Kind] = KIND

    def add_filters(self, parser: ArgumentParser) -> None:
        letter_choice.add_filters(parser)

    def filters(self, options: dict[str, Any]) -> bool:
        return letter_choice.given(options)

    def rows(self, options: dict[str, Any]) -> QuerySet[DeadLetter]:
        return letter_choice.chosen(options).order_by("created_at", "id")

    def named(self, ids: list[UUID]) -> QuerySet[DeadLetter]:
        return DeadLetter.objects.filter(pk__in=ids).order_by("created_at", "id")
