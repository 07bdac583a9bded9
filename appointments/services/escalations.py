"""Cases for a person. One open case per key: reporting the same again counts up instead of adding a row.

What a reason means (its words, its rank, what ends it) is in `appointments/case_reasons.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q

from appointments import case_reasons
from appointments.case_reasons import Change
from appointments.models import Appointment, Customer, Escalation, Message
from aro import clock
from compliance import events
from compliance.models import DEFAULT_TENANT

HIGH, MEDIUM, LOW = Escalation.Priority.HIGH, Escalation.Priority.MEDIUM, Escalation.Priority.LOW
# Who closed a case when nobody did.
SYSTEM = "system"


def escalate(  # noqa: PLR0913 - each names a separate fact
    *,
    key: str,
    reason: str,
    title: str = "",
    next_step: str = "",
    priority: int | None = None,
    appointment: Appointment | None = None,
    customer: Customer | None = None,
    message: Message | None = None,
    tenant_id: str = DEFAULT_TENANT,
) -> Escalation:
    """Opens a case, or brings the open one with the same key up to date when this is more urgent. May run twice.

    Words and rank that are not given are the reason's own; an urgent reason is urgent whatever the caller says.
    """
    now, known = clock.now(), case_reasons.of(reason)
    title, next_step = title or known.title, next_step or known.next_step
    rank = known.priority if priority is None or known.urgent else priority
    case, created = Escalation.objects.get_or_create(
        tenant_id=tenant_id,
        key=key,
        status=Escalation.Status.OPEN,
        defaults={
            "reason": reason,
            "title": title,
            "next_step": next_step,
            "priority": rank,
            "appointment": appointment,
            "customer": customer or (appointment.customer if appointment else None),
            "message": message,
        },
    )
    if created:
        _record("escalation.opened", case)
    else:
        worse = {"priority": rank, "title": title, "next_step": next_step} if rank < case.priority else {}
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


def visit_changed(appointment: Appointment, change: Change) -> None:
    """Closes the visit's cases that this change ends, with why."""
    _close(Q(appointment=appointment), change)


def person_changed(customer: Customer, change: Change) -> None:
    """Closes the person's cases that this change ends, those about their visits among them."""
    _close(Q(customer=customer), change)


def _close(whose: Q, change: Change) -> None:
    for case in _open(whose):
        if change in case_reasons.of(case.reason).closes_on:
            resolve(case, by=SYSTEM, resolution=case_reasons.WHY[change])


def _open(whose: Q) -> Iterable[Escalation]:
    return Escalation.objects.filter(whose, status=Escalation.Status.OPEN).order_by("created_at", "id")


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
