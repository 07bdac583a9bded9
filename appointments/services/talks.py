"""What was said about a visit so far: how often the person was reminded and asked, whether they wrote, or said stop."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from appointments import reminders
from appointments.models import Appointment, Message, NamedVisit
from appointments.services import messages
from aro import clock
from compliance import consent
from compliance.kinds import ASKING_REMINDERS, REMINDERS
from compliance.reasons import Reason

# So shortly before a visit it is looked up also of who was not reminded at all.
NEAR = timedelta(hours=6)
_ON_THE_WAY = (Message.Status.PLANNED, Message.Status.HELD)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """About the visit at its present time. `reminded`: how often at all; `asked`: how often whether they come.

    `answered`: they wrote after the first reminder that asked, maybe about it; `wrote`: before it as well. `missed`: a
    reminder was left out because its moment had gone by. `asked_last`: when; `waits`: a reminder is still on its way.
    """

    reminded: int = 0
    asked: int = 0
    answered: bool = False
    wrote: bool = False
    opted_out: bool = False
    missed: bool = False
    asked_last: datetime | None = None
    waits: bool = False


def about(visits: Sequence[Appointment]) -> dict[UUID, Talk]:
    """By visit, for those that were reminded of, or are near; the visits are of one tenant and have their people."""
    if not visits:
        return {}
    reminded = _reminded(visits)
    wanted = [visit for visit in visits if visit.id in reminded or visit.starts_at - clock.now() <= NEAR]
    written, waiting = (_written(wanted), _waiting(wanted)) if wanted else ({}, set())
    return {
        v.id: _talk(v, reminded.get(v.id, []), written.get(v.customer.phone, []), waits=v.id in waiting) for v in wanted
    }


def _waiting(visits: Sequence[Appointment]) -> set[UUID]:
    """Those about which a reminder is planned or held, at their present time."""
    starts = {visit.id: visit.starts_at for visit in visits}
    rows = Message.objects.filter(appointment_id__in=starts, kind__in=REMINDERS, status__in=_ON_THE_WAY)
    found = rows.values_list("appointment_id", "visit_start")
    return {visit for visit, start in found if visit is not None and starts[visit] == start}


def _talk(
    visit: Appointment, reminded: list[Message], written: list[tuple[UUID | None, datetime]], *, waits: bool
) -> Talk:
    phone = visit.customer.phone
    asked = [_at(message) for message in reminded if message.kind in ASKING_REMINDERS]
    wrote = [at for about, at in written if about in (None, visit.id) and at >= visit.time_set_at]
    return Talk(
        reminded=len(reminded),
        asked=len(asked),
        answered=bool(asked) and any(at >= min(asked) for at in wrote),
        wrote=bool(wrote),
        opted_out=bool(phone) and consent.is_suppressed(phone, tenant_id=visit.tenant_id),
        missed=not reminded and _missed(visit),
        asked_last=max(asked, default=None),
        waits=waits,
    )


def _at(message: Message) -> datetime:
    return message.sent_at or message.created_at


def _missed(visit: Appointment) -> bool:
    """One that had something to say at its moment, and was late: ARO, or the carrier, was away."""
    late = visit.messages.filter(
        kind__in=REMINDERS, visit_start=visit.starts_at, status=Message.Status.BLOCKED, reason=Reason.STALE
    )
    moments = late.values_list("planned_for", flat=True)
    return any(at is not None and reminders.is_due_alone(visit.time_set_at, at) for at in moments)


def _reminded(visits: Sequence[Appointment]) -> dict[UUID, list[Message]]:
    """By what each was reminded of its present time, alone or together with the family."""
    starts = {visit.id: visit.starts_at for visit in visits}
    found: dict[UUID, dict[UUID, Message]] = {}
    for visit, start, message in [*_alone(starts), *_together(starts)]:
        if visit is not None and starts[visit] == start:
            found.setdefault(visit, {})[message.id] = message
    return {visit: list(texts.values()) for visit, texts in found.items()}


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
