"""A CSV of visits in, a risk for each out: what `risk:score` does, without a database.

The columns are those of a booking system's export: `AppointmentID` and `lead` (days from booking to visit) must be
there; `prior`, `prior_noshow`, `last_noshow`, `days_since_last`, `pending`, `sched_hour` and `appt_dow` are used when
present, and so are `PatientId` and `sched` (time of booking), which show bookings made together. -1 or nothing means
unknown. Every other column is ignored. The whole file counts as the clinic's recent bookings for the rank.

The weights are the reference ones. The outcomes a file lets one infer (a later row tells how the same person's last
visit went) are not learned from: only people who come back reveal them, and measured on real visits that made the
ranking worse.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from appointments.risk.features import Visit
from appointments.risk.rank import Quantiles, position
from appointments.risk.score import Assessment, assess

REQUIRED: Final = ("AppointmentID", "lead")
MOST: Final = 10_000
"""No count or number of days in a clinic's export is larger; a number beyond is a shifted column."""

HIGHEST: Final = MappingProxyType(
    {
        "lead": MOST,
        "prior": MOST,
        "prior_noshow": MOST,
        "last_noshow": 1,
        "days_since_last": 36_500,
        "pending": MOST,
        "sched_hour": 23,
        "appt_dow": 6,
    }
)
"""Column read -> largest number that can be right (days_since_last: a century)."""

UNKNOWN: Final = -1


class BadRowError(ValueError):
    """A row or header that cannot be read. The message names line and field, never the value: it may be personal."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file that made sense."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scored:
    """One visit's result; `score` is the rank 0-100 within the file."""

    appointment_id: str
    score: float
    assessment: Assessment


def score(lines: Iterable[str]) -> list[Scored]:
    """Risk of every visit in the CSV, in the file's order. Raises BadRowError."""
    rows = list(_rows(lines))
    together = _booked_same_day(rows)
    assessed = [assess(_visit(row, earlier)) for row, earlier in zip(rows, together, strict=True)]
    quantiles = Quantiles.of(assessment.probability for assessment in assessed)
    return [
        Scored(row.cells["AppointmentID"], position(assessment.probability, quantiles), assessment)
        for row, assessment in zip(rows, assessed, strict=True)
    ]


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    reader = csv.DictReader(lines, strict=True)
    try:
        _check_header(reader.fieldnames or ())
        for cells in reader:
            yield _row(reader.line_num, cells)
    except csv.Error as error:
        raise BadRowError(f"line {reader.reader.line_num}: not readable as CSV; export the file again") from error


def _check_header(names: Iterable[str]) -> None:
    missing = [name for name in REQUIRED if name not in set(names)]
    if missing:
        raise BadRowError(f"line 1: column {' and '.join(missing)} missing; the first line must name the columns")


def _row(line: int, cells: Mapping[str | None, str | None]) -> Row:
    if None in cells or None in cells.values():
        raise BadRowError(
            f"line {line}: not as many fields as the first line has; look for a stray comma or line break"
        )
    row = Row(line, {name: value.strip() for name, value in cells.items() if name and value})
    if not row.cells.get("AppointmentID"):
        raise BadRowError(f"line {line}: AppointmentID is empty; every visit needs one")
    return row


def _booked_same_day(rows: list[Row]) -> list[int]:
    """Per row: the bookings the same person had made earlier that day; 0 where person or time is not given."""
    made: Counter[tuple[str, str]] = Counter()
    earlier = [0] * len(rows)
    for place in sorted(range(len(rows)), key=lambda place: rows[place].cells.get("sched", "")):
        person, day = rows[place].cells.get("PatientId", ""), rows[place].cells.get("sched", "")[:10]
        if person and day:
            earlier[place] = made[person, day]
            made[person, day] += 1
    return earlier


def _visit(row: Row, booked_same_day: int) -> Visit:
    known = {column: _number(row, column, highest) for column, highest in HIGHEST.items()}
    visits, missed, last = known["prior"] or 0, known["prior_noshow"] or 0, known["last_noshow"]
    if missed > visits:
        raise BadRowError(f"line {row.line}: prior_noshow is larger than prior; correct the row")
    return Visit(
        lead_days=_required(row, known["lead"], "lead"),
        prior_visits=visits,
        prior_no_shows=missed,
        last_was_no_show=None if last is None else bool(last),
        days_since_last=known["days_since_last"],
        pending=known["pending"] or 0,
        booked_same_day=booked_same_day,
        booked_hour=known["sched_hour"],
        weekday=known["appt_dow"],
    )


def _required(row: Row, number: int | None, column: str) -> int:
    if number is None:
        raise BadRowError(f"line {row.line}: {column} must be a whole number from 0; correct the row")
    return number


def _number(row: Row, column: str, highest: int) -> int | None:
    """None when unknown. Spreadsheets write whole numbers as 3.0 too."""
    text = row.cells.get(column, str(UNKNOWN)).removesuffix(".0")
    if text == str(UNKNOWN):
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= highest):
        raise BadRowError(f"line {row.line}: {column} must be a whole number from 0 to {highest}; correct the row")
    return int(text)
