"""A family on one phone: whose visits fall on one day, what one text has said for several, and what is still due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from appointments import reminders, states
from appointments.models import Appointment, Message, NamedVisit
from appointments.reminders import Reminder
from appointments.services import messages
from aro.queue.remembered import remembered
from compliance import kinds
from compliance.kinds import Kind
from compliance.models import Channel
from compliance.reasons import Reason

# Reminders of one day that are due within this time of one another are one text.
WINDOW: Final = timedelta(hours=2)
# So long a confirmation waits for the family's next booking, and no longer than that altogether.
GATHERS_FOR, GATHERS_AT_MOST = timedelta(minutes=5), timedelta(minutes=15)
# Bookings further apart than this are not made in one go.
IN_ONE_GO: Final = timedelta(minutes=30)
# A text that names more would cost three messages.
MOST: Final = 6
DAY: Final = timedelta(hours=24)
WAITING = (Message.Status.PLANNED, Message.Status.HELD)
_SAID = tuple(status for status in messages.HANDED_OVER if status != Message.Status.UNDELIVERED)
_UNCERTAIN = (Message.Status.SENDING, Message.Status.UNKNOWN)


def visits_at(address: str, channel: str, *, now: datetime, tenant_id: str) -> list[Appointment]:
    """The upcoming visits of everybody who is reached there, the earliest first. Without their people: mostly there is
    one visit, whose person the caller knows."""
    return _upcoming(address, channel == Channel.EMAIL, now, tenant_id) if address else []


@remembered
def _upcoming(address: str, by_mail: bool, now: datetime, tenant_id: str) -> QuerySet[Appointment]:  # noqa: FBT001
    whose = {"customer__email": address} if by_mail else {"customer__phone": address}
    found = Appointment.objects.filter(tenant_id=tenant_id, status__in=states.UPCOMING, starts_at__gt=now, **whose)
    return found.order_by("starts_at", "id")[:20]


def day_of(visit: Appointment) -> tuple[str, date]:
    """The day on the calendar of the visit's place."""
    return visit.timezone, visit.starts_at.astimezone(ZoneInfo(visit.timezone)).date()


def that_day(visit: Appointment, visits: Collection[Appointment]) -> list[Appointment]:
    """The others of that day."""
    return [one for one in visits if one.id != visit.id and day_of(one) == day_of(visit)]


def gathers_until(message: Message, others: Collection[Appointment]) -> datetime | None:
    """Until when a confirmation waits for the family's next booking; None for whoever books alone."""
    just_now = [one for one in others if one.time_set_at >= message.created_at - IN_ONE_GO]
    if not just_now:
        return None
    newest = max(message.created_at, *(one.time_set_at for one in just_now))
    return min(newest + GATHERS_FOR, message.created_at + GATHERS_AT_MOST)


def due_with(message: Message, others: Sequence[Appointment], known: Sequence[Reminder]) -> dict[Appointment, datetime]:
    """Those about which the same is to be said by now or soon, with the moment planned for each alone."""
    waiting = _waiting(message, others)
    found = {one: waiting.get(one.id) or _soon(message, one, known) for one in others}
    return {one: at for one, at in list(found.items())[: MOST - 1] if at is not None}


def _waiting(message: Message, others: Sequence[Appointment]) -> dict[UUID, datetime]:
    starts = {one.id: one.starts_at for one in others}
    rows = Message.objects.filter(
        appointment_id__in=starts,
        kind__in=alike(Kind(message.kind)),
        direction=Message.Direction.OUT,
        automatic=True,
        status__in=WAITING,
    )
    columns = rows.order_by("created_at").values_list("appointment_id", "visit_start", "planned_for")
    return {visit: at for visit, start, at in columns if visit and at and starts[visit] == start}


def _soon(message: Message, other: Appointment, known: Sequence[Reminder]) -> datetime | None:
    """The same reminder of another visit, which the engine plans only when its time has come."""
    if message.kind not in kinds.REMINDERS or message.visit_start is None or message.planned_for is None:
        return None
    before = message.visit_start - message.planned_for
    at = other.starts_at - before
    if before not in {one.before for one in known} or not reminders.is_due_alone(other.time_set_at, at):
        return None
    ahead = timedelta(0) < at - message.planned_for <= WINDOW
    return at if ahead and not is_said(other.id, other.starts_at, at, Kind(message.kind)) else None


def alike(kind: Kind) -> frozenset[Kind]:
    """The kinds that say the same."""
    return kinds.REMINDERS if kind in kinds.REMINDERS else frozenset({kind})


def is_said(visit: UUID, start: datetime, planned_for: datetime, kind: Kind) -> bool:
    """Whether the text about this visit alone went out, or one to the family said it."""
    own = Message.objects.filter(
        appointment_id=visit, visit_start=start, planned_for=planned_for, kind__in=alike(kind)
    ).exclude(status__in=WAITING)
    return own.exists() or bool(_tellers(visit, start, planned_for, kind))


def told_with_others(message: Message) -> tuple[bool, bool]:
    """Whether a text to the family said what this one would say, and whether it may have: nobody knows yet."""
    if message.appointment_id is None or message.visit_start is None or message.planned_for is None:
        return False, False
    said = _tellers(message.appointment_id, message.visit_start, message.planned_for, Kind(message.kind), message)
    return any(one not in _UNCERTAIN for one in said), bool(said)


def _tellers(
    visit: UUID, start: datetime, planned_for: datetime, kind: Kind, message: Message | None = None
) -> list[str]:
    return _said(visit, start, planned_for, alike(kind), message.id if message else None)


@remembered
def _said(
    visit: UUID, start: datetime, planned_for: datetime, kinds_alike: Collection[str], but: UUID | None
) -> QuerySet[NamedVisit, str]:
    named = NamedVisit.objects.filter(
        appointment_id=visit,
        visit_start=start,
        planned_for=planned_for,
        message__kind__in=kinds_alike,
        message__status__in=_SAID,
    )
    others = named.exclude(message=but) if but else named
    return others.values_list("message__status", flat=True)


def left_out_for(message: Message) -> list[Message]:
    """The messages about each alone that were not sent because this text said the same."""
    named = message.named.exclude(appointment=message.appointment_id).values_list("appointment", "visit_start")
    starts = dict(named)
    rows = Message.objects.filter(
        appointment_id__in=starts,
        kind__in=alike(Kind(message.kind)),
        status=Message.Status.BLOCKED,
        reason=Reason.TOLD_TOGETHER,
    )
    return [one for one in rows if one.appointment_id and one.visit_start == starts[one.appointment_id]]


def reminders_to_come(visits: Sequence[Appointment], known: Sequence[Reminder], now: datetime) -> list[datetime]:
    """When the texts of the next 24 hours that remind go out, when those of one day go together."""
    moments: dict[tuple[object, int], list[datetime]] = {}
    for visit in visits:
        for one in known if visit.status == Appointment.Status.BOOKED else ():
            at = visit.starts_at - one.before
            if now < at <= now + DAY and reminders.is_due_alone(visit.time_set_at, at):
                moments.setdefault((day_of(visit), one.hours), []).append(at)
    return sorted(at for times in moments.values() for at in _texts(sorted(times)))


def _texts(times: list[datetime]) -> list[datetime]:
    return times[:1] + [later for earlier, later in pairwise(times) if later - earlier > WINDOW]


def name_in(message: Message, visits: Mapping[Appointment, datetime]) -> None:
    """Keeps which visits this text names; of a text that is made anew, only what it names now."""
    NamedVisit.objects.filter(message=message).delete()
    NamedVisit.objects.bulk_create(
        NamedVisit(message=message, appointment=one, visit_start=one.starts_at, planned_for=at)
        for one, at in visits.items()
    )
