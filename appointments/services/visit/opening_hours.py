"""When the clinic is open, from its rows; and a person told of a visit at a time when nobody is there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from appointments import case_reasons
from appointments.case_reasons.words import happened
from appointments.models import Appointment, Business, ClosedDay
from appointments.services import escalations
from appointments.services.person.customers import zone_or_empty
from aro import clock
from aro.queue.remembered import remembered
from compliance.opening import Opening, week_of

# A visit further away than this is a slip of the year.
LONGEST_AHEAD: Final = timedelta(days=5 * 366)


def of(business: Business) -> Opening:
    """The clinic's week and closed days. Every visit is judged by them in the clinic's zone, a call too."""
    return Opening(
        zone=zone_or_empty(business.timezone) or "UTC",
        week=week_of(business.hours),
        closed=dict(_closed(business.tenant_id)),
    )


@remembered
def _closed(tenant_id: str) -> QuerySet[ClosedDay, tuple[date, str]]:
    return ClosedDay.objects.filter(tenant_id=tenant_id).values_list("day", "name")


def why_closed(moment: datetime, business: Business) -> str:
    """Why nobody is there at that moment, in plain words; empty when somebody is."""
    return of(business).why_closed(moment)


def tell_if_closed(appointment: Appointment, business: Business) -> None:
    """A booking system gave the visit this time: a case when the clinic is closed then, which ends with a move."""
    if appointment.starts_at <= clock.now():
        return
    why = why_closed(appointment.starts_at, business)
    if why:
        escalations.escalate(
            key=f"{case_reasons.OUTSIDE_HOURS}:{appointment.id}",
            reason=case_reasons.OUTSIDE_HOURS,
            title=happened("outside_hours.why", why=why),
            appointment=appointment,
            tenant_id=appointment.tenant_id,
        )


def is_plausible(day: date) -> bool:
    """A day that a clinic can have reason to list: the year 9999 is a slip."""
    today = clock.now().date()
    return today - timedelta(days=366) <= day <= today + LONGEST_AHEAD


def has_passed(day: date, tenant_id: str) -> bool:
    """Whether the clinic's clock shows a later day."""
    business = Business.objects.filter(tenant_id=tenant_id).first()
    zone = (zone_or_empty(business.timezone) if business else "") or "UTC"
    return day < clock.now().astimezone(ZoneInfo(zone)).date()
