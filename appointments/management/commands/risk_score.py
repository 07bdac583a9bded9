"""`aro risk:score`: the no-show risk of every visit in a CSV on standard input."""

import csv
import io
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.risk.rank import category
from appointments.risk.stream import BadRowError, Scored, score

USAGE_ERROR = 2


class Command(BaseCommand):
    help = (
        "Reads a CSV of visits (columns AppointmentID and lead; optionally prior, prior_noshow, last_noshow, "
        "days_since_last, pending, sched_hour, appt_dow, PatientId and sched) and writes AppointmentID,score: the "
        "rank 0-100 within the file, 70 being where the riskiest tenth begins and 40 the riskiest 40 %. "
        "Needs no database."
    )
    requires_system_checks = ()
    runs_with_any_keys = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--probability", action="store_true", help="the probability 0..1 instead of the rank")
        kind.add_argument("--json", action="store_true", help="one JSON object per visit, with category and reasons")

    def handle(self, *args: Any, **options: Any) -> None:
        visits = self._scored()
        if options["json"]:
            self.stdout.writelines(f"{json.dumps(_explained(visit))}\n" for visit in visits)
            return
        figure = _probability if options["probability"] else _score
        csv.writer(self.stdout, lineterminator="\n").writerows((v.appointment_id, figure(v)) for v in visits)

    def _scored(self) -> list[Scored]:
        lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace", newline="")
        try:
            return score(lines)
        except BadRowError as error:
            raise CommandError(str(error), returncode=USAGE_ERROR) from error
        finally:
            lines.detach()


def _score(visit: Scored) -> str:
    """Rounded down, as `rank` does; the decimals keep apart what a whole number would tie."""
    return f"{int(visit.score * 100) / 100:.2f}"


def _probability(visit: Scored) -> str:
    return f"{visit.assessment.probability:.5f}"


def _explained(visit: Scored) -> dict[str, Any]:
    return {
        "appointment_id": visit.appointment_id,
        "score": int(visit.score),
        "category": category(visit.score),
        "probability": round(visit.assessment.probability, 5),
        "reasons": [asdict(reason) | {"points": round(reason.points, 3)} for reason in visit.assessment.reasons],
    }
