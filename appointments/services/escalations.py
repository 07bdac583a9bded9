"""Cases for a person. One open case per key: reporting the same again counts up instead of adding a row."""

from __future__ import annotations

from django.db.models import F

from appointments.models import Appointment, Customer, Escalation
from aro import clock
from compliance import events
from compliance.models import DEFAULT_TENANT

HIGH, MEDIUM, LOW = Escalation.Priority.HIGH, Escalation.Priority.MEDIUM, Escalation.Priority.LOW


def escalate(  # noqa: PLR0913 - each names a separate fact
    *,
    key: str,
    reason: str,
    title: str,
    next_step: str,
    priority: int = MEDIUM,
    appointment: Appointment | None = None,
    customer: Customer | None = None,
    tenant_id: str = DEFAULT_TENANT,
) -> Escalation:
    """Opens a case, or brings the open one with the same key up to date when this is more urgent. May run twice."""
    now = clock.now()
    case, created = Escalation.objects.get_or_create(
        tenant_id=tenant_id,
        key=key,
        status=Escalation.Status.OPEN,
        defaults={
            "reason": reason,
            "title": title,
            "next_step": next_step,
            "priority": priority,
            "appointment": appointment,
            "customer": customer or (appointment.customer if appointment else None),
        },
    )
    if created:
        _record("escalation.opened", case)
    else:
        worse = {"priority": priority, "title": title, "next_step": next_step} if priority < case.priority else {}
        Escalation.objects.filter(pk=case.pk).update(times=F("times") + 1, updated_at=now, **worse)
    return case


def is_known(key: str, *, tenant_id: str = DEFAULT_TENANT) -> bool:
    """Whether there is or was a case with that key, for what is reported again after a person has settled it."""
    return Escalation.objects.filter(tenant_id=tenant_id, key=key).exists()


def resolve(case: Escalation, *, by: str, resolution: str = "") -> bool:
    """Closes a case; False when it was closed already."""
    changed = Escalation.objects.filter(pk=case.pk, status=Escalation.Status.OPEN).update(
        status=Escalation.Status.RESOLVED, resolved_at=clock.now(), resolved_by=by, resolution=resolution[:200]
    )
    if changed:
        _record("escalation.resolved", case)
    return bool(changed)


def _record(event_type: str, case: Escalation) -> None:
    events.record(
        type=event_type,
        aggregate_type="escalation",
        aggregate_id=case.id,
        payload={
            "reason": case.reason,
            "priority": int(case.priority),
            "appointment_id": str(case.appointment_id) if case.appointment_id else None,
        },
        tenant_id=case.tenant_id,
    )
