"""Who has said STOP and books all the same: nobody can remind them by text, so a person is told, once per patient."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from appointments import case_reasons
from appointments.models import Appointment, Business, Escalation
from appointments.services import customers, escalations
from compliance import consent


def tell(visit: Appointment, business: Business) -> None:
    """Opens the case, or counts up the one that is open. It ends when they want texts
    again, when no visit of theirs is to come any more, or by a person."""
    person = visit.customer
    address = customers.address_on(person, person.preferred_channel or business.default_channel)
    since = consent.suppressed_since(address, tenant_id=visit.tenant_id) if address else None
    if since is None:
        return
    said_on = f"{since.astimezone(ZoneInfo(visit.timezone)):%Y-%m-%d}"
    escalations.escalate(
        key=f"{case_reasons.SAID_STOP}:{person.id}",
        reason=case_reasons.SAID_STOP,
        title=f"A patient has a visit and cannot be reminded: said STOP on {said_on}.",
        appointment=visit,
        tenant_id=visit.tenant_id,
    )


def over(phone: str, *, tenant_id: str) -> None:
    """Texts are wanted again there: the cases of all who share the phone end."""
    waiting = Escalation.objects.filter(
        tenant_id=tenant_id, reason=case_reasons.SAID_STOP, status=Escalation.Status.OPEN, customer__phone=phone
    )
    for case in waiting:
        escalations.resolve(case, by=escalations.SYSTEM, resolution="Texts are wanted again.")
