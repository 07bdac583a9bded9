"""`aro keys:forget ID`: an encryption key that is gone for good is expected no longer, if nothing is sealed with it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from aro.ops import key_proofs
from compliance.audit import chain
from compliance.models import Actor


class Command(BaseCommand):
    help = (
        "Expect a lost encryption key no longer: `aro keys:check` gives its ID. Refused while stored values are sealed "
        "with it. The HMAC key cannot be forgotten: without it nobody who said STOP would be found."
    )
    runs_with_any_keys = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the key's ID, as keys:check shows it")
        parser.add_argument("--yes", action="store_true", help="do it; without it, it is only said what would be done")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["id"] not in key_proofs.lacking():
            raise CommandError(
                f"{options['id']} is not the ID of a key that this host lacks. See: aro keys:check", returncode=2
            )
        if options["yes"]:
            self._forget(options["id"])
        if options["json"]:
            self.stdout.write(json.dumps({"id": options["id"], "forgotten": options["yes"]}))
        elif options["yes"]:
            self.stdout.write("Forgotten. Nothing is sealed with that key any more.")
        else:
            self.stdout.write("The key would be expected no longer. Say --yes to go on.")

    @staticmethod
    def _forget(key_id: str) -> None:
        with transaction.atomic():
            key_proofs.forget(key_id)
            chain.write(
                action="keys.forget",
                actor=Actor.ADMIN,
                actor_id="cli keys:forget",
                resource_type="key",
                resource_id=key_id,
            )
