"""What was said about a visit so far: how often the person was reminded, whether they wrote, whether they said stop."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appointments.models import Appointment, Message, NamedVisit
from appointments.services import messages
from compliance import consent
from compliance.kinds import REMINDERS


@dataclass(frozen=True, kw_only=True)
class Talk:
    """About the visit at its present time. `answered`: they wrote after the first reminder, maybe about it."""

    reminded: int = 0
    answered: bool = False
    opted_out: bool = False


def about(visits: Sequence[Appointment]) -> dict[UUID, Talk]:
    """By visit, for those that were reminded of; the visits are of one tenant and have their people."""
    if not visits:
        return {}
    reminded = _reminded(visits)
    asked = [visit for visit in visits if visit.id in reminded]
    written = _written(asked) if asked else {}
    return {visit.id: _talk(visit, reminded[visit.id], written.get(visit.customer.phone, [])) for visit in asked}


def _talk(visit: Appointment, reminded: list[datetime], written: list[tuple[UUID | None, datetime]]) -> Talk:
    phone = visit.customer.phone
    return Talk(
        reminded=len(reminded),
        answered=any(about in (None, visit.id) and at >= min(reminded) for about, at in written),
        opted_out=bool(phone) and consent.is_suppressed(phone, tenant_id=visit.tenant_id),
    )


def _reminded(visits: Sequence[Appointment]) -> dict[UUID, list[datetime]]:
    """When each was reminded of its present time, alone or together with the family."""
    starts = {visit.id: visit.starts_at for visit in visits}
    found: dict[UUID, dict[UUID, datetime]] = {}
    for visit, start, message in [*_alone(starts), *_together(starts)]:
        if visit is not None and starts[visit] == start:
            found.setdefault(visit, {})[message.id] = message.sent_at or message.created_at
    return {visit: list(times.values()) for visit, times in found.items()}


def _alone(starts: Collection[UUID]) -> Iterator[tuple[UUID | None, datetime | None, Message]]:
    sent = Message.objects.filter(
        appointment_id__in=starts, direction=Message.Direction.OUT, kind__in=REMINDERS, status__in=messages.REACHED
    )
    for message in sent:
        yield message.appointment_id, message.visit_start, message


def _together(starts: Collection[UUID]) -> Iterator[tuple[UUID | None, datetime | None, Message]]:
    named = NamedVisit.objects.filter(
        appointment_id__in=starts, message__kind__in=REMINDERS, message__status__in=messages.REACHED
    )
    for one in named.select_related("message"):
        yield one.appointment_id, one.visit_start, one.message


def _written(visits: Sequence[Appointment]) -> dict[str, list[tuple[UUID | None, datetime]]]:
    """By phone: about which visit, as far as that is known, and when."""
    phones = {visit.customer.phone for visit in visits} - {""}
    since = min(visit.time_set_at for visit in visits)
    received = Message.objects.filter(
        tenant_id=visits[0].tenant_id, address__in=phones, direction=Message.Direction.IN, created_at__gte=since
    )
    found: dict[str, list[tuple[UUID | None, datetime]]] = {}
    for address, visit, at in received.values_list("address", "appointment_id", "created_at") if phones else ():
        found.setdefault(address, []).append((visit, at))
    return found
