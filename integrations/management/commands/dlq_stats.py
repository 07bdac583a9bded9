"""`aro dlq:stats`: how many dead letters wait, by kind of work and error."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Min

from aro.models import DeadLetter
from workflows.inspect import iso


class Command(BaseCommand):
    help = "Count the dead letters that wait for a person, by kind of work and error, with the oldest of each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = DeadLetter.objects.filter(archived_at=None).values("lane", "error_code")
        found = waiting.annotate(count=Count("id"), oldest=Min("created_at")).order_by("-count", "lane", "error_code")
        rows: list[dict[str, Any]] = [{**one, "oldest": iso(one["oldest"])} for one in found]
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for one in rows:
            self.stdout.write(f"{one['count']:6}  {one['lane']:10} {one['error_code']:30} oldest {one['oldest']}")
        self.stdout.write(f"{sum(one['count'] for one in rows)} dead letters wait for a person.")
