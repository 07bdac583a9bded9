"""Visits that were booked before their day became a closed one, or before the opening hours changed: one case per day.

Their reminders go on: whoever is not told otherwise comes. None of them is taken for kept by itself, until a person has
said what became of it, or has closed the case because somebody is there after all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from appointments import case_reasons, states
from appointments.case_reasons.words import because, happened
from appointments.models import Appointment, Business, Escalation
from appointments.services import escalations
from appointments.services.visit import opening_hours
from aro import clock
from compliance.opening import Opening

REASON: Final = case_reasons.CLOSED_DAY


def look(business: Business) -> None:
    """After the hours or the closed days have changed. Safe to repeat: a day that a person has settled stays so."""
    opening = opening_hours.of(business)
    found = _closed_out(business, opening)
    for case in _cases(business.tenant_id).filter(status=Escalation.Status.OPEN):
        if not found.get(case.key):
            escalations.resolve(case, by=escalations.SYSTEM, resolution=because("open_again"))
    for key, visits in found.items():
        _tell(key, visits, opening, business.tenant_id)


def is_in_question(visit: Appointment, business: Business | None) -> bool:
    """Whether nobody was there on the day of this visit, as far as is known, and no person has said otherwise."""
    opening = opening_hours.of(business) if business else None
    if opening is None or not opening.is_day_off(visit.starts_at):
        return False
    keys = [_key(_day(visit, opening)), f"{case_reasons.OUTSIDE_HOURS}:{visit.id}"]
    told = Escalation.objects.filter(tenant_id=visit.tenant_id, key__in=keys)
    return not told.filter(status=Escalation.Status.RESOLVED).exclude(resolved_by__in=escalations.SYSTEMS).exists()


def _closed_out(business: Business, opening: Opening) -> dict[str, list[Appointment]]:
    """The visits to come at which nobody is there, by the key of their day's case; not those that have a case each."""
    to_come = Appointment.objects.filter(
        tenant_id=business.tenant_id, status__in=states.UPCOMING, starts_at__gt=clock.now()
    )
    told = Escalation.objects.filter(reason=case_reasons.OUTSIDE_HOURS, appointment=OuterRef("pk"))
    found = defaultdict(list)
    for visit in to_come.exclude(Exists(told)).order_by("starts_at").iterator():
        if opening.why_closed(visit.starts_at):
            found[_key(_day(visit, opening))].append(visit)
    return found


def _tell(key: str, visits: Sequence[Appointment], opening: Opening, tenant_id: str) -> None:
    known = Escalation.objects.filter(tenant_id=tenant_id, key=key)
    if known.filter(status=Escalation.Status.RESOLVED).exclude(resolved_by__in=escalations.SYSTEMS).exists():
        return
    count, why = len(visits), opening.why_closed(visits[0].starts_at)
    title = happened("closed_day.one" if count == 1 else "closed_day.many", count=count, why=why)
    case = known.filter(status=Escalation.Status.OPEN).first()
    if case is None:
        escalations.escalate(key=key, reason=REASON, title=title, visits=visits, tenant_id=tenant_id)
        return
    case.visits.set(visits)
    Escalation.objects.filter(pk=case.pk).update(title=title, updated_at=clock.now())


def _cases(tenant_id: str) -> QuerySet[Escalation]:
    return Escalation.objects.filter(tenant_id=tenant_id, reason=REASON)


def _day(visit: Appointment, opening: Opening) -> date:
    return visit.starts_at.astimezone(ZoneInfo(opening.zone)).date()


def _key(day: date) -> str:
    return f"{REASON}:{day}"
