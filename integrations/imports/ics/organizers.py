"""Who runs a calendar's event: nobody else may cancel it (RFC 5546 3.2.5)."""

from __future__ import annotations

from typing import Final

from appointments.models import Appointment
from appointments.services import escalations
from integrations.imports.rows import Row
from integrations.models import ImportedVisit

NOT_ITS_ORGANIZER: Final = "not_its_organizer"


def is_anothers(row: Row, known: Appointment) -> bool:
    """Whether a cancellation comes from somebody else than the one who is known to run the event."""
    if not row.by_organizer or not row.organizer:
        return False
    return ImportedVisit.objects.filter(appointment=known).exclude(organizer__in=("", row.organizer)).exists()


def note(row: Row, known: Appointment) -> None:
    """Visits that were read before this was kept learn it from the next file."""
    if row.organizer and not row.cancelled:
        ImportedVisit.objects.filter(appointment=known, organizer="").update(organizer=row.organizer)


def tell(visit: Appointment) -> None:
    escalations.escalate(
        key=f"{NOT_ITS_ORGANIZER}:{visit.id}",
        reason=NOT_ITS_ORGANIZER,
        appointment=visit,
        tenant_id=visit.tenant_id,
    )
