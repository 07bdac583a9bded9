"""How `dlq:list`, `dlq:replay` and `dlq:archive` choose dead letters."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.db.models import QuerySet

from aro.models import DeadLetter
from aro.queue import lanes
from integrations.inbound.replays import LANES
from integrations.models import Receipt
from integrations.providers import ADAPTERS


def add_filters(parser: ArgumentParser) -> None:
    """The options that all of them understand."""
    parser.add_argument("--source", default="", choices=["", *sorted(ADAPTERS)], help="only this provider's deliveries")
    parser.add_argument("--lane", default="", choices=["", *lanes.names()], help="only this kind of work")
    parser.add_argument("--code", default="", help="only those with this error code")


def given(options: dict[str, Any]) -> bool:
    """Whether any of them was used."""
    return bool(options["source"] or options["lane"] or options["code"])


def chosen(options: dict[str, Any]) -> QuerySet[DeadLetter]:
    """The letters that fit: those that wait for a person, or with `archived` those that do not."""
    wanted = {"lane": options["lane"], "error_code": options["code"], "created_at__gte": options["since"]}
    fitting = {name: value for name, value in wanted.items() if value}
    rows = DeadLetter.objects.filter(archived_at__isnull=not options.get("archived"), **fitting)
    if options["source"]:
        rows = rows.filter(lane__in=LANES, ref__in=Receipt.objects.filter(source=options["source"]).values("id"))
    return rows
