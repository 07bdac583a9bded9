"""`aro keys:check`: whether this host's keys are the ones the database was made with, and what to copy if not."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from aro.ops import key_proofs, keys
from aro.secrets import SecretError

WRITTEN_LATER = "The database has no proofs yet: the first start writes them with this host's keys."


class Command(BaseCommand):
    help = "Whether this host's keys are the database's own; exit 1 and say what to copy from where when not."
    runs_with_any_keys = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        problem, lacking = _problem()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not problem, "problem": problem, "lacking": lacking}))
        else:
            self.stdout.write(problem or _agreed())
        if problem:
            sys.exit(1)


def _problem() -> tuple[str, list[str]]:
    """In words, and the ids of the encryption keys that are not here."""
    try:
        key_proofs.compare()
    except key_proofs.ForeignKeysError as error:
        return str(error), key_proofs.lacking()
    except SecretError as error:
        return str(error), []
    return "", []


def _agreed() -> str:
    if not key_proofs.exist():
        return WRITTEN_LATER
    places = f"{keys.place('hmac_key')} and {keys.place('encryption_keys')}"
    return f"The keys of this host ({places}) are the ones the database was made with."
