"""A booking whose name says that its person has died: nothing is sent before a person has looked."""

from __future__ import annotations

from appointments import names
from appointments.case_reasons import DECEASED
from appointments.case_reasons.words import happened, to_do
from appointments.models import Appointment
from appointments.services import escalations


def tell(visit: Appointment) -> None:
    """One case for each visit; what staff have settled is not asked again when the booking is told once more."""
    key = f"{DECEASED}:{visit.id}"
    if not names.tells_of_death(visit.customer.name) or escalations.is_known(key, tenant_id=visit.tenant_id):
        return
    escalations.escalate(
        key=key,
        reason=DECEASED,
        title=happened("deceased.by_name"),
        next_step=to_do("deceased.by_name"),
        appointment=visit,
        customer=visit.customer,
        tenant_id=visit.tenant_id,
    )
