"""What was said about a visit so far: how often the person was reminded and asked, whether they wrote, or said stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from appointments import reminders
from appointments.models import Appointment, Message, NamedVisit
from appointments.services import messages
from aro import clock
from aro.queue.remembered import remembered
from compliance import consent
from compliance.kinds import ASKING_REMINDERS, REMINDERS
from compliance.reasons import Reason

# So shortly before a visit it is looked up also of who was not reminded at all.
NEAR = timedelta(hours=6)
_ON_THE_WAY = (Message.Status.PLANNED, Message.Status.HELD)
# A reading that kept no more than its label: these were never an answer about a visit.
_NO_ANSWER = ("STOP", "START", "HELP", "DECLINE", "WRONG_NUMBER")
# About which visit, as it began then; the text, its kind, when it was sent and made.
_Text = tuple[UUID, datetime | None, UUID, str, datetime | None, datetime]


@dataclass(frozen=True, kw_only=True)
class Talk:
    """About the visit at its present time. `reminded`: how often at all; `asked`: how often whether they come.

    `answered`: they wrote after the first reminder that asked, maybe about it; `wrote`: before it as well. A keyword, a
    machine's text, news of others only and somebody else at the phone are none of it. `missed`: a reminder was left out
    because its moment had gone by. `asked_last`: when; `waits`: a reminder is still on its way.
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
    return {visit for visit, start in _on_the_way(list(starts)) if starts[visit] == start}


@remembered
def _on_the_way(visits: Collection[UUID]) -> QuerySet[Message, Any]:
    waiting = Message.objects.filter(appointment_id__in=visits, kind__in=REMINDERS, status__in=_ON_THE_WAY)
    return waiting.values_list("appointment_id", "visit_start")


def _talk(
    visit: Appointment,
    reminded: list[tuple[str, datetime]],
    written: list[_Written],
    *,
    waits: bool,
) -> Talk:
    phone = visit.customer.phone
    asked = [at for kind, at in reminded if kind in ASKING_REMINDERS]
    wrote = [one.at for one in written if one.at >= visit.time_set_at and one.is_about(visit)]
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


def _missed(visit: Appointment) -> bool:
    """One that had something to say at its moment, and was late: ARO, or the carrier, was away."""
    late = visit.messages.filter(
        kind__in=REMINDERS, visit_start=visit.starts_at, status=Message.Status.BLOCKED, reason=Reason.STALE
    )
    moments = late.values_list("planned_for", flat=True)
    return any(at is not None and reminders.is_due_alone(visit.time_set_at, at) for at in moments)


def _reminded(visits: Sequence[Appointment]) -> dict[UUID, list[tuple[str, datetime]]]:
    """By what kind, and when, each was reminded of its present time: alone or together with the family."""
    starts = {visit.id: visit.starts_at for visit in visits}
    found: dict[UUID, dict[UUID, tuple[str, datetime]]] = {}
    for visit, start, text, kind, sent_at, created_at in (*_alone(list(starts)), *_together(list(starts))):
        if starts[visit] == start:
            found.setdefault(visit, {})[text] = (kind, sent_at or created_at)
    return {visit: list(texts.values()) for visit, texts in found.items()}


@remembered
def _alone(visits: Collection[UUID]) -> QuerySet[Message, _Text]:
    sent = Message.objects.filter(
        appointment_id__in=visits, direction=Message.Direction.OUT, kind__in=REMINDERS, status__in=messages.REACHED
    )
    return sent.values_list("appointment_id", "visit_start", "id", "kind", "sent_at", "created_at")


@remembered
def _together(visits: Collection[UUID]) -> QuerySet[NamedVisit, _Text]:
    named = NamedVisit.objects.filter(
        appointment_id__in=visits, message__kind__in=REMINDERS, message__status__in=messages.REACHED
    )
    text = ("message_id", "message__kind", "message__sent_at", "message__created_at")
    return named.values_list("appointment_id", "visit_start", *text)


@dataclass(frozen=True, kw_only=True)
class _Written:
    """A message of theirs. `about`: the visits of which it says something, null where that was not kept; `visit`: the
    one that it was stored with. Without a label it was not read yet, and may be about any."""

    at: datetime
    visit: UUID | None
    label: str | None
    about: dict[str, str] | None

    def is_about(self, visit: Appointment) -> bool:
        if self.label is not None and self.about is not None:
            return str(visit.id) in self.about
        return self.visit in (None, visit.id) and self.label not in _NO_ANSWER


def _written(visits: Sequence[Appointment]) -> dict[str, list[_Written]]:
    """By phone, since the first of these visits has its time."""
    phones = {visit.customer.phone for visit in visits} - {""}
    since = min(visit.time_set_at for visit in visits)
    found: dict[str, list[_Written]] = {}
    for address, visit, at, label, about in _received(visits[0].tenant_id, phones, since):
        found.setdefault(address, []).append(_Written(at=at, visit=visit, label=label, about=about))
    return found


@remembered
def _received(tenant: str, phones: Collection[str], since: datetime) -> QuerySet[Message, Any]:
    received = Message.objects.filter(
        tenant_id=tenant, address__in=phones, direction=Message.Direction.IN, created_at__gte=since
    )
    read = ("classification__label", "classification__about")
    return received.values_list("address", "appointment_id", "created_at", *read)
