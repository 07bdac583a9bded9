"""What the Today page shows: a fixed number of queries, however busy the day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.utils import dateformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from appointments.desk import writers
from appointments.desk.screens import HIGH_RISK, family_links, priority_badge, risk_cell
from appointments.models import Appointment, Business, Escalation, Message
from aro.desk.show import age, day_and_time, zone_of
from aro.desk.who_may import may, roles_with
from aro.models import DeadLetter, Due
from compliance import kill_switch
from compliance.desk.screens import Viewer, phone_for
from compliance.models import DEFAULT_TENANT
from compliance.reasons import Reason
from workflows import emergency_alerts
from workflows.desk.pages import day_lines
from workflows.desk.pages.providers import Provider, providers
from workflows.desk.words import step_words
from workflows.models import WorkflowInstance

# More visits than this on one day are in the list of visits; the page says how many.
_MOST_VISITS = 300
_MOST_CASES = 8
_MOST_AT_RISK = 8
_NEXT = 10
_RISK_AHEAD = timedelta(days=7)
_TIMERS = "timers"
_FAILED = (Message.Status.FAILED, Message.Status.UNDELIVERED)
_SENT = (
    Message.Status.SENDING,
    Message.Status.QUEUED,
    Message.Status.SENT,
    Message.Status.DELIVERED,
    Message.Status.READ,
    Message.Status.UNKNOWN,
)


@dataclass(frozen=True, kw_only=True)
class Case:
    id: str
    title: str
    next_step: str
    patient: str
    phone: str
    wrote: str
    family: SafeString
    waiting: str
    urgency: SafeString
    told: str


@dataclass(frozen=True, kw_only=True)
class AtRisk:
    id: str
    when: str
    patient: str
    risk: SafeString


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """What ARO does next by itself; without patient and visit for who may not open visits."""

    when: str
    what: str
    patient: str
    visit_id: str


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Numbers of the day. Texts are counted over the business's day.

    The lines of the day are `visits`, `unknown` and `cancelled`; confirmed, without an answer and in doubt are visits.
    """

    visits: int
    confirmed: int
    unanswered: int
    in_doubt: int
    unknown: int
    cancelled: int
    cases: int
    texts_sent: int
    texts_failed: int
    replies: int
    dead_letters: int


@dataclass(frozen=True, kw_only=True)
class Today:
    business: str
    zone: str
    date: str
    now: str
    figures: Figures
    visits: list[day_lines.Visit]
    more_visits: int
    cases: list[Case]
    at_risk: list[AtRisk]
    upcoming: list[Upcoming]
    providers: list[Provider]
    not_visits: str
    not_cases: str
    may_open_letters: bool
    may_set_up: bool
    sending_off: str
    no_alarm: str


def collect(*, now: datetime, user: Viewer) -> Today:
    """Everything on the page at `now`, for the business's calendar day."""
    business = Business.objects.filter(tenant_id=DEFAULT_TENANT).first()
    zone = business.timezone if business else "UTC"
    start, end = day_of(now, zone)
    rows = list(day_lines.visits_between(start, end))
    visits, cases = (may(user, f"appointments.view_{kind}") for kind in ("appointment", "escalation"))
    doubtful = day_lines.doubtful_among(rows)
    shown = rows[:_MOST_VISITS] if visits else []
    return Today(
        business=business.name if business else "",
        zone=zone_of(zone).key,
        date=dateformat.format(start, "l j F Y"),
        now=f"{now.astimezone(zone_of(zone)):%H:%M %Z}",
        figures=_figures(rows, doubtful, now, _texts(start, end)),
        visits=[day_lines.line(row, now, zone, in_doubt=row.id in doubtful) for row in shown],
        more_visits=len(rows) - len(shown) if visits else 0,
        cases=_cases(now, user) if cases else [],
        at_risk=_at_risk(now, business) if visits else [],
        upcoming=_upcoming(zone, named=visits),
        not_visits="" if visits else _ask_others(_("Visits"), "appointments.view_appointment"),
        not_cases="" if cases else _ask_others(_("Cases"), "appointments.view_escalation"),
        may_open_letters=may(user, "aro.view_deadletter"),
        may_set_up=may(user, "appointments.add_business"),
        providers=providers(),
        sending_off=_sending_off(zone),
        no_alarm="" if business is None or emergency_alerts.is_set_up(business) else str(emergency_alerts.NOT_SET_UP),
    )


def _ask_others(what: str, permission: str) -> str:
    return _("{what} are not part of your role. Ask {roles}.").format(what=what, roles=roles_with(permission))


def _sending_off(zone: str) -> str:
    """Since when and why nothing is sent; empty while the kill switch is off."""
    stop = kill_switch.current()
    if stop is None:
        return ""
    held = Message.objects.filter(tenant_id=DEFAULT_TENANT, status=Message.Status.HELD, reason=Reason.KILL_SWITCH)
    because = f" ({stop.reason})" if stop.reason else ""
    return _("since {when}, by {by}{because}. {count} texts wait.").format(
        when=day_and_time(stop.since, zone), by=stop.by, because=because, count=held.count()
    )


def day_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The calendar day of `zone` around `now`, from midnight to midnight; 23 or 25 hours when the clocks change."""
    local = now.astimezone(zone_of(zone)).date()
    start = datetime.combine(local, time(), zone_of(zone))
    return start, datetime.combine(local + timedelta(days=1), time(), zone_of(zone))


def _figures(rows: Sequence[Appointment], doubtful: Collection[UUID], now: datetime, texts: dict[str, int]) -> Figures:
    # Nobody can say yet of a past one in doubt whether it took place: it is counted apart.
    unknown = {row.id for row in rows if row.id in doubtful and row.starts_at <= now}
    counted = [row for row in rows if row.status != Appointment.Status.CANCELLED and row.id not in unknown]
    sure = [row for row in counted if row.id not in doubtful]
    return Figures(
        visits=len(counted),
        confirmed=sum(row.confirmation_received for row in sure),
        unanswered=sum(day_lines.waits(row) and not row.last_reply_label for row in sure),
        in_doubt=len(counted) - len(sure),
        unknown=len(unknown),
        cancelled=len(rows) - len(counted) - len(unknown),
        cases=Escalation.objects.filter(tenant_id=DEFAULT_TENANT, status=Escalation.Status.OPEN).count(),
        texts_sent=texts["sent"],
        texts_failed=texts["failed"],
        replies=texts["replies"],
        dead_letters=DeadLetter.objects.filter(archived_at=None).count(),
    )


def _texts(start: datetime, end: datetime) -> dict[str, int]:
    today = Message.objects.filter(tenant_id=DEFAULT_TENANT, created_at__lt=end).filter(
        Q(sent_at__gte=start, sent_at__lt=end) | Q(sent_at=None, created_at__gte=start)
    )
    out = Q(direction=Message.Direction.OUT)
    return today.aggregate(
        sent=Count("id", filter=out & Q(status__in=_SENT)),
        failed=Count("id", filter=out & Q(status__in=_FAILED)),
        replies=Count("id", filter=Q(direction=Message.Direction.IN)),
    )


def _cases(now: datetime, user: Viewer) -> list[Case]:
    waiting = Escalation.objects.filter(tenant_id=DEFAULT_TENANT, status=Escalation.Status.OPEN)
    known = waiting.select_related("customer", "message").prefetch_related("visits__customer")
    first = known.order_by("priority", "created_at")[:_MOST_CASES]
    return [
        Case(
            id=str(case.pk),
            title=case.title,
            next_step=case.next_step,
            patient=_whom(case),
            phone=_phone(case, user),
            wrote=writers.beginning(case, user) if writers.is_unknown(case) else "",
            family=family_links(case),
            waiting=age(case.created_at, now),
            urgency=priority_badge(case),
            told=emergency_alerts.told(case),
        )
        for case in first
    ]


def _whom(case: Escalation) -> str:
    """The patient, or that nobody knows who wrote; empty when it is about no person."""
    if case.customer:
        return str(case.customer)
    return _("Not known who") if writers.is_unknown(case) else ""


def _phone(case: Escalation, user: Viewer) -> str:
    number = case.customer.phone if case.customer else writers.number_of(case)
    return phone_for(user, number) if number else _("no phone")


def _at_risk(now: datetime, business: Business | None) -> list[AtRisk]:
    threshold = business.deposit_threshold if business else HIGH_RISK
    risky = Appointment.objects.filter(
        tenant_id=DEFAULT_TENANT,
        status=Appointment.Status.BOOKED,
        starts_at__gte=now,
        starts_at__lt=now + _RISK_AHEAD,
        risk_score__gte=threshold,
    )
    first = risky.select_related("customer").order_by("-risk_score", "starts_at")[:_MOST_AT_RISK]
    return [
        AtRisk(
            id=str(row.pk),
            when=day_and_time(row.starts_at, row.timezone),
            patient=str(row.customer),
            risk=risk_cell(row.risk_score, row.risk_reasons),
        )
        for row in first
    ]


def _upcoming(zone: str, *, named: bool) -> list[Upcoming]:
    """The next timers, each in its visit's zone (`zone` where there is no visit). `named`: with patients and visits."""
    timers = list(Due.objects.filter(lane=_TIMERS).order_by("due_at")[:_NEXT])
    known = WorkflowInstance.objects.select_related("appointment", "customer")
    runs = known.prefetch_related("appointment__deposits").in_bulk([due.ref for due in timers])
    return [_next(due, runs[due.ref], zone, named=named) for due in timers if due.ref in runs]


def _next(due: Due, run: WorkflowInstance, zone: str, *, named: bool) -> Upcoming:
    return Upcoming(
        when=day_and_time(due.due_at, run.appointment.timezone if run.appointment else zone),
        what=step_words(run),
        patient=str(run.customer) if run.customer and named else "",
        visit_id=str(run.appointment_id or "") if named else "",
    )
