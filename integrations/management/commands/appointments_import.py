"""`aro appointments:import`: reads visits from a CSV or iCalendar file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.services import businesses
from aro.errors import AroError
from integrations.imports import run, series, undo
from integrations.imports.rows import FileError
from integrations.imports.run import Summary

USAGE_ERROR = 2
_WORDS = {
    "created": "new visits",
    "changed": "changed",
    "cancelled": "cancelled",
    "unchanged": "known already",
    "past": "left out because they are over",
    "later": "left out because they begin more than half a year ahead",
    "elsewhere": "left out because a booking system has told of them",
    "refused": "with an error",
}


class Command(BaseCommand):
    help = (
        "Reads visits from a .csv or .ics file. The same file twice changes nothing. Rows with an error are named by "
        "line, field and fix; the others are taken over. Nobody is texted unless a consent column says so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the file; its columns are in the docs")
        parser.add_argument(
            "--undo", default="", metavar="ID", help="take back an import: what nobody has touched since"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == bool(options["undo"]):
            raise CommandError("Give a file to read, or --undo with the id of an import.", returncode=USAGE_ERROR)
        try:
            told = self._undo(options) if options["undo"] else self._import(options)
        except (FileError, AroError) as error:
            raise CommandError(str(error), returncode=USAGE_ERROR) from error
        if options["json"]:
            self.stdout.write(json.dumps(told))
        if told.get("problems"):
            raise CommandError("Some rows have errors. Correct them and read the same file again: the rest is known.")

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        path, dry = options["file"], options["dry_run"]
        business = businesses.current()
        digest, rows = run.read(path, business)
        summary = Summary()
        try:
            run.take(rows, business, kind=run.kind_of(path), digest=digest, dry_run=dry, summary=summary)
        except KeyboardInterrupt:
            self.stderr.write(_interrupted(summary, total=len(rows)))
            raise
        if not options["json"]:
            self._say(summary, dry=dry)
        return {
            "batch": str(summary.batch.pk) if summary.batch else None,
            "dry_run": dry,
            "rows": summary.rows,
            **{name: summary.outcomes.get(name, 0) for name in _WORDS},  # type: ignore[call-overload]
            "without_consent": summary.without_consent,
            "repeating": summary.repeating,
            "problems": [vars(problem) for problem in summary.problems],
        }

    def _say(self, summary: Summary, *, dry: bool) -> None:
        for problem in sorted(summary.problems, key=lambda one: one.line):
            self.stdout.write(str(problem))
        parts = [f"{count} {_WORDS[name]}" for name, count in summary.outcomes.items() if count]
        said = ", ".join(parts) or "nothing in it"
        self.stdout.write(f"{'Would be: ' if dry else ''}{summary.rows} rows: {said}.")
        if summary.repeating:
            self.stdout.write(
                f"Visits that repeat were read {series.DAYS_AHEAD} days ahead, at most {series.MOST_VISITS} of each "
                "series. Read the file again later for those that follow."
            )
        if summary.without_consent:
            words = "of the new visits have no consent to texts, so these people are not texted."
            self.stdout.write(f"{summary.without_consent} {words} See docs/how-to/import-appointments.md.")
        if summary.batch and _took(summary):
            self.stdout.write(f"To take it back: aro appointments:import --undo {summary.batch.pk}")

    def _undo(self, options: dict[str, Any]) -> dict[str, Any]:
        batch = undo.find(options["undo"])
        done = undo.undo(batch, dry_run=options["dry_run"])
        if not options["json"]:
            would = "would be " if options["dry_run"] else ""
            self.stdout.write(f"{done.taken_back} visits {would}taken back.")
            if done.left:
                lines = ", ".join(map(str, done.left[:50]))
                self.stdout.write(f"{len(done.left)} were touched since and stay; their lines in the file: {lines}.")
        return {"batch": str(batch.pk), "taken_back": done.taken_back, "left": list(done.left)}


def _took(summary: Summary) -> int:
    """How many rows made or changed something."""
    return sum(summary.outcomes.get(name, 0) for name in ("created", "changed", "cancelled"))


def _interrupted(summary: Summary, *, total: int) -> str:
    if summary.batch is None:
        return "Interrupted. Nothing was changed."
    back = f" To take them back: aro appointments:import --undo {summary.batch.pk}" if _took(summary) else ""
    return (
        f"Interrupted: {summary.rows} of {total} rows were looked at, {_took(summary)} taken. Read the same file again "
        f"to go on; what is known stays.{back}"
    )
