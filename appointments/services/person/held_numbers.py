"""A booking with a number at which somebody else is said to answer: no text goes there, so a person is told."""

from __future__ import annotations

from appointments import case_reasons
from appointments.models import Appointment, Business, Escalation
from appointments.services import escalations
from appointments.services.person import customers
from compliance import wrong_numbers


def tell(visit: Appointment, business: Business) -> None:
    """One case for each such visit: the number may be this patient's, and have been another's."""
    person = visit.customer
    address = customers.address_on(person, person.preferred_channel or business.default_channel)
    if not wrong_numbers.is_held(address, tenant_id=visit.tenant_id):
        return
    escalations.escalate(
        key=f"{case_reasons.HELD_NUMBER}:{visit.id}",
        reason=case_reasons.HELD_NUMBER,
        appointment=visit,
        tenant_id=visit.tenant_id,
    )


def over(phone: str, *, by: str, why: str, tenant_id: str) -> None:
    """The number is right after all, for all who share it."""
    waiting = Escalation.objects.filter(
        tenant_id=tenant_id, reason=case_reasons.HELD_NUMBER, status=Escalation.Status.OPEN, customer__phone=phone
    )
    for case in waiting:
        escalations.resolve(case, by=by, resolution=why)
