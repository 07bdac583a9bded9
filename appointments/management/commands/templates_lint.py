"""`aro templates:lint`: checks every shipped wording and every one the business wrote itself."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from appointments import profiles
from appointments.texts import lint
from appointments.texts.catalogue import Choice


class Command(BaseCommand):
    help = "Check the wording of every message; exit 1 when one breaks a rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--profile", choices=profiles.available(), help="only this profile's texts (default: all profiles)"
        )
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = [options["profile"]] if options["profile"] else profiles.available()
        checked = [found for profile in wanted for found in lint.lint_pack(profile)] + lint.lint_own()
        languages = [found for profile in wanted for found in lint.lint_words(profile)]
        rows = [_row(choice, findings) for choice, findings in checked]
        rows += [_language_row(code, what) for code, what in languages]
        self.stdout.write(json.dumps(rows) if options["json"] else _report(rows))
        if any(row["errors"] for row in rows):
            sys.exit(1)


def _row(choice: Choice, findings: lint.Findings) -> dict[str, Any]:
    return {"text": choice.label, "tone": choice.tone, "errors": findings.errors, "warnings": findings.warnings}


def _language_row(code: str, what: str) -> dict[str, Any]:
    return {"text": f"opt-out line/{code}", "tone": "", "errors": [what], "warnings": []}


def _report(rows: list[dict[str, Any]]) -> str:
    lines = [
        f"{severity}  {row['text']} ({row['tone']}): {sentence}"
        for severity, key in (("ERROR  ", "errors"), ("warning", "warnings"))
        for row in rows
        for sentence in row[key]
    ]
    errors, warnings = (sum(len(row[key]) for row in rows) for key in ("errors", "warnings"))
    return "\n".join([*lines, f"{len(rows)} texts checked: {errors} errors, {warnings} warnings."])
