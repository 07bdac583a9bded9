"""Cases for a person. One open case per key: reporting the same again counts up instead of adding a row.

What a reason means (its words, its rank, what ends it) is in `appointments/case_reasons/`; what ends a case without a
person, in `case_endings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from appointments import case_reasons
from appointments.case_reasons.words import happened, to_do
from appointments.models import Appointment, Customer, Escalation, Message
from aro import clock
from aro.desk.sentences import Sentence
from aro.queue import due, rows
from aro.queue.remembered import remembered
from compliance import events, wrong_numbers
from compliance.models import DEFAULT_TENANT

HIGH, MEDIUM, LOW = Escalation.Priority.HIGH, Escalation.Priority.MEDIUM, Escalation.Priority.LOW
# Who closed a case when no person did. What somebody closed without a word about the visit leaves its doubt behind.
SYSTEM = "system"
SYSTEMS = (SYSTEM, "aro", "aro sync")
# The lane in which a visit is looked at after its end.
SWEEPS = "sweeps"


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
    wish: Sequence[dict[str, Any]] = (),
    visits: Sequence[Appointment] = (),
    tenant_id: str = DEFAULT_TENANT,
) -> Escalation:
    """Opens a case, or brings the open one with the same key up to date when this is more urgent. May run twice.

    `wish`: windows of days and hours that the person asks for; a later wish takes the earlier one's place.
    `visits`: those on one phone, mostly a family's, when it may be about several of them.
    Words and rank that are not given are the reason's own; an urgent reason is urgent whatever the caller says.
    """
    now, known = clock.now(), case_reasons.of(reason)
    title = title or (happened(reason) if known.title else "")
    next_step = _first_of_all(appointment, known) or next_step or (to_do(reason) if known.next_step else "")
    rank = known.priority if priority is None or known.urgent else priority
    case, created = _opened(
        Escalation(
            tenant_id=tenant_id,
            key=key,
            reason=reason,
            title=title,
            next_step=next_step,
            priority=rank,
            appointment=appointment,
            customer=customer or (appointment.customer if appointment else None),
            message=message,
            wish=list(wish),
        )
    )
    if visits:
        case.visits.add(*visits)
    if created:
        record("escalation.opened", case)
        _look_at_the_visit_again(case)
        _warn_who_calls(case)
    else:
        worse = {"priority": rank, "title": title, "next_step": next_step} if rank < case.priority else {}
        newer = {"wish": list(wish)} if wish else {}
        Escalation.objects.filter(pk=case.pk).update(times=F("times") + 1, updated_at=now, **worse, **newer)
    return case


def _opened(case: Escalation) -> tuple[Escalation, bool]:
    """The case, and True; or the open one with the same key, and False."""
    while True:
        with suppress(rows.TakenError):
            rows.insert_all(Escalation, [case], on_conflict="ON CONFLICT DO NOTHING")
            return case, True
        known = rows.first(Escalation, tenant_id=case.tenant_id, key=case.key, status=case.status)
        if known is not None:  # else it was closed in between
            return known, False


def _look_at_the_visit_again(case: Escalation) -> None:
    """A visit that ARO completed by itself, and that the person had not come to after all: see `past_visits`."""
    visit = case.appointment
    known = case_reasons.of(case.reason)
    may_say_so = known.says_so or known.says_so_in_words
    if visit is not None and visit.status == Appointment.Status.COMPLETED and may_say_so:
        due.put(SWEEPS, visit.id, clock.now())


def _first_of_all(visit: Appointment | None, known: case_reasons.CaseReason) -> str:
    """What is done before the patient is called; empty when nothing is."""
    if visit is None or not known.calls:
        return ""
    person, tenant_id = visit.customer, visit.tenant_id
    if is_told_of_death(person.phone or person.email, visit, tenant_id=tenant_id):
        return to_do("call_nobody")
    return to_do("right_number_first") if wrong_numbers.is_held(person.phone, tenant_id=tenant_id) else ""


def _warn_who_calls(case: Escalation) -> None:
    """The open cases that ask to call somebody at this number no longer do so without a word."""
    phone = case.customer.phone if case.customer else case.message.address if case.message else ""
    if case.reason in case_reasons.NOBODY_TO_CALL and phone:
        theirs = Q(tenant_id=case.tenant_id, appointment__customer__phone=phone, reason__in=case_reasons.CALLS)
        for one in open_cases(theirs):
            reword(one, one.title, _first_of_all(one.appointment, case_reasons.of(one.reason)) or one.next_step)


def is_known(key: str, *, tenant_id: str = DEFAULT_TENANT) -> bool:
    """Whether there is or was a case with that key, for what is reported again after a person has settled it."""
    return Escalation.objects.filter(tenant_id=tenant_id, key=key).exists()


def is_told_of_death(address: str, appointment: Appointment | None, *, tenant_id: str) -> bool:
    """Whether a message from this address, or about this visit (by e-mail), tells of a death nobody has settled yet."""
    visit, customer = (appointment.id, appointment.customer_id) if appointment else (None, None)
    return bool(address) and bool(_deaths(tenant_id, address, visit, customer))


@remembered
def _deaths(tenant_id: str, address: str, visit: UUID | None, customer: UUID | None) -> QuerySet[Escalation, UUID]:
    return deaths(tenant_id, address, visit, customer).order_by().values_list("id", flat=True)[:1]


def deaths(tenant_id: str, address: str | None, visit: UUID | None, customer: UUID | None) -> QuerySet[Escalation]:
    """The open cases that say so, for a statement that asks more."""
    whose = Q(message__address=address) | Q(customer__phone=address)
    if visit is not None:
        whose |= Q(appointment=visit) | Q(customer=customer)
    known = Escalation.objects.filter(tenant_id=tenant_id, status=Escalation.Status.OPEN, reason=case_reasons.DECEASED)
    return known.filter(whose)


def has_gone(customer: Customer) -> bool:
    """Whether a message says that this person comes no more, and nobody has settled it yet."""
    return open_cases(Q(tenant_id=customer.tenant_id, customer=customer, reason=case_reasons.GONE)).exists()


def open_at(address: str, reason: str, *, tenant_id: str) -> Escalation | None:
    """The newest open case of this reason about whoever has this address."""
    whose = Q(message__address=address) | Q(customer__phone=address)
    known = Escalation.objects.filter(whose, tenant_id=tenant_id, status=Escalation.Status.OPEN, reason=reason)
    return known.order_by("-created_at", "-id").first() if address else None


def reword(case: Escalation, title: str, next_step: str) -> None:
    """What has come since says more than the case did."""
    Escalation.objects.filter(pk=case.pk).update(title=title, next_step=next_step, updated_at=clock.now())


def opened(case: Escalation, *, by: str) -> bool:
    """Somebody looks at the case; False when somebody had before."""
    now = clock.now()
    return bool(
        Escalation.objects.filter(pk=case.pk, opened_at=None).update(opened_at=now, opened_by=by[:150], updated_at=now)
    )


def resolve(case: Escalation, *, by: str, resolution: str = "") -> bool:
    """Closes a case; False when it was closed already."""
    changed = Escalation.objects.filter(pk=case.pk, status=Escalation.Status.OPEN).update(
        status=Escalation.Status.RESOLVED,
        resolved_at=clock.now(),
        resolved_by=by,
        resolution=resolution if isinstance(resolution, Sentence) else resolution[:200],
    )
    if changed:
        record("escalation.resolved", case)
    return bool(changed)


def about(visit: Appointment) -> list[Escalation]:
    """The visit's own cases, and its phone's that may be about it: nobody can tell which of a family's visits is meant.
    The newest last."""
    own, phone = Q(appointment=visit), visit.customer.phone
    if phone:
        nobodys = Q(appointment=None) & (Q(customer__phone=phone) | Q(message__address=phone))
        own |= nobodys & Q(created_at__gte=visit.booked_at, created_at__lt=visit.starts_at)
    return list(Escalation.objects.filter(own, tenant_id=visit.tenant_id).order_by("created_at", "id"))


def open_cases(whose: Q) -> QuerySet[Escalation]:
    """The oldest first."""
    return Escalation.objects.filter(whose, status=Escalation.Status.OPEN).order_by("created_at", "id")


def record(event_type: str, case: Escalation) -> None:
    """Notes the event, without a word of what the case says."""
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
