"""A visit is off and the patient, who was told of it, did not call it off: without a word they come to a closed door.

ARO has no text that says so (docs/reference/messages.md), and none can: it does not know why the visit is off, or what
the clinic offers instead. So a person tells them, and the case ends when they know.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from appointments import case_reasons, states
from appointments.case_reasons.words import because, happened, to_do
from appointments.models import Appointment, Escalation, Message
from appointments.services import escalations
from appointments.services.visit import untold
from aro import clock
from aro.desk.sentences import at
from aro.queue import due
from aro.queue.remembered import remembered
from compliance import kinds
from compliance.models import Actor

S = Appointment.Status
DAY: Final = timedelta(days=1)
BY_THE_PATIENT, BY_THE_CLINIC = "customer", "business"
# Some booking systems make the new visit first and cancel the old one then.
BOOKED_JUST_BEFORE: Final = timedelta(minutes=30)


def leaves_untold(visit: Appointment, *, actor: str, by: str) -> bool:
    """Whether somebody has to tell the patient, once this visit is cancelled. Asked before it is."""
    theirs = by == BY_THE_PATIENT or actor == Actor.USER
    if theirs or _expected_at(visit) <= clock.now() or not untold.was_told_of(visit):
        return False
    return not _gave_it_up(visit) and not _booked_anew(visit)


def ask_to_tell(visit: Appointment, *, by: str) -> None:
    """Opens the case; where it is early, it is looked at again a day before the visit."""
    code = "cancelled_untold.clinic" if by == BY_THE_CLINIC else "cancelled_untold.when"
    escalations.escalate(
        key=_key(visit),
        reason=case_reasons.CANCELLED_UNTOLD,
        title=happened(code, when=at(_expected_at(visit), visit.timezone)),
        next_step=to_do("cancelled_untold.call"),
        priority=escalations.HIGH if _is_near(visit) else escalations.MEDIUM,
        appointment=visit,
        tenant_id=visit.tenant_id,
    )
    if not _is_near(visit):
        due.put(escalations.SWEEPS, visit.id, _expected_at(visit) - DAY)


def look_again(visit: Appointment) -> None:
    """The day before a visit that is off: whoever has not been told yet is told first."""
    if _is_near(visit):
        _open().filter(appointment=visit).update(priority=escalations.HIGH, updated_at=clock.now())


def told(message: Message) -> None:
    """A text went out: perhaps the one that says that the visit is off."""
    if message.kind in kinds.TELLS_OF_CANCELLATION and message.appointment_id:
        _settle(_open().filter(appointment=message.appointment_id), because("text_told"))


def known_at(phone: str, *, tenant_id: str) -> None:
    """They write that they know. Of several cancelled visits on one phone nobody can say which one they mean."""
    cases = list(_open().filter(tenant_id=tenant_id, customer__phone=phone)[:2]) if phone else []
    if len(cases) == 1:
        _settle(cases, because("they_know"))


def booked_again(visit: Appointment) -> None:
    """A new booking of the same person for the same service takes the place of the one that is off."""
    if visit.starts_at <= clock.now():
        return
    earlier = _earlier(visit.customer_id, visit.service, visit.booked_at + BOOKED_JUST_BEFORE)
    _settle(earlier, because("booked_anew"))


@remembered
def _earlier(customer: UUID, service: str, since: datetime) -> QuerySet[Escalation]:
    return _open().filter(appointment__customer=customer, appointment__service=service, created_at__lte=since)


def _gave_it_up(visit: Appointment) -> bool:
    """They, or their family, wrote that they do not come, and have not confirmed since."""
    since = max(filter(None, (visit.time_set_at, visit.confirmed_at)))
    phone = visit.customer.phone
    mine = Q(appointment=visit)
    if phone:
        mine |= Q(appointment=None) & (Q(customer__phone=phone) | Q(message__address=phone))
    asked = Escalation.objects.filter(mine, tenant_id=visit.tenant_id, created_at__gte=since)
    return asked.filter(reason__in=case_reasons.ASKS_TO_CANCEL).exists()


def _booked_anew(visit: Appointment) -> bool:
    now = clock.now()
    others = Appointment.objects.filter(customer=visit.customer_id, service=visit.service).exclude(pk=visit.pk)
    fresh = others.filter(booked_at__gte=now - BOOKED_JUST_BEFORE, starts_at__gt=now)
    return fresh.filter(status__in=states.UPCOMING).exists()


def _is_near(visit: Appointment) -> bool:
    return _expected_at(visit) - clock.now() <= DAY


def _expected_at(visit: Appointment) -> datetime:
    """Of a visit that was moved to a time that is over, the patient may have been told of one to come."""
    return visit.starts_at if visit.starts_at > clock.now() else untold.counts_on(visit)


def _key(visit: Appointment) -> str:
    return f"{case_reasons.CANCELLED_UNTOLD}:{visit.id}"


def _open() -> QuerySet[Escalation]:
    return Escalation.objects.filter(reason=case_reasons.CANCELLED_UNTOLD, status=Escalation.Status.OPEN)


def _settle(cases: QuerySet[Escalation] | list[Escalation], why: str) -> None:
    for case in cases:
        escalations.resolve(case, by=escalations.SYSTEM, resolution=why)
