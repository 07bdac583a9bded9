"""Bookings from a CSV file. Its columns are in docs/how-to/import-appointments.md."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from appointments.inbound import Booking, Person
from appointments.models import Business
from appointments.services.bookings import IMPORTED
from compliance import phones
from compliance.models import Purpose
from integrations.imports.rows import (
    MOST_ROWS,
    Agreed,
    FileError,
    Row,
    RowError,
    checked_key,
    checked_minutes,
    checked_person,
    local,
)

COLUMNS = (
    "id",
    "starts_at",
    "date",
    "time",
    "timezone",
    "duration_minutes",
    "name",
    "phone",
    "email",
    "language",
    "service",
    "staff_member",
    "location",
    "status",
    "consent_care",
    "consent_marketing",
    "consent_at",
    "consent_wording",
)
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"", "no", "n", "false", "0"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_WRITE_TIME = "Write 2026-12-01 14:30, or 2026-12-01T14:30-05:00."


def read(text: str, business: Business) -> Iterator[Row]:
    """Row by row. Raises `FileError`."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = _header(next(rows, []))
        for count, values in enumerate(rows):
            if count >= MOST_ROWS:
                raise FileError(f"There are more than {MOST_ROWS} rows. Split the file.")
            if any(value.strip() for value in values):
                yield _row(rows.line_num, header, values, business)
    except csv.Error as error:
        raise FileError(f"Line {rows.line_num} is no CSV ({error}). Export the file again as CSV.") from error


def _delimiter(text: str) -> str:
    """The one that the header uses most: spreadsheets of many countries write semicolons."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _header(names: list[str]) -> list[str]:
    found = [name.strip().lower() for name in names]
    for name in found:
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known columns: {', '.join(COLUMNS)}."
            raise FileError(f"The first line names a column {name[:40]!r} that ARO does not know. {hint}")
    if len(set(found)) != len(found):
        raise FileError("The first line names a column twice. Leave one of them out.")
    if "starts_at" not in found and "date" not in found:
        raise FileError("The first line must name a column starts_at (or date and time). See the sample in the docs.")
    return found


def _row(line: int, header: list[str], values: list[str], business: Business) -> Row:
    problems = []
    try:
        if len(values) != len(header):
            raise RowError(
                "row", f"It has {len(values)} values for {len(header)} columns.", "Put quotes around commas."
            )
        cells = {name: value.strip() for name, value in zip(header, values, strict=True)}
        booking = _booking(cells, business)
        return Row(line=line, booking=booking, cancelled=_is_cancelled(cells), agreed=_agreed(cells))
    except RowError as error:
        problems.append(error.at(line))
    return Row(line=line, problems=tuple(problems))


def _booking(cells: Mapping[str, str], business: Business) -> Booking:
    zone = cells.get("timezone") or business.timezone
    starts_at = _starts_at(cells, zone)
    person = Person(
        name=cells.get("name", "")[:200],
        phone=cells.get("phone", "")[:40],
        email=cells.get("email", "")[:254],
        language=cells.get("language", "")[:8],
    )
    return Booking(
        source=IMPORTED,
        external_id=_key(cells, starts_at),
        starts_at=starts_at,
        duration_minutes=_minutes(cells.get("duration_minutes", "")),
        person=checked_person(person, region=phones.region_of(business.timezone)),
        timezone=zone,
        service=cells.get("service", "")[:200],
        staff_member=cells.get("staff_member", "")[:120],
        location=cells.get("location", "")[:200],
    )


def _starts_at(cells: Mapping[str, str], zone: str) -> datetime:
    """`starts_at` as written, with an offset or at the clocks of `zone`; or `date` and `time`."""
    field = "starts_at" if cells.get("starts_at") else "date"
    text = cells.get("starts_at") or f"{cells.get('date', '')} {cells.get('time', '')}".strip()
    return _moment(text, zone, field=field)


def _moment(text: str, zone: str, *, field: str) -> datetime:
    date, _, rest = text.replace("T", " ").partition(" ")
    if not _DATE.fullmatch(date) or not _TIME.match(rest.strip()):
        raise RowError(field, "This is no date with a time.", _WRITE_TIME)
    clock_time = rest.strip().rjust(5, "0") if _TIME.fullmatch(rest.strip()) else rest.strip()
    try:
        found = datetime.fromisoformat(f"{date}T{clock_time}")
    except ValueError:
        raise RowError(field, "There is no such date or time.", _WRITE_TIME) from None
    return found.astimezone(UTC) if found.tzinfo else local(found, zone, field=field)


def _key(cells: Mapping[str, str], starts_at: datetime) -> str:
    """The row's own id; without one, who comes and when: the same row read again is the same visit."""
    if cells.get("id"):
        return checked_key(cells["id"], field="id")
    who = [cells.get(name, "").casefold() for name in ("name", "phone", "email")]
    return "row:" + hashlib.sha256("\0".join([*who, starts_at.isoformat()]).encode()).hexdigest()


def _minutes(text: str) -> int:
    if not text:
        return 30
    whole = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return checked_minutes(whole, field="duration_minutes")


def _is_cancelled(cells: Mapping[str, str]) -> bool:
    status = cells.get("status", "").lower()
    if status in ("", "booked", "confirmed"):
        return False
    if status in ("cancelled", "canceled"):
        return True
    raise RowError("status", "This status is not known.", "Write booked or cancelled.")


def _agreed(cells: Mapping[str, str]) -> tuple[Agreed, ...]:
    """What the person agreed to. An empty cell means that nothing is known, and nothing is recorded."""
    purposes = (("consent_care", Purpose.CARE), ("consent_marketing", Purpose.MARKETING))
    given = [purpose for column, purpose in purposes if _yes(cells, column)]
    at = _moment(cells["consent_at"], "UTC", field="consent_at") if cells.get("consent_at") and given else None
    return tuple(Agreed(purpose=one, at=at, wording=cells.get("consent_wording", "")[:500]) for one in given)


def _yes(cells: Mapping[str, str], column: str) -> bool:
    answer = cells.get(column, "").lower()
    if answer not in _YES | _NO:
        raise RowError(column, "This is neither yes nor no.", "Write yes, no, or leave it empty.")
    return answer in _YES
