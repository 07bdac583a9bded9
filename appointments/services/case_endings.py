"""What ends cases without a person, as the world moves on: a visit that changes, a person who is reached, time.

Which change ends which case is in `appointments/case_reasons/`; what begins and holds one is in `escalations`.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from appointments import case_reasons, states
from appointments.case_reasons import Change
from appointments.case_reasons.words import because, happened
from appointments.models import Appointment, Customer, Escalation, StatusChange
from appointments.services.escalations import SYSTEM, escalate, open_cases, record, resolve
from aro import clock
from aro.desk.sentences import values_of
from compliance.models import DEFAULT_TENANT

# Why it is asked what became of a visit that nobody doubts.
CLOSED, REOPENED = "closed", "reopened"
# What asks staff to call before the visit, because nothing may be texted.
_INSTEAD_OF_TEXTS = (case_reasons.SAID_STOP, case_reasons.NO_TEXTS)


def settled(key: str, change: Change, *, tenant_id: str = DEFAULT_TENANT) -> None:
    """Closes the open case with that key, if this change ends such cases."""
    _close(Q(tenant_id=tenant_id, key=key), change)


def visit_changed(appointment: Appointment, change: Change) -> None:
    """Closes the cases that this change of the visit ends; and a phone's, once all its visits are settled."""
    _close(Q(appointment=appointment), change)
    _settle_its_day(appointment)
    if change in case_reasons.OUTCOMES:
        _settle_stop(appointment)
    phone = appointment.customer.phone
    if phone:
        nobodys = Q(appointment=None) & (Q(customer__phone=phone) | Q(message__address=phone))
        for case in open_cases(nobodys):
            if _ends(case, change) and not _leaves_open(case, phone):
                resolve(case, by=SYSTEM, resolution=because("all_settled"))


def _settle_its_day(appointment: Appointment) -> None:
    """The case about all visits of a day that became a closed one ends with the last of them."""
    for case in open_cases(Q(reason=case_reasons.CLOSED_DAY, visits=appointment)):
        still = case.visits.filter(
            status__in=states.UPCOMING, time_set_at__lte=case.created_at, starts_at__gt=clock.now()
        )
        if left := still.count():
            _count_anew(case, left)
        else:
            resolve(case, by=SYSTEM, resolution=because("all_settled"))


def _count_anew(case: Escalation, left: int) -> None:
    """The title says how many visits are to be settled."""
    code = "closed_day.one" if left == 1 else "closed_day.many"
    title = happened(code, **{**values_of(case.title), "count": left})
    Escalation.objects.filter(pk=case.pk).update(title=title, updated_at=clock.now())


def _settle_stop(appointment: Appointment) -> None:
    """Nobody need call in place of a reminder once no visit of theirs is to come."""
    to_come = Q(customer=appointment.customer_id, status__in=states.UPCOMING, starts_at__gt=clock.now())
    for case in open_cases(Q(customer=appointment.customer_id, reason__in=_INSTEAD_OF_TEXTS)):
        if not Appointment.objects.filter(to_come).exists():
            resolve(case, by=SYSTEM, resolution=because("none_to_come"))


def _time_has_passed(appointment: Appointment) -> None:
    """What was to be done before the visit, and does not say that they may not come, is over with it."""
    for case in open_cases(Q(appointment=appointment)):
        reason = case_reasons.of(case.reason)
        if reason.doubt == case_reasons.Doubt.NONE and Change.CAME in reason.closes_on:
            resolve(case, by=SYSTEM, resolution=because("time_has_passed"))
    _settle_its_day(appointment)
    _settle_stop(appointment)


def _leaves_open(case: Escalation, phone: str) -> bool:
    """Whether a visit that the case may be about has not been touched since it was opened."""
    meant = Appointment.objects.filter(
        customer__phone=phone, booked_at__lte=case.created_at, starts_at__gt=case.created_at
    )
    settled = StatusChange.objects.filter(appointment=OuterRef("pk"), at__gte=case.created_at)
    return meant.filter(~Exists(settled)).exclude(confirmed_at__gte=case.created_at).exists()


def new_time_known(appointment: Appointment) -> None:
    """Ends the case that asks for a moved visit's new time."""
    for case in open_cases(Q(appointment=appointment, reason=case_reasons.HALF_MOVED)):
        resolve(case, by=SYSTEM, resolution=because(Change.MOVED))


def times_agree(appointment: Appointment) -> None:
    """Ends the case about a time that the booking system did not have."""
    for case in open_cases(Q(appointment=appointment, reason=case_reasons.OTHER_TIME_THERE)):
        resolve(case, by=SYSTEM, resolution=because("times_agree"))


def visit_restored(appointment: Appointment, ended_at: datetime) -> None:
    """What ended the visit was a mistake: the cases that it closed wait again. Those that it opened do not."""
    closed = Escalation.objects.filter(
        appointment=appointment,
        status=Escalation.Status.RESOLVED,
        resolved_by=SYSTEM,
        resolved_at__gte=ended_at,
        created_at__lt=ended_at,
    )
    for case in closed:
        if not open_cases(Q(tenant_id=case.tenant_id, key=case.key)).exists():
            Escalation.objects.filter(pk=case.pk).update(
                status=Escalation.Status.OPEN, resolved_at=None, resolved_by="", resolution="", updated_at=clock.now()
            )
            record("escalation.reopened", case)


def person_changed(customer: Customer, change: Change) -> None:
    """Closes the person's cases that this change ends, those about their visits among them."""
    _close(Q(customer=customer), change)


def handed_over(appointment: Appointment) -> None:
    """The visit is another person's: so are its open cases, and those about not reaching its person end."""
    open_cases(Q(appointment=appointment)).update(customer=appointment.customer)
    if appointment.customer.phone:
        number_known(appointment)


def number_known(appointment: Appointment) -> None:
    """Closes the visit's cases about a number that was missing, wrong or in doubt."""
    _close(Q(appointment=appointment), Change.REACHABLE)


def _close(whose: Q, change: Change) -> None:
    for case in open_cases(whose):
        if _ends(case, change):
            resolve(case, by=SYSTEM, resolution=because(change))


def _ends(case: Escalation, change: Change) -> bool:
    return case_reasons.of(case.reason).ends(change, opened=case.opened_at is not None)


def ask_for_outcome(appointment: Appointment, *, why: str = "") -> Escalation:
    """The visit is over and may not have taken place: its doubtful cases become the one that asks what became of it.

    `why`: `CLOSED` or `REOPENED`, when nobody doubts that the patient came.
    """
    _time_has_passed(appointment)
    asked = open_cases(Q(appointment=appointment, reason=case_reasons.MOVED_INTO_PAST)).first()
    if asked is not None:
        return asked
    doubtful = Escalation.objects.filter(
        appointment=appointment, status=Escalation.Status.OPEN, reason__in=case_reasons.DOUBTFUL
    ).exclude(reason=case_reasons.PAST_NO_OUTCOME)
    known = case_reasons.of(case_reasons.PAST_NO_OUTCOME)
    earlier = doubtful.order_by("priority", "created_at").first()
    case = escalate(
        key=f"{known.code}:{appointment.id}",
        reason=known.code,
        title=_why_asked(appointment, why, earlier),
        appointment=appointment,
        tenant_id=appointment.tenant_id,
    )
    for one in doubtful:
        if case_reasons.of(one.reason).closes_on:
            resolve(one, by=SYSTEM, resolution=because("no_outcome"))
    return case


def _why_asked(appointment: Appointment, why: str, earlier: Escalation | None) -> str:
    """The case's title; empty for the reason's own: the patient may not have come."""
    if why:
        return happened(f"past_no_outcome.{why}")
    if earlier is not None:
        return happened("past_no_outcome.before", before=earlier.title)
    return happened("past_no_outcome.moving") if appointment.status == Appointment.Status.RESCHEDULED else ""
