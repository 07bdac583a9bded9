"""`aro sync:status`: when booking systems and carrier were last asked, what that found, and whether webhooks are on."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from aro.models import Due
from integrations.models import SyncState
from integrations.sync import notices, schedule

_DELIVERIES = {
    "on": "its webhooks are on",
    "failing": "its webhooks fail: it cannot reach ARO",
    "off": "its webhooks are switched off",
    "none": "it has no webhook to ARO",
    "renewing": "its webhooks are being switched on again",
}


class Command(BaseCommand):
    help = (
        "Shows for each connected booking system and for replies: the last look, what it found, the next, the webhooks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [_row(name) for name in schedule.asked()]
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write(_words(row))
        if not schedule.configured():
            self.stdout.write("No booking system is connected that can be asked. See docs/how-to/keep-in-step.md.")


def _row(provider: str) -> dict[str, Any]:
    known = SyncState.objects.filter(provider=provider).first() or SyncState(provider=provider)
    due = Due.objects.filter(lane=schedule.LANE, ref=known.id).values_list("due_at", flat=True).first()
    return {
        "provider": provider,
        "running": known.started_at is not None,
        "last_done_at": _iso(known.last_done_at),
        "next_at": _iso(due) if schedule.interval() else None,
        "listed": known.listed,
        "applied": known.applied,
        "missed": known.missed,
        "missed_in_all": known.missed_in_all,
        "unreadable": known.unreadable,
        "failed": known.failed,
        "unlisted": known.unlisted,
        "failures": known.failures,
        "last_error": known.last_error,
        "deliveries": known.deliveries,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _words(row: dict[str, Any]) -> str:
    said = [f"last whole look {row['last_done_at'] or 'never'}"]
    said += [f"under way: {row['listed']} in the list so far"] if row["running"] else [f"{row['listed']} in its list"]
    said += [f"{row['missed']} that no webhook had told of ({row['missed_in_all']} in all)"]
    said += [f"{row['unlisted']} known here and not in its list"] if row["unlisted"] else []
    said += [f"{row['failures']} failed looks, the last with {row['last_error']}"] if row["failures"] else []
    said += [_DELIVERIES[row["deliveries"]]] if row["deliveries"] in _DELIVERIES else []
    said += [f"next look {row['next_at']}"] if row["next_at"] else ["not asked by itself"]
    return f"{notices.label(row['provider'])}: {', '.join(said)}."
