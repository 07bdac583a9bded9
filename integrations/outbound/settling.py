"""When what staff did to a visit, or to a person and their number, is settled: not before it can no longer be taken
back, and what the patient wrote meanwhile has been read."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from appointments.models import Appointment, Message
from workflows.models import Undoable
from workflows.replies.acting import postponed

# So long ago at most it was settled where a reply may still wait to be read; and so soon it is looked at again.
LATELY, SOON = timedelta(minutes=15), timedelta(seconds=5)


def until(visit: Appointment | None, now: datetime) -> datetime | None:
    """Until when texts about the visit wait; a moment that has passed, or None: they need not."""
    if visit is None or visit.settles_at is None or not now - LATELY < visit.settles_at <= now:
        return visit.settles_at if visit else None
    return now + SOON if postponed.waiting_at(visit.customer.phone, visit.tenant_id) else visit.settles_at


def of(message: Message, person_settles_at: datetime | None, now: datetime) -> datetime | None:
    """The same for a text, wherever it goes: the person's number may be right for a minute only (`undoable`)."""
    return max(filter(None, (until(message.appointment, now), person_settles_at)), default=None)


def undoable(customer: UUID | None, tenant_id: str, address: str | None, now: datetime) -> QuerySet[Undoable]:
    """What staff did to the person, or to whoever has this number, and can still take back; the last of it first."""
    theirs = Q(customer=customer) if customer else Q()
    if address:
        theirs |= Q(customer__tenant_id=tenant_id, customer__phone=address)
    open_ones = Undoable.objects.filter(theirs, appointment=None, until__gt=now) if theirs else Undoable.objects.none()
    return open_ones.order_by("-until")
