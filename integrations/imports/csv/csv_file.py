"""Bookings from a CSV file. Its columns are in docs/how-to/import-appointments.md."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from appointments.inbound import Booking, Person
from appointments.models import Business
from appointments.services.booking.bookings import IMPORTED
from aro import clock
from compliance.models import Purpose
from integrations.imports import labels, titles
from integrations.imports.csv import status_words
from integrations.imports.rows import (
    MOST_ROWS,
    Agreed,
    FileError,
    Row,
    RowError,
    cancelled_one,
    checked_key,
    checked_minutes,
    checked_person,
    local,
    out_of_reach,
    own_number,
    plain,
    refuse_whole_day,
    utc,
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
# What a visit is called whose row has no id.
NAMELESS = "row:"
# So many lines that are no CSV, and the file is not one.
MOST_SPOILED = 50
_NAMED_SEPARATOR = re.compile(r"\"?sep=([,;|\t])\"?\s*$", re.IGNORECASE)
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"", "no", "n", "false", "0"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_WRITE_TIME = "Write 2026-12-01 14:30, or 2026-12-01T14:30-05:00."


def read(text: str, business: Business) -> Iterator[Row]:
    """Row by row. Raises `FileError`."""
    lines = list(io.StringIO(text, newline=""))
    delimiter, first = _separator(lines)
    records = _records(lines, first, delimiter)
    header = _header(next((values for _, values in records if isinstance(values, list)), []))
    count = 0
    for line, values in records:
        count += 1
        if count > MOST_ROWS:
            raise FileError(f"There are more than {MOST_ROWS} rows. Split the file.")
        if isinstance(values, RowError):
            yield Row(line=line, problems=(values.at(line),))
        elif any(value.strip() for value in values):
            yield _row(line, header, values, business)
    if not count:
        raise FileError("The file names its columns and has no row under them. Export it again with its rows.")


def _separator(lines: list[str]) -> tuple[str, int]:
    """What stands between values, and the header's index. A first line `sep=;`, which Excel reads, says it; else it is
    the one that the header uses most: spreadsheets of many countries write semicolons."""
    named = _NAMED_SEPARATOR.match(lines[0]) if lines else None
    if named:
        return named.group(1), 1
    first = lines[0] if lines else ""
    return max(",;\t", key=first.count), 0


def _records(lines: list[str], first: int, delimiter: str) -> Iterator[tuple[int, list[str] | RowError]]:
    """Each record with the number of its last line. A line that is no CSV spoils no other: reading goes on below it."""
    at, spoiled = first, 0
    while at < len(lines):
        reader, read = csv.reader(lines[at:], delimiter=delimiter, strict=True), 0
        try:
            for values in reader:
                read = reader.line_num
                yield at + read, values
            return
        except csv.Error as error:
            spoiled += 1
            if spoiled > MOST_SPOILED:
                raise FileError(f"Line {at + read + 1} and many others are no CSV. Export the file again.") from error
            yield at + read + 1, RowError("row", f"This line is no CSV ({error}).", "Check its quotation marks.")
            at += read + 1


def _header(names: list[str]) -> list[str]:
    """The columns; one without a name is empty. Raises `FileError`."""
    found = [name.strip().lower() for name in names]
    for name in filter(None, found):
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known columns: {', '.join(COLUMNS)}."
            raise FileError(f"The first line names a column {name[:40]!r} that ARO does not know. {hint}")
    named = [name for name in found if name]
    if len(set(named)) != len(named):
        raise FileError("The first line names a column twice. Leave one of them out.")
    if "starts_at" not in found and "date" not in found:
        raise FileError("The first line must name a column starts_at (or date and time). See the sample in the docs.")
    return found


def _row(line: int, header: list[str], values: list[str], business: Business) -> Row:
    try:
        cells = _cells(header, values)
        title = titles.read(cells.get("name", ""))
        title.refuse_unsettled("name")
        booking = _booking({**cells, "name": title.name}, business)
        off = title.is_off(booking.starts_at) or _is_cancelled(cells, booking.starts_at)
        lacking = None if off else out_of_reach(booking.person)
        told = Row(line=line, booking=booking, cancelled=off, agreed=_agreed(cells))
        return replace(told, unless_known=lacking.at(line)) if lacking else told
    except RowError as error:
        return Row(line=line, problems=(error.at(line),))


def _cells(header: list[str], values: list[str]) -> dict[str, str]:
    """What stands under each name. Excel leaves empty columns at the end, and sometimes leaves them out."""
    named = {name: value.strip() for name, value in zip(header, values, strict=False) if name}
    nameless = [value for name, value in zip(header, values, strict=False) if not name] + values[len(header) :]
    if any(value.strip() for value in nameless):
        what = f"It has {len(values)} values for {len(header)} columns, or one under no name."
        raise RowError("row", what, "Put quotes around commas, and name the column.")
    if len(values) < len(header) and not _says_enough(named):
        raise RowError("row", f"It has {len(values)} values for {len(header)} columns.", "Put quotes around commas.")
    return named


def _says_enough(cells: Mapping[str, str]) -> bool:
    """Who comes and when: only then were the missing values at the end empty ones."""
    return bool((cells.get("starts_at") or cells.get("date")) and (cells.get("phone") or cells.get("email")))


def _booking(cells: Mapping[str, str], business: Business) -> Booking:
    """Of a visit that is off its id is enough."""
    try:
        return _whole_booking(cells, business)
    except RowError:
        if not cells.get("id") or plain(cells.get("status", "")) not in status_words.CANCELLED:
            raise
        return cancelled_one(checked_key(cells["id"], field="id"), clock.now())


def _whole_booking(cells: Mapping[str, str], business: Business) -> Booking:
    zone = cells.get("timezone") or business.timezone
    starts_at, minutes = _starts_at(cells, zone), _minutes(cells.get("duration_minutes", ""))
    refuse_whole_day([starts_at.astimezone(ZoneInfo(zone))], minutes, field="duration_minutes")
    labels.refuse(cells.get("phone", ""), "phone")
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
        duration_minutes=minutes,
        person=checked_person(person, **own_number(business)),
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
    return utc(found, field=field) if found.tzinfo else local(found, zone, field=field)


def _key(cells: Mapping[str, str], starts_at: datetime) -> str:
    """The row's own id; without one, who comes and when: the same row read again is the same visit."""
    if cells.get("id"):
        return checked_key(cells["id"], field="id")
    who = [cells.get(name, "").casefold() for name in ("name", "phone", "email")]
    return NAMELESS + hashlib.sha256("\0".join([*who, starts_at.isoformat()]).encode()).hexdigest()


def _minutes(text: str) -> int:
    if not text:
        return 30
    whole = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return checked_minutes(whole, field="duration_minutes")


def _is_cancelled(cells: Mapping[str, str], starts_at: datetime) -> bool:
    status = plain(cells.get("status", ""))
    if status in status_words.CANCELLED:
        return True
    if status in status_words.BOOKED or (status in status_words.OVER and starts_at <= clock.now()):
        return False
    raise RowError("status", *_unclear(status))


def _unclear(status: str) -> tuple[str, str]:
    """What is wrong with such a status, and what to do."""
    if status in status_words.OVER:
        return "It says that the visit is over, and it is still to come.", "Correct its date, or write booked."
    if status in status_words.MOVED:
        what = "It does not say whether this is the old time or the new one."
        return what, "Write booked with the new time, and cancelled where the old one has a row of its own."
    if status in status_words.UNSETTLED:
        return "It says that the visit is not settled yet.", "Leave the row out until it is, then write booked."
    return "This status is not known.", "Write booked or cancelled."


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
