"""`aro dlq:show`: one dead letter: what failed, why, and what a replay would do."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from aro.models import DeadLetter
from integrations.management.commands.dlq_list import row
from workflows.commands.replays import judge_letter


class Command(BaseCommand):
    help = "Show a dead letter: what failed, how often, where in the code, and what replaying it would do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=UUID, help="the letter's id, from dlq:list")
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, **options: Any) -> None:
        letter = DeadLetter.objects.filter(pk=options["id"]).first()
        if letter is None:
            raise CommandError(f"There is no dead letter {options['id']}. `aro dlq:list` lists them.")
        verdict = judge_letter(letter)
        shown = row(letter) | {"replay": str(verdict.does), "why": verdict.words}
        if options["json"]:
            self.stdout.write(json.dumps(shown | {"context": letter.context, "stack": letter.stack}))
            return
        for name, value in shown.items():
            self.stdout.write(f"{name:18} {value if value is not None else '-'}")
        if letter.stack:
            self.stdout.write(f"\nWhere in the code:\n{letter.stack}")
