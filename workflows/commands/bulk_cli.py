"""What the commands that work on many rows have in common: choosing, a dry run, asking first, progress, the answer."""

from __future__ import annotations

import json
import os
import pwd
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from aro import clock
from aro.queue.replay import Does
from workflows.commands import bulk
from workflows.commands.bulk import Kind, Result

USAGE_ERROR = 2
PROGRESS_EVERY = 100
MOST = 1_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_AGO = re.compile(r"([0-9]{1,5})([mhd])", re.ASCII)


def moment(text: str) -> datetime:
    """`90m`, `24h` and `7d` ago, or an ISO 8601 time; UTC when it names no zone."""
    ago = _AGO.fullmatch(text)
    if ago:
        return clock.now() - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time. Write 24h, 7d or 2026-11-24T09:00:00Z.") from None
    if not FIRST_YEAR <= found.year < LAST_YEAR:
        raise ArgumentTypeError(f"give a time between the years {FIRST_YEAR} and {LAST_YEAR}")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def limit(text: str) -> int:
    """For `--limit`: how many rows at most."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) and 1 <= int(text) <= MOST):
        raise ArgumentTypeError(f"give a whole number from 1 to {MOST}")
    return int(text)


def caller(command: str) -> str:
    """Who runs this, for the audit log: the account on this machine."""
    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user need not have a name
        account = str(os.getuid())
    return f"aro {command} by {account}"[:64]


class BulkCommand(BaseCommand):
    """A command on rows named by id, or chosen by filters. Many are done only with `--yes` or after asking."""

    name: ClassVar[str]
    kind: ClassVar[Kind]
    # In the answers: "3 replayed".
    past: ClassVar[str] = "replayed"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=UUID, metavar="ID", help="these; without ids, the filters choose")
        self.add_filters(parser)
        parser.add_argument("--since", type=moment, help="only from this time on: 24h, 7d or an ISO 8601 time")
        parser.add_argument("--all", action="store_true", help="all; needed without an id and a filter")
        parser.add_argument("--limit", type=limit, help="at most this many, oldest first")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def add_filters(self, parser: ArgumentParser) -> None:
        """The options that choose rows, besides `--since`."""
        raise NotImplementedError

    def rows(self, options: dict[str, Any]) -> QuerySet[Any]:
        """What the filters choose, oldest first."""
        raise NotImplementedError

    def named(self, ids: list[UUID]) -> QuerySet[Any]:
        """The rows with these ids, whatever state they are in."""
        raise NotImplementedError

    def filters(self, options: dict[str, Any]) -> bool:
        """Whether any filter was given."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        rows = self._chosen(options)
        if options["dry_run"]:
            self._answer(bulk.forecast(self.kind, rows), options)
            return
        refs = list(rows.values_list("pk", flat=True))
        if not options["ids"]:
            self._ask(len(refs), options)
        results = bulk.carry_out(self.kind, refs, actor_id=caller(self.name))
        self._answer(self._with_progress(results, len(refs), options), options)

    def _chosen(self, options: dict[str, Any]) -> QuerySet[Any]:
        if options["ids"]:
            return self._all_named(options["ids"])
        if not (options["all"] or options["since"] or options["limit"] or self.filters(options)):
            raise CommandError(
                "Say which: name ids, choose with a filter, or give --all. --dry-run shows what would be done.",
                returncode=USAGE_ERROR,
            )
        rows = self.rows(options)
        return rows[: options["limit"]] if options["limit"] else rows

    def _all_named(self, ids: list[UUID]) -> QuerySet[Any]:
        rows = self.named(ids)
        missing = set(ids) - set(rows.values_list("pk", flat=True))
        if missing:
            raise CommandError(f"There is no such id: {', '.join(sorted(map(str, missing)))}. Nothing was done.")
        return rows

    def _ask(self, count: int, options: dict[str, Any]) -> None:
        if options["yes"] or not count:
            return
        if options["json"] or not sys.stdin.isatty():
            raise CommandError(
                f"{count} would be {self.past}. Look with --dry-run, then repeat it with --yes.", returncode=USAGE_ERROR
            )
        self.stderr.write(f"{count} will be {self.past}. Go on? [y/N] ", ending="")
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was done.")

    def _with_progress(self, results: Iterator[Result], total: int, options: dict[str, Any]) -> Iterator[Result]:
        for count, result in enumerate(results, 1):
            yield result
            if count % PROGRESS_EVERY == 0 and not options["json"]:
                self.stderr.write(f"{count} of {total}")

    def _answer(self, results: Iterator[Result], options: dict[str, Any]) -> None:
        done = list(results)
        counts = bulk.tally(done)
        if options["json"]:
            rows = [{"id": str(one.ref), "does": str(one.does), "why": one.words} for one in done]
            figures = {str(does): counts[does] for does in Does}
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], **figures, "rows": rows}))
        else:
            self._say(done, dry=options["dry_run"])
        if counts[Does.REFUSED] and not options["dry_run"]:
            sys.exit(1)

    def _say(self, done: list[Result], *, dry: bool) -> None:
        for one in done:
            self.stdout.write(f"{one.ref}  {one.does:9}  {one.words}")
        counts = bulk.tally(done)
        would = "would be " if dry else ""
        self.stdout.write(
            f"{counts[Does.AGAIN]} {would}{self.past}, {counts[Does.UNCHANGED]} unchanged, "
            f"{counts[Does.REFUSED]} refused." + (" Nothing was changed." if dry else "")
        )
