"""What a case about a death leaves to do: while whoever died is still booked, it cannot be done."""

from __future__ import annotations

from django.db.models import QuerySet

from appointments import case_reasons, states
from appointments.models import Appointment, Escalation, StatusChange
from aro import clock


def leaves_visits(case: Escalation) -> bool:
    """Whether visits are to come at the phone that the case is about, and none there was cancelled since.

    A family shares a phone: once one of them is off, whose it was is known, and the others come.
    """
    phone = _phone(case)
    if case.reason != case_reasons.DECEASED or not phone:
        return False
    theirs = Appointment.objects.filter(tenant_id=case.tenant_id, customer__phone=phone)
    to_come = theirs.filter(status__in=states.UPCOMING, starts_at__gt=clock.now())
    return to_come.exists() and not _off_since(case, theirs.exclude(customer__in=to_come.values("customer")))


def _off_since(case: Escalation, visits: QuerySet[Appointment]) -> bool:
    since = StatusChange.objects.filter(at__gte=case.created_at, after=Appointment.Status.CANCELLED)
    return since.filter(appointment__in=visits).exists()


def _phone(case: Escalation) -> str:
    if case.customer is not None and case.customer.phone:
        return str(case.customer.phone)
    return str(case.message.address) if case.message is not None else ""
