"""Takes the rows of a file over as visits.

The same file read twice changes nothing. Nobody is texted without consent: a row grants it only where its own column
says so.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from django.db import IntegrityError, transaction

from appointments import states
from appointments.inbound import Booking, BookingCancelled, BookingCreated, BookingMoved
from appointments.models import Appointment, Business
from appointments.services.booking import bookings, corrections
from aro import clock
from aro.ids import new_id
from compliance import consent, phones
from compliance.audit import chain
from compliance.models import Actor, Channel, Consent
from integrations.imports import letters, series
from integrations.imports.csv import csv_file, csv_names
from integrations.imports.ics import ics_file, organizers
from integrations.imports.rows import LARGEST_FILE, FileError, Problem, Row, newest, without_repeats
from integrations.models import ImportBatch, ImportedVisit

# Rows per transaction: SQLite has one writer, and a webhook must not wait long for it.
TOGETHER = 20
BY = "aro appointments:import"
_COMPARE = "Compare it with the rows that were; the log in the logs folder says why."
Outcome = Literal["created", "changed", "cancelled", "unchanged", "past", "later", "elsewhere", "refused"]

logger = logging.getLogger(__name__)


@dataclass
class Summary:
    """What a file brought, or in a dry run would bring. `outcomes` counts rows by what became of them, `repeating` of
    all rows those of visits that repeat."""

    batch: ImportBatch | None = None
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    without_consent: int = 0
    repeating: int = 0
    problems: list[Problem] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def add(self, problem: Problem) -> None:
        """Once: a series has one for all of its visits."""
        if problem not in self.problems:
            self.problems.append(problem)

    @property
    def rows(self) -> int:
        return sum(self.outcomes.values())


def kind_of(path: Path) -> str:
    """`csv` or `ics`, by the file's name. Raises `FileError`."""
    kind = path.suffix.lower().lstrip(".")
    if kind not in ("csv", "ics"):
        raise FileError("ARO reads .csv and .ics files. Save it as one of these.")
    return kind


def read(path: Path, business: Business) -> tuple[str, list[Row]]:
    """The file's digest and its rows. Raises `FileError`."""
    kind, content = kind_of(path), _content(path)
    if kind == "csv":
        rows = without_repeats(csv_names.known_again(csv_file.read(letters.csv_text(content), business), business))
    else:
        found = ics_file.read(letters.ics_text(content), business, lines=letters.event_lines(content))
        rows = series.unfold(without_repeats(newest(found)), business)
    return hashlib.sha256(content).hexdigest(), rows


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileError("The file is larger than 10 MB. Split it.")
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"The file cannot be read: {error.strerror}. Check its name and its rights.") from error


def take(  # noqa: PLR0913 - a file, whose it is, and how to take it
    rows: Sequence[Row],
    business: Business,
    *,
    kind: str,
    digest: str,
    dry_run: bool = False,
    summary: Summary | None = None,
) -> Summary:
    """Makes visits of the rows, a few per transaction; a dry run takes them back. `summary` grows with each."""
    summary = summary or Summary()
    summary.problems = [problem for row in rows for problem in row.problems]
    summary.repeating = sum(row.of_series or row.repeats is not None for row in rows)
    if not dry_run:
        summary.batch = ImportBatch.objects.create(tenant_id=business.tenant_id, kind=kind, digest=digest)
    for start in range(0, len(rows), TOGETHER):
        _chunk(rows[start : start + TOGETHER], business, summary, dry_run=dry_run)
    if summary.batch is not None:
        _note(summary.batch, summary)
    return summary


def _chunk(rows: Iterable[Row], business: Business, summary: Summary, *, dry_run: bool) -> None:
    outcomes = []
    with transaction.atomic():
        for row in rows:
            outcomes.append(_one(row, business, summary))
        if dry_run:
            transaction.set_rollback(True)
    for outcome in outcomes:  # only what is stored counts
        summary.count(outcome)


def _one(row: Row, business: Business, summary: Summary) -> Outcome:
    """One row; what cannot be stored is one more problem and harms no other row."""
    if row.booking is None:
        return "refused"
    try:
        return _stored(row, row.booking, business, summary)
    except Exception as error:  # noqa: BLE001 - one row must not hold up the others
        logger.warning("a row of an import cannot be stored", extra={"error": type(error).__name__, "line": row.line})
        summary.problems.append(Problem(line=row.line, field="row", what="It could not be stored.", fix=_COMPARE))
        return "refused"


def _stored(row: Row, booking: Booking, business: Business, summary: Summary) -> Outcome:
    """Once more where somebody else who reads the same file was first: then the visit is known."""
    with suppress(IntegrityError), transaction.atomic():
        return _apply(row, booking, business, summary)
    with transaction.atomic():
        return _apply(row, booking, business, summary)


def _apply(row: Row, booking: Booking, business: Business, summary: Summary) -> Outcome:
    if row.repeats is not None:
        return "later"
    before = bookings.find(booking.source, row.before) if row.before else None
    if before is not None:
        return _under_new_name(row, _as_known(row, booking, before), before)
    known = bookings.find(booking.source, booking.external_id)
    if known is not None:
        done = _again(row, _as_known(row, booking, known), known)
        if done == "changed":
            _grant(row, known, summary)
        return done
    return "unchanged" if row.cancelled else _new(row, booking, business, summary)


def _new(row: Row, booking: Booking, business: Business, summary: Summary) -> Outcome:
    if booking.starts_at <= clock.now():
        return "past"
    if row.unless_known is not None:
        summary.add(row.unless_known)
        return "refused"
    if _is_elsewhere(booking, business):
        return "elsewhere"
    visit = _create(row, booking, summary.batch)
    _grant(row, visit, summary)
    return "created"


def _as_known(row: Row, booking: Booking, known: Appointment) -> Booking:
    """A file that does not say who comes does not say what for, either."""
    return replace(booking, service=booking.service or known.service) if row.unless_known else booking


def _again(row: Row, booking: Booking, known: Appointment) -> Outcome:
    """A row that was read before: only what differs is applied, and of an older file nothing."""
    if row.sequence is not None and row.sequence < known.source_sequence:
        return "unchanged"
    newer = row.sequence is not None and row.sequence > known.source_sequence
    organizers.note(row, known)
    done = _differing(row, booking, known, at=_time_of(row, known, newer=newer), newer=newer)
    if newer:
        Appointment.objects.filter(pk=known.pk).update(source_sequence=row.sequence)
    return done


def _under_new_name(row: Row, booking: Booking, known: Appointment) -> Outcome:
    """The series has other times from now on, and this visit goes on as one of them."""
    count, newer = row.sequence, row.sequence is not None and row.sequence > known.source_sequence
    at = _time_of(row, known, newer=newer)
    is_old = (count is not None and count < known.source_sequence) or at < (known.source_version_at or at)
    if is_old:
        return "unchanged"
    if newer:
        Appointment.objects.filter(pk=known.pk).update(source_sequence=count)
    if booking.starts_at == known.starts_at:
        bookings.renamed(booking, previous=row.before)
        return "unchanged"
    news = BookingMoved(booking=booking, previous_external_id=row.before, occurred_at=at)
    done = bookings.moved(news, correlation_id=new_id())
    return "changed" if done.outcome == "applied" else "unchanged"


def _time_of(row: Row, known: Appointment, *, newer: bool) -> datetime:
    """A higher SEQUENCE wins whatever its time stamp says."""
    at = min(row.changed_at or clock.now(), clock.now())
    return max(at, known.source_version_at or at) if newer else at


def _differing(row: Row, booking: Booking, known: Appointment, *, at: datetime, newer: bool) -> Outcome:
    if row.cancelled:
        if known.status not in states.UPCOMING:
            return "unchanged"
        if organizers.is_anothers(row, known):
            organizers.tell(known)
            return "unchanged"
        news = BookingCancelled(booking=booking, occurred_at=at, by="business")
        done = bookings.cancelled(news, correlation_id=new_id())
        return "cancelled" if done.outcome == "applied" else "unchanged"
    if newer and known.status == Appointment.Status.CANCELLED and booking.starts_at > clock.now():
        after_all = BookingMoved(booking=booking, previous_external_id=booking.external_id, occurred_at=at)
        done = bookings.moved(after_all, correlation_id=new_id())
        return "changed" if done.outcome == "applied" else "unchanged"
    # A file without a count of changes may be an older one.
    if known.status == Appointment.Status.CANCELLED or _same(booking, known):
        return "unchanged"
    done = bookings.created(BookingCreated(booking=booking, occurred_at=at), correlation_id=new_id())
    return "changed" if done.outcome == "applied" else "unchanged"


def _same(booking: Booking, known: Appointment) -> bool:
    told = (booking.starts_at, booking.duration_minutes, booking.service, booking.staff_member, booking.location)
    same = told == (known.starts_at, known.duration_minutes, known.service, known.staff_member, known.location)
    return same and not corrections.is_news(known, booking.person)


def _is_elsewhere(booking: Booking, business: Business) -> bool:
    """Whether a booking system has told of this visit: two rows of one visit would be two reminders."""
    phone = phones.normalise(booking.person.phone, phones.region_of(business.timezone))
    same = Appointment.objects.filter(
        tenant_id=business.tenant_id, starts_at=booking.starts_at, status__in=states.UPCOMING
    )
    return bool(phone) and same.exclude(source=booking.source).filter(customer__phone=phone).exists()


def _create(row: Row, booking: Booking, batch: ImportBatch | None) -> Appointment:
    at = min(row.changed_at or clock.now(), clock.now())
    bookings.created(BookingCreated(booking=booking, occurred_at=at), correlation_id=new_id())
    visit = bookings.find(booking.source, booking.external_id)
    if visit is None:
        raise LookupError("a booking that was just stored is not there")
    if row.sequence:
        Appointment.objects.filter(pk=visit.pk).update(source_sequence=row.sequence)
    if batch is not None:
        ImportedVisit.objects.create(batch=batch, appointment=visit, line=row.line, organizer=row.organizer)
    return visit


def _grant(row: Row, visit: Appointment, summary: Summary) -> None:
    """Records the row's own consent, unless something was said before: an older "no" is not overruled by a list."""
    visit.refresh_from_db()
    phone = visit.customer.phone
    if not phone:
        return
    for agreed in row.agreed:
        if consent.state(phone, Channel.SMS, agreed.purpose) is None:
            consent.give(
                phone,
                Channel.SMS,
                agreed.purpose,
                method=Consent.Method.IMPORTED,
                wording=agreed.wording,
                evidence=f"import {summary.batch.pk if summary.batch else ''} line {row.line}",
                at=agreed.at,
            )
    summary.without_consent += not consent.state(phone)


def _note(batch: ImportBatch, summary: Summary) -> None:
    """The batch's figures, and one line in the audit log."""
    count = summary.outcomes.get
    batch.rows, batch.created, batch.refused = summary.rows, count("created", 0), count("refused", 0)
    batch.changed = count("changed", 0) + count("cancelled", 0)
    batch.unchanged = batch.rows - batch.created - batch.refused - batch.changed
    figures = {name: getattr(batch, name) for name in ("rows", "created", "changed", "unchanged", "refused")}
    with transaction.atomic():
        batch.save(update_fields=list(figures))
        chain.write(
            action="appointments.imported",
            actor=Actor.ADMIN,
            actor_id=BY,
            resource_type="import_batch",
            resource_id=batch.pk,
            after=figures,
            tenant_id=batch.tenant_id,
        )
