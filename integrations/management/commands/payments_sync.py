"""`aro payments:sync`: asks the payment provider now what became of the deposits, and takes over what was missed."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.outbound import payments_sync
from integrations.outbound.payments_sync import Looked


class Command(BaseCommand):
    help = (
        "Looks at the payment provider for payments, refunds and disputes of which no webhook told. ARO does the same "
        "by itself, every hour while a link is new. Nothing is charged or refunded."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=_some, default=60, help="deposits asked for in so many days (%(default)s)")
        parser.add_argument("--limit", type=_some, default=1000, help="at most so many, newest first (%(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="say what is new, and change nothing")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = payments_sync.wanted(since=payments_sync.days_ago(options["days"]), limit=options["limit"])
        done = [self._tell(one, quiet=options["json"]) for one in payments_sync.run(rows, dry_run=options["dry_run"])]
        if not options["dry_run"]:
            payments_sync.note(done)
        if options["json"]:
            self.stdout.write(json.dumps([one.as_json() for one in done]))
        else:
            self.stdout.write(_summary(done, dry_run=options["dry_run"]))
        if any(one.problem for one in done):
            raise CommandError("Not every deposit could be looked at; see above. ARO tries again by itself.")

    def _tell(self, one: Looked, *, quiet: bool) -> Looked:
        words = one.problem or ", ".join(one.changed)
        if words and not quiet:
            self.stdout.write(f"{one.deposit_id}  {words}")
        return one


def _summary(done: list[Looked], *, dry_run: bool) -> str:
    changed = sum(bool(one.changed) for one in done)
    verb = "would change; nothing was changed" if dry_run else "changed"
    return f"{len(done)} deposits looked at, {changed} {verb}."


def _some(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= 100_000):
        raise ArgumentTypeError("give a whole number from 1 to 100000")
    return int(text)
