"""`aro prove`: disturb this installation in every way known, then count what was sent."""

from __future__ import annotations

import json
import random
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aro import paths
from aro.console import PlainError
from aro.ops.supervise import instance
from integrations.proving import faults
from integrations.proving.battery import Battery
from integrations.proving.report import Report, in_words
from integrations.proving.sandbox import Sandbox

USAGE, NOT_PERMITTED = 2, 3
LEAST_BOOKINGS = 20


def _count(words: str) -> int:
    if not words.isdecimal():
        raise ArgumentTypeError(f"{words!r} is no number of things: give 0 or more.")
    return int(words)


def _end(number: int, frame: FrameType | None) -> None:
    """As Ctrl-C does: what was switched on is switched off on the way out."""
    sys.exit(128 + number)


class Command(BaseCommand):
    help = "The crash-and-race battery on this installation (sandbox mode only): every promise is looked at."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kills", type=_count, default=50, help="how many random SIGKILLs (default: %(default)s)")
        parser.add_argument("--bookings", type=_count, help="bookings during the kills (default: two for each kill)")
        parser.add_argument("--seed", type=int, help="replays the same faults, victims and pauses")
        known = ", ".join(("all", "none", *faults.FAMILIES))
        parser.add_argument("--faults", default="all", help=f"{known}, or names with commas (default: %(default)s)")
        parser.add_argument("--report", metavar="FILE", help="write the report for people there as well")
        parser.add_argument("--json", action="store_true", help="machine-readable report on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ARO_MODE != "sandbox":
            raise CommandError(
                "`aro prove` kills processes, so it runs in sandbox mode only.", returncode=NOT_PERMITTED
            )
        battery = self._battery(options)
        if instance.running_pid() is None:
            raise CommandError(
                f"ARO is not running on {paths.home()}, so there is nothing to disturb. Start it in another terminal "
                "(ARO_MODE=sandbox aro up), then say this again."
            )
        signal.signal(signal.SIGTERM, _end)
        try:
            report = battery.run()
        except PlainError as error:
            raise CommandError(str(error)) from error
        self._tell(report, options)
        if not report.ok:
            self.stderr.write(f"The same again: {report.again}", self.style.NOTICE)
            sys.exit(1)

    def _battery(self, options: dict[str, Any]) -> Battery:
        given, bookings = options["seed"], options["bookings"]
        return Battery(
            Sandbox(settings.SANDBOX_PORT),
            chosen=self._known(options["faults"]),
            bookings=max(LEAST_BOOKINGS, 2 * options["kills"]) if bookings is None else bookings,
            kills=options["kills"],
            seed=random.SystemRandom().randrange(10_000) if given is None else given,
            say=lambda line: self.stderr.write(line, self.style.NOTICE),
        )

    def _known(self, words: str) -> str:
        try:
            faults.chosen(words)
        except ValueError as error:
            names = ", ".join(fault.name for fault in faults.ALL)
            raise CommandError(
                f"There is no fault called {error}. Use all, none, a family ({', '.join(faults.FAMILIES)}) "
                f"or names: {names}.",
                returncode=USAGE,
            ) from error
        return words.replace(" ", "")

    def _tell(self, report: Report, options: dict[str, Any]) -> None:
        words = in_words(report)
        if options["report"]:
            Path(options["report"]).write_text(words + "\n", encoding="utf-8")
        self.stdout.write(json.dumps(report.as_dict()) if options["json"] else words)
