"""Takes an import back: visits that it made and nobody has touched since. Nobody is told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from appointments.models import Appointment, BookingRef
from appointments.services.visit import visits
from aro import clock
from aro.errors import NotFoundError
from aro.queue import locks
from compliance.audit import chain
from compliance.models import Actor
from integrations.imports.run import BY
from integrations.models import ImportBatch, ImportedVisit


@dataclass(frozen=True)
class Undone:
    """How many visits were taken back, and the lines of those that were left."""

    taken_back: int
    left: tuple[int, ...]


def find(reference: str) -> ImportBatch:
    """Raises `NotFoundError`."""
    try:
        return ImportBatch.objects.get(pk=UUID(reference))
    except (ValueError, ValidationError, ImportBatch.DoesNotExist):
        raise NotFoundError("There is no such import. The list Imports in the front desk shows their ids.") from None


def undo(batch: ImportBatch, *, dry_run: bool = False) -> Undone:
    """Cancels each untouched visit, one transaction each; may run twice. A dry run only looks."""
    taken_back, left = 0, []
    for imported in batch.visits.filter(undone=False).order_by("line"):
        if _take_back(imported, dry_run=dry_run):
            taken_back += 1
        else:
            left.append(imported.line)
    if not dry_run:
        _note(batch, taken_back, len(left))
    return Undone(taken_back, tuple(left))


def _take_back(imported: ImportedVisit, *, dry_run: bool) -> bool:
    with transaction.atomic():
        locks.hold("visit", str(imported.appointment_id))
        visit = Appointment.objects.select_related("customer").get(pk=imported.appointment_id)
        if not _is_untouched(visit):
            return False
        if not dry_run:
            _cancel(visit, imported)
    return True


def _is_untouched(visit: Appointment) -> bool:
    """As it was read in: not confirmed, moved or over, nothing sent to the person about it, nothing paid."""
    return (
        visit.status == Appointment.Status.BOOKED
        and visit.moves == 0
        and visit.starts_at > clock.now()
        and not visit.deposit_paid
        and not visit.history.exists()
        and not visit.messages.filter(sent_at__isnull=False).exists()
    )


def _cancel(visit: Appointment, imported: ImportedVisit) -> None:
    """Frees its name, too, so that the corrected file can be read in."""
    visits.cancel(visit, actor=Actor.ADMIN, actor_id=BY, reason="import taken back")
    BookingRef.objects.filter(appointment=visit).delete()
    Appointment.objects.filter(pk=visit.pk).update(external_id=f"taken back {visit.pk}")
    ImportedVisit.objects.filter(pk=imported.pk).update(undone=True)


def _note(batch: ImportBatch, taken_back: int, left: int) -> None:
    with transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(undone_at=clock.now())
        chain.write(
            action="appointments.import_undone",
            actor=Actor.ADMIN,
            actor_id=BY,
            resource_type="import_batch",
            resource_id=batch.pk,
            after={"taken_back": taken_back, "left": left},
            tenant_id=batch.tenant_id,
        )
