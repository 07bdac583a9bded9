"""Which visits may not take place, or may not have: what ARO asks a person before it completes, thanks or counts.

Which reasons for a case cast doubt is data (appointments/case_reasons/). A message that nobody has read does, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from appointments import case_reasons, not_there
from appointments.case_reasons import Doubt, Reminders
from appointments.models import Appointment, Escalation, Message, StatusChange
from appointments.services import escalations
from aro.queue.remembered import remembered
from compliance.models import Actor

COMPLETED = Appointment.Status.COMPLETED
# Only somebody other than ARO ever says these.
SAID = (Appointment.Status.NO_SHOW, Appointment.Status.CANCELLED)
# What is written longer than this after a visit's end is not about whether it took place.
REGRET = timedelta(days=2)

# (tenant, since) -> the phones whose messages wait unread at the border, with the newest message's time.
Unread = Callable[[str, datetime], Mapping[str, datetime]]
_at_the_border: list[Unread] = []


def register_unread(source: Unread) -> None:
    """Tells of messages that have come and were not stored yet, or could not be."""
    _at_the_border.append(source)


@dataclass(frozen=True, kw_only=True)
class _Known:
    cases: Sequence[Escalation]
    unread: Mapping[str, datetime]
    said: Collection[UUID]


def about(visit: Appointment) -> bool:
    """Whether this visit is in doubt."""
    return bool(among([visit]))


def among(visits: Sequence[Appointment]) -> set[UUID]:
    """Those of these visits (of one tenant, with their people) that are in doubt, in a fixed number of queries."""
    if not visits:
        return set()
    tenant, since = visits[0].tenant_id, min(visit.time_set_at for visit in visits)
    phones = {visit.customer.phone for visit in visits} - {""}
    ids = [visit.id for visit in visits]
    known = _Known(cases=_cases(tenant, ids, phones, since), unread=_unread(tenant, phones, since), said=_said(visits))
    return {visit.id for visit in visits if _in_doubt(visit, known)}


def wrote_since(visit: Appointment, since: datetime) -> bool:
    """Whether something that may say "I am here" came from this phone since then, and no person has settled it."""
    phone = visit.customer.phone
    if not phone:
        return False
    written = Message.objects.filter(tenant_id=visit.tenant_id, address=phone, direction=Message.Direction.IN)
    whose = Q(appointment=visit) | (Q(appointment=None) & (Q(customer__phone=phone) | Q(message__address=phone)))
    waiting = Escalation.objects.filter(whose, tenant_id=visit.tenant_id, status=Escalation.Status.OPEN)
    told = written.filter(created_at__gte=since).exists()
    unsettled = told and waiting.filter(reason__in=case_reasons.MAY_SAY_HERE).exists()
    return unsettled or phone in _unread(visit.tenant_id, {phone}, since)


def wrote_after_no_show(visit: Appointment) -> bool:
    """Whether somebody wrote after the visit was marked as a no-show ("I am in the waiting room"), and waits."""
    marked = StatusChange.objects.filter(appointment=visit, after=Appointment.Status.NO_SHOW).order_by("-at")
    since = marked.values_list("at", flat=True).first()
    return since is not None and wrote_since(visit, since)


def wrote_after_arriving(visit: Appointment) -> bool:
    """Whether somebody wrote, after staff had said that they are there, what may say that they left again."""
    arrived = StatusChange.objects.filter(appointment=visit, after=Appointment.Status.IN_PROGRESS).order_by("-at")
    since, phones = arrived.values_list("at", flat=True).first(), {visit.customer.phone} - {""}
    if since is None:
        return False
    cases = _cases(visit.tenant_id, [visit.id], phones, since)
    said = [one for one in cases if one.created_at >= since and case_reasons.of(one.reason).doubt == Doubt.UNTIL_SAID]
    return _in_doubt(visit, _Known(cases=said, unread=_unread(visit.tenant_id, phones, since), said=()))


def says_nobody_came(visit: Appointment) -> bool:
    """Whether a visit that ARO completed by itself was contradicted soon after."""
    if visit.status != COMPLETED or visit.completed_at is None or _said([visit]):
        return False
    ended = visit.starts_at + timedelta(minutes=visit.duration_minutes)
    since = Escalation.objects.filter(
        appointment=visit, created_at__gte=visit.completed_at, created_at__lte=ended + REGRET
    ).exclude(resolved_by__in=escalations.SYSTEMS)
    return any(_says_so(case) for case in since.select_related("message"))


def _says_so(case: Escalation) -> bool:
    reason, message = case_reasons.of(case.reason), case.message
    return reason.says_so or (reason.says_so_in_words and message is not None and not_there.says(message.body))


def gave_up_in_time(visits: Collection[UUID]) -> set[UUID]:
    """Those of these visits that the patient had called off in writing before they began, whatever they are now."""
    if not visits:
        return set()
    asked = Escalation.objects.filter(reason__in=case_reasons.ASKS_TO_CANCEL, appointment_id__in=visits)
    in_time = asked.filter(created_at__lt=F("appointment__starts_at"), created_at__gte=F("appointment__time_set_at"))
    stands = Q(appointment__confirmed_at=None) | Q(created_at__gt=F("appointment__confirmed_at"))
    return {visit for visit in in_time.filter(stands).values_list("appointment_id", flat=True) if visit}


def given_up(visits: Collection[UUID]) -> set[UUID]:
    """Those of which a person has yet to say whether they are cancelled, as the patient asked."""
    ids = list(visits)
    return {*_asked_to_cancel(ids), *_named_in_asking(ids)}


@remembered
def _asked_to_cancel(visits: Collection[UUID]) -> QuerySet[Escalation, Any]:
    return _waits_for_cancelling().filter(appointment_id__in=visits).values_list("appointment_id", flat=True)


@remembered
def _named_in_asking(visits: Collection[UUID]) -> QuerySet[Escalation, Any]:
    return _waits_for_cancelling().filter(visits__in=visits).values_list("visits", flat=True)


def _waits_for_cancelling() -> QuerySet[Escalation]:
    return Escalation.objects.filter(reason__in=case_reasons.ASKS_TO_CANCEL, status=Escalation.Status.OPEN)


def outlasts_an_ok(visit: Appointment) -> bool:
    """Whether what the patient said against coming, or what nobody has read yet, still waits for a person."""
    whose, phone = Q(appointment=visit), visit.customer.phone
    if phone:
        theirs = Q(customer__phone=phone) | Q(message__address=phone)
        whose |= theirs & Q(appointment=None, created_at__gte=visit.booked_at)
        whose |= theirs & Q(reason__in=case_reasons.WHOLE_PHONE)
    waiting = Escalation.objects.filter(tenant_id=visit.tenant_id, status=Escalation.Status.OPEN)
    return waiting.filter(whose, reason__in=case_reasons.OUTLASTS_AN_OK).exists()


def reminders_about(visit: Appointment) -> Reminders:
    """How this person may be reminded now: whoever waits for our answer is not asked once more whether they come."""
    phone = visit.customer.phone
    whose = Q(appointment=visit)
    if phone:
        whose |= Q(customer__phone=phone) | Q(message__address=phone)
    waiting = Escalation.objects.filter(tenant_id=visit.tenant_id, status=Escalation.Status.OPEN)
    cases = waiting.filter(whose, reason__in=case_reasons.CHANGES_REMINDERS)
    known = cases.select_related("customer", "message").prefetch_related("visits")
    found = [_reminders(case, visit) for case in known]
    unread = _unread(visit.tenant_id, {phone} - {""}, visit.time_set_at).get(phone)
    if unread is not None and _is_about_now(unread, visit):
        found.append(Reminders.PLAIN)
    return max(found, default=Reminders.AS_PLANNED)


def _reminders(case: Escalation, visit: Appointment) -> Reminders:
    reason = case_reasons.of(case.reason)
    named = reason.of_all_named and visit in case.visits.all()
    if named or case.appointment_id == visit.id or (reason.whole_phone and case.customer_id == visit.customer_id):
        return reason.reminders
    if reason.whole_phone or (case.appointment_id is None and case.created_at >= visit.time_set_at):
        return Reminders.PLAIN
    return Reminders.AS_PLANNED


def _cases(tenant: str, ids: Collection[UUID], phones: Collection[str], since: datetime) -> list[Escalation]:
    still = Q(status=Escalation.Status.OPEN) | (Q(created_at__gte=since) & ~Q(resolved_by__in=escalations.SYSTEMS))
    whose = Q(appointment_id__in=ids) | Q(customer__phone__in=phones) | Q(message__address__in=phones)
    found = Escalation.objects.filter(still & whose, tenant_id=tenant, reason__in=case_reasons.DOUBTFUL)
    return list(found.select_related("customer", "message"))


def _unread(tenant: str, phones: Collection[str], since: datetime) -> dict[str, datetime]:
    """When the newest message came that nobody, not even ARO, has read yet; by phone."""
    if not phones:
        return {}
    waiting = Message.objects.filter(
        tenant_id=tenant,
        address__in=phones,
        direction=Message.Direction.IN,
        created_at__gte=since,
        classification=None,
    )
    found = dict(waiting.order_by("created_at").values_list("address", "created_at"))
    for source in _at_the_border:
        for phone, at in source(tenant, since).items():
            found[phone] = max(at, found.get(phone, at))
    return found


def _said(visits: Sequence[Appointment]) -> set[UUID]:
    """The visits of which somebody other than ARO said what became of them."""
    known = {visit.id for visit in visits if visit.status in SAID}
    over = [visit.id for visit in visits if visit.status == COMPLETED]
    if not over:
        return known
    changes = StatusChange.objects.filter(appointment_id__in=over, after=COMPLETED).order_by("at", "id")
    last = dict(changes.values_list("appointment_id", "actor"))
    return known | {visit for visit, actor in last.items() if actor != Actor.SYSTEM}


def _in_doubt(visit: Appointment, known: _Known) -> bool:
    said = visit.id in known.said
    if any(_casts_doubt(case, visit, said=said) for case in known.cases):
        return True
    unread = known.unread.get(visit.customer.phone) if visit.customer.phone else None
    return unread is not None and not said and _is_about_now(unread, visit)


def _casts_doubt(case: Escalation, visit: Appointment, *, said: bool) -> bool:
    reason, is_open = case_reasons.of(case.reason), case.status == Escalation.Status.OPEN
    mine = case.appointment_id == visit.id
    if reason.whole_phone and is_open and (mine or _is_of_phone(case, visit.customer.phone)):
        return True
    nobodys = case.appointment_id is None and _is_of_phone(case, visit.customer.phone)
    if said or not (mine or nobodys) or not _is_about_now(case.created_at, visit, waiting=mine and is_open):
        return False
    if reason.doubt == Doubt.UNLESS_CONFIRMED:
        return is_open and _is_unanswered(case, visit)
    return True


def _is_unanswered(case: Escalation, visit: Appointment) -> bool:
    """Asked before a visit that was not confirmed; or during it, perhaps at its door, and nobody has looked."""
    if case.created_at < visit.starts_at:
        return visit.confirmed_at is None
    ended = visit.starts_at + timedelta(minutes=visit.duration_minutes)
    return case.created_at < ended and case.opened_at is None


def _is_of_phone(case: Escalation, phone: str) -> bool:
    """Cases of everybody who shares the phone, and what was written from it."""
    if not phone:
        return False
    return phone in (case.customer.phone if case.customer else "", case.message.address if case.message else "")


def _is_about_now(at: datetime, visit: Appointment, *, waiting: bool = False) -> bool:
    """Said about the visit at its present time (or `waiting` for a person ever since), and not confirmed after it."""
    if visit.confirmed_at is not None and at <= visit.confirmed_at:
        return False
    ended = visit.starts_at + timedelta(minutes=visit.duration_minutes)
    return waiting or visit.time_set_at <= at <= ended + REGRET
