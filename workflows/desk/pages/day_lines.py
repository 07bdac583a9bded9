"""The lines of the day on Today: each visit with what is known of whether its patient comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from appointments import states
from appointments.desk.screens import status_badge
from appointments.models import Appointment
from appointments.services.visit import doubts
from aro.desk.show import badge, zone_of
from compliance.models import DEFAULT_TENANT


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A line of the day. `time` is on the visit's own wall clock; `zone` is named when it is not the business's."""

    id: str
    time: str
    zone: str
    patient: str
    detail: str
    status: SafeString
    answer: SafeString
    past: bool


def visits_between(start: datetime, end: datetime) -> QuerySet[Appointment]:
    between = Appointment.objects.filter(tenant_id=DEFAULT_TENANT, starts_at__gte=start, starts_at__lt=end)
    return between.select_related("customer").order_by("starts_at", "id")


def doubtful_among(rows: Sequence[Appointment]) -> set[UUID]:
    """Those that somebody may not come to, or may not have come to. Who has arrived is there, whatever they wrote."""
    there = (Appointment.Status.CANCELLED, Appointment.Status.IN_PROGRESS)
    return doubts.among([row for row in rows if row.status not in there])


def line(row: Appointment, now: datetime, zone: str, *, in_doubt: bool) -> Visit:
    local = row.starts_at.astimezone(zone_of(row.timezone))
    return Visit(
        id=str(row.pk),
        time=f"{local:%H:%M}",
        zone="" if row.timezone == zone else f"{local:%Z} ({zone_of(row.timezone).key})",
        patient=str(row.customer),
        detail=", ".join(part for part in (row.service, row.staff_member) if part),
        status=status_badge(row),
        answer=_answer(row, now, in_doubt=in_doubt),
        past=row.starts_at < now,
    )


def _answer(row: Appointment, now: datetime, *, in_doubt: bool) -> SafeString:
    if in_doubt:
        return badge(_("Outcome not known") if row.starts_at <= now else _("May not come"), "red")
    if not waits(row):
        return SafeString("")
    return badge(_("Wrote, not confirmed") if row.last_reply_label else _("No answer yet"), "amber")


def waits(row: Appointment) -> bool:
    """Whether it is still to be confirmed."""
    return row.status in states.UPCOMING and not row.confirmation_received
