"""Who has said STOP and books all the same, or is booked with "do not text": a person is told, once per patient."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from appointments import case_reasons
from appointments.case_reasons.words import because, happened
from appointments.models import Appointment, Business, Customer, Escalation
from appointments.services import escalations
from appointments.services.person import customers
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
        title=happened("said_stop.on", day=said_on),
        appointment=visit,
        tenant_id=visit.tenant_id,
    )


def tell_of_wish(visit: Appointment) -> None:
    """The same for whom a booking says not to text. Of one who has said STOP the other case tells."""
    person = visit.customer
    unwanted = person.texting == Customer.Texting.UNWANTED and bool(person.phone)
    if not unwanted or consent.is_suppressed(person.phone, tenant_id=visit.tenant_id):
        return
    key = f"{case_reasons.NO_TEXTS}:{person.id}"
    escalations.escalate(key=key, reason=case_reasons.NO_TEXTS, appointment=visit, tenant_id=visit.tenant_id)


def over(phone: str, *, tenant_id: str) -> None:
    """Texts are wanted again there: the cases of all who share the phone end."""
    theirs = Customer.objects.filter(tenant_id=tenant_id, phone=phone, texting=Customer.Texting.UNWANTED)
    theirs.update(texting=Customer.Texting.ALLOWED)
    waiting = Escalation.objects.filter(
        tenant_id=tenant_id,
        reason__in=(case_reasons.SAID_STOP, case_reasons.NO_TEXTS),
        status=Escalation.Status.OPEN,
        customer__phone=phone,
    )
    for case in waiting:
        escalations.resolve(case, by=escalations.SYSTEM, resolution=because("texts_wanted"))
