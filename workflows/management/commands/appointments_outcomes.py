"""`aro appointments:outcomes`: say of visits that are over and in doubt whether the patient came."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from workflows.commands import visit_outcomes
from workflows.commands.bulk_cli import USAGE_ERROR, caller
from workflows.commands.visit_outcomes import Said


class Command(BaseCommand):
    help = (
        "Visits that are over and of which nobody knows whether the patient came. Without an answer it lists them; "
        "--all-came says of all of them that they came, less those named by --absent and --except."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--came", nargs="+", type=UUID, default=[], metavar="ID", help="these came")
        parser.add_argument("--absent", nargs="+", type=UUID, default=[], metavar="ID", help="these did not come")
        parser.add_argument("--all-came", action="store_true", help="all others came")
        parser.add_argument(
            "--except", nargs="+", type=UUID, default=[], metavar="ID", dest="left_open", help="these stay open"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        answers = self._answers(options)
        if not answers or options["dry_run"]:
            self._show(answers, options)
            return
        self._ask(len(answers), options)
        said = list(visit_outcomes.say(answers.items(), actor_id=caller("appointments:outcomes")))
        self._report(said, options)
        if any(one.refused for one in said):
            sys.exit(1)

    def _answers(self, options: dict[str, Any]) -> dict[UUID, str]:
        waiting = list(visit_outcomes.waiting().values_list("pk", flat=True))
        named = [*options["came"], *options["absent"], *options["left_open"]]
        unknown = set(named) - set(waiting)
        if unknown or len(named) != len(set(named)):
            which = ", ".join(sorted(map(str, unknown))) or "one named twice"
            raise CommandError(
                f"Not asked about: {which}. Without options this lists those that are.", returncode=USAGE_ERROR
            )
        found = dict.fromkeys(waiting, visit_outcomes.CAME) if options["all_came"] else {}
        found |= dict.fromkeys(options["came"], visit_outcomes.CAME) | dict.fromkeys(
            options["absent"], visit_outcomes.ABSENT
        )
        return {visit: answer for visit, answer in found.items() if visit not in options["left_open"]}

    def _ask(self, count: int, options: dict[str, Any]) -> None:
        if options["yes"]:
            return
        if not sys.stdin.isatty():
            raise CommandError("Give --yes to answer without being asked.", returncode=USAGE_ERROR)
        self.stderr.write(f"{count} will be answered. Go on? [y/N] ", ending="")
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was done.")

    def _show(self, answers: dict[UUID, str], options: dict[str, Any]) -> None:
        rows = [
            {"id": str(visit.pk), "starts_at": visit.starts_at.isoformat(), "answer": answers.get(visit.pk, "open")}
            for visit in visit_outcomes.waiting()
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": True, "rows": rows}))
            return
        for row in rows:
            self.stdout.write(f"{row['id']}  {row['starts_at']}  {row['answer']}")
        self.stdout.write(f"{len(rows)} visits wait for an answer. Nothing was changed.")

    def _report(self, said: list[Said], options: dict[str, Any]) -> None:
        if options["json"]:
            rows = [{"id": str(one.visit), "answer": one.answer, "refused": one.refused} for one in said]
            self.stdout.write(json.dumps({"dry_run": False, "rows": rows}))
            return
        for one in said:
            self.stdout.write(f"{one.visit}  {one.answer}{f'  refused: {one.refused}' if one.refused else ''}")
