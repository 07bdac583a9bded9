"""A practice clinic for a first look. Its history is written as rows without events, so that nobody is texted:
newcomers book their own visit in the sandbox and watch what happens.

Numbers are from the ranges kept for fiction (555-01xx). History lies further back than the risk rank looks, so that it
does not sway the scores of new bookings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from appointments import states
from appointments.case_reasons.words import happened, to_do
from appointments.models import (
    Appointment,
    BookingRef,
    Business,
    Customer,
    Escalation,
    Message,
    ReplyClassification,
    StatusChange,
)
from appointments.services import escalations, risk
from appointments.services.person import customers
from appointments.services.visit import visits
from aro.desk.show import zone_of
from compliance.models import Actor, Channel
from workflows.replies.labels import Label

S = Appointment.Status
SOURCE = "manual"
_HISTORY_BEGINS_DAYS_AGO = 190
_LEAD = timedelta(days=9)
_ANSWERS = "Reply C to confirm, R to reschedule, X if you cannot come."


@dataclass(frozen=True)
class Person:
    """A made-up patient. `kept` and `missed` are earlier visits; `today` is the hour of a visit today."""

    name: str
    phone: str
    kept: int
    missed: int = 0
    today: tuple[int, int] | None = None
    today_is: str = S.CONFIRMED
    language: str = "en"


PEOPLE = (
    Person("Amara Okafor", "+16175550101", 4, today=(9, 0)),
    Person("Ben Whitlock", "+16175550102", 2, missed=2, today=(9, 45)),
    Person("Carmen Ibarra", "+16175550103", 3, today=(10, 30), language="es"),
    Person("Dario Conti", "+16175550104", 1, today=(11, 15), today_is=S.BOOKED),
    Person("Elif Aydin", "+16175550105", 5, today=(13, 0)),
    Person("Frank Osei", "+16175550106", 2, missed=1, today=(14, 0), today_is=S.BOOKED),
    Person("Greta Lindqvist", "+16175550107", 3, today=(15, 15)),
    Person("Hiro Tanaka", "+16175550108", 1, today=(16, 0), today_is=S.CANCELLED),
    Person("Imani Brooks", "+16175550109", 2, missed=1),
    Person("Jonah Feld", "+16175550110", 3),
    Person("Kavya Nair", "", 1),
    Person("Leo Marchetti", "+16175550112", 0, missed=2),
)


def build(*, now: datetime) -> Business | None:
    """Sets up the practice clinic; None, and nothing changed, when a business exists already."""
    with transaction.atomic():
        if Business.objects.exists():
            return None
        business = _business()
        for place, person in enumerate(PEOPLE):
            _person(person, place, business, now)
        _cases(business)
    return business


def _business() -> Business:
    return Business.objects.create(
        name="Juniper Lane Dental",
        phone="+16175550100",
        email="desk@juniperlane.example",
        address="12 Juniper Lane, Boston",
        timezone="America/New_York",
        google_place_id="ChIJN1t_tDeuEmsRUsoyG83frY4",
        booking_url="https://booking.juniperlane.example/visit",
        # Its booking form asks for it, so that newcomers see review requests and offers too.
        booking_consent_marketing=True,
    )


def _person(person: Person, place: int, business: Business, now: datetime) -> None:
    customer = Customer.objects.create(name=person.name, phone=person.phone, language=person.language)
    outcomes = [S.COMPLETED] * person.kept + [S.NO_SHOW] * person.missed
    for place_back, status in enumerate(outcomes):
        day = _weekday((now - timedelta(days=_HISTORY_BEGINS_DAYS_AGO + 28 * place_back + 2 * place)).date())
        _visit(customer, business, _at(business, day, (9 + place % 7, 0)), status, SOURCE)
    if person.today:
        start = _at(business, now.astimezone(zone_of(business.timezone)).date(), person.today)
        visit = _visit(customer, business, start, _as_of(person.today_is, start, now), SOURCE)
        _talk(visit)
        if visit.status in states.LIVE:
            visits.watch_for_end(visit)
    latest = customer.appointments.order_by("-starts_at").first()
    if latest:
        customers.count_outcome(latest)


def _as_of(status: str, start: datetime, now: datetime) -> str:
    """A visit of this morning is over by the afternoon."""
    return S.COMPLETED if status != S.CANCELLED and start + timedelta(hours=1) < now else status


def _weekday(day: date) -> date:
    """The same day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _at(business: Business, day: date, clock_time: tuple[int, int]) -> datetime:
    return datetime.combine(day, time(*clock_time), zone_of(business.timezone))


def _visit(customer: Customer, business: Business, start: datetime, status: str, source: str) -> Appointment:
    booked = start - _LEAD
    answered = status in (S.CONFIRMED, S.COMPLETED)
    visit = Appointment(
        source=source,
        customer=customer,
        starts_at=start,
        timezone=business.timezone,
        service="Check-up",
        service_cost=Decimal("120.00"),
        status=status,
        booked_at=booked,
        created_at=booked,
        confirmation_received=answered,
        confirmed_at=start - timedelta(days=2) if answered else None,
        completed_at=start + timedelta(minutes=30) if status == S.COMPLETED else None,
        cancelled_at=start - timedelta(days=1) if status == S.CANCELLED else None,
    )
    visit.external_id = f"demo-{visit.pk}"
    risk.assess(visit, business)
    visit.deposit_required = False
    visit.save(force_insert=True)
    BookingRef.objects.create(source=source, external_id=visit.external_id, appointment=visit)
    _history(visit)
    return visit


def _history(visit: Appointment) -> None:
    """How the visit came to its state, as the state machine would have written it."""
    steps: dict[str, list[tuple[str, str, datetime | None, str]]] = {
        S.CONFIRMED: [(S.BOOKED, S.CONFIRMED, visit.confirmed_at, Actor.USER)],
        S.CANCELLED: [(S.BOOKED, S.CANCELLED, visit.cancelled_at, Actor.ADMIN)],
        S.NO_SHOW: [(S.BOOKED, S.NO_SHOW, visit.starts_at + timedelta(hours=1), Actor.ADMIN)],
        S.COMPLETED: [
            (S.BOOKED, S.CONFIRMED, visit.confirmed_at, Actor.USER),
            (S.CONFIRMED, S.IN_PROGRESS, visit.starts_at, Actor.ADMIN),
            (S.IN_PROGRESS, S.COMPLETED, visit.completed_at, Actor.ADMIN),
        ],
    }
    for before, after, at, actor in steps.get(visit.status, []):
        if at is not None:
            StatusChange.objects.create(appointment=visit, before=before, after=after, at=at, actor=actor)


def _talk(visit: Appointment) -> None:
    """What was texted about a visit: the confirmation, the reminder, and the answer if there was one."""
    first_name = visit.customer.name.split()[0]
    when = f"{visit.starts_at:%a, %b} {visit.starts_at.day} at {visit.starts_at:%H:%M}"
    _text(visit, "confirmation", visit.booked_at, f"Hi {first_name}, Juniper Lane Dental has you down for {when}.")
    asks = f"Hi {first_name}, see you {when} at Juniper Lane Dental? {_ANSWERS}"
    _text(visit, "reminder_first", visit.starts_at - timedelta(hours=48), asks)
    if visit.confirmed_at:
        _reply(visit, visit.confirmed_at + timedelta(minutes=7), "C")


def _text(visit: Appointment, kind: str, at: datetime, body: str) -> None:
    Message.objects.create(
        key=f"demo:{kind}:{visit.pk}",
        direction=Message.Direction.OUT,
        kind=kind,
        appointment=visit,
        customer=visit.customer,
        channel=Channel.SMS,
        address=visit.customer.phone,
        body=body,
        status=Message.Status.DELIVERED,
        segments=1,
        planned_for=at,
        created_at=at,
        sent_at=at,
        delivered_at=at + timedelta(seconds=3),
    )


def _reply(visit: Appointment, at: datetime, body: str) -> None:
    message = Message.objects.create(
        key=f"demo:reply:{visit.pk}",
        direction=Message.Direction.IN,
        kind="reply",
        automatic=False,
        appointment=visit,
        customer=visit.customer,
        address=visit.customer.phone,
        body=body,
        status=Message.Status.RECEIVED,
        created_at=at,
        sent_at=at,
    )
    ReplyClassification.objects.create(
        message=message, label=Label.CONFIRM, confidence=0.99, source="rules", acted=True, created_at=at
    )


def _cases(business: Business) -> None:
    """Two cases to practise on."""
    waiting = Appointment.objects.filter(status=S.BOOKED).order_by("starts_at").first()
    if waiting:
        escalations.escalate(
            key=f"no_answer:{waiting.pk}",
            reason="no_answer",
            title=happened("no_answer.demo"),
            next_step=to_do("no_answer.demo"),
            priority=Escalation.Priority.HIGH,
            appointment=waiting,
        )
    unreachable = Customer.objects.filter(phone="").first()
    if unreachable:
        escalations.escalate(
            key=f"no_phone:{unreachable.pk}",
            reason="no_phone",
            title=happened("no_phone.demo"),
            next_step=to_do("no_phone.demo"),
            customer=unreachable,
        )
