"""How `webhooks:list` and `webhooks:replay` choose deliveries."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.db.models import QuerySet

from integrations.models import Receipt
from integrations.providers import ADAPTERS


def add_filters(parser: ArgumentParser) -> None:
    """The options that both understand."""
    parser.add_argument("--source", default="", choices=["", *sorted(ADAPTERS)], help="only from this provider")
    parser.add_argument("--code", default="", help="only those with this detail or error code, e.g. malformed")
    parser.add_argument(
        "--outcome",
        default="",
        choices=["", *map(str, Receipt.Outcome.values)],
        help="only with this outcome",
    )


def chosen(options: dict[str, Any]) -> QuerySet[Receipt]:
    """The deliveries without their bodies, which hold personal data and can be large."""
    wanted = {
        "source": options["source"],
        "detail": options["code"],
        "outcome": options["outcome"],
        "received_at__gte": options["since"],
    }
    return Receipt.objects.defer("body").filter(**{name: value for name, value in wanted.items() if value})
