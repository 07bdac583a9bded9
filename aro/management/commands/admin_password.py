"""`aro admin:password`: gives the login `admin` a new password and prints it once."""

from __future__ import annotations

import json
import secrets
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aro.console import complain
from aro.ops.bootstrap import ADMIN, set_password


class Command(BaseCommand):
    help = "Gives the login `admin` a new password, prints it once, and gives it its rights back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"] and not sys.stdin.isatty():
            raise CommandError("The old password would stop working. Say --yes to go on.", returncode=2)
        if not options["yes"] and not self._agreed():
            complain("Nothing was changed.")
            return
        password = secrets.token_urlsafe(12)
        set_password(password)
        self._show(password, as_json=options["json"])

    def _agreed(self) -> bool:
        self.stderr.write("The old password of 'admin' stops working. Go on? [y/N] ", ending="")
        return input().strip().lower() in ("y", "yes")

    def _show(self, password: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"user": ADMIN, "password": password}))
        else:
            self.stdout.write(f"Login: {ADMIN} / {password}   (shown only now)")
