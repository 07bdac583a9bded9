"""Which visit a reply is about, and which question it answers. Never a guess: two candidates stay two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments import states
from appointments.models import Appointment, Customer, Message
from compliance.kinds import ASKING_REMINDERS
from workflows.replies.labels import OpenQuestion
from workflows.replies.times.fit import VisitFacts

QUESTIONS = ("confirmation", "moved", *(str(kind) for kind in sorted(ASKING_REMINDERS)))
OFFERS = ("rebooking", "no_show_followup")
# A reply answers the questions of these last hours; if there were none, older ones.
FRESH = timedelta(hours=72)
# Further back no question is open any more.
OLDEST = timedelta(days=120)
ASKED = ("sending", "unknown", "queued", "sent", "delivered", "read")


@dataclass(frozen=True, kw_only=True)
class Context:
    """`visits`: upcoming visits the reply may be about. `over`: the visit last asked about, if not upcoming."""

    question: OpenQuestion
    said: str
    visits: tuple[Appointment, ...]
    over: Appointment | None
    customer: Customer | None

    @property
    def visit(self) -> Appointment | None:
        """The one visit this is about, when there is just one."""
        return self.visits[0] if len(self.visits) == 1 else None

    def facts(self, now: datetime) -> VisitFacts | None:
        """What a day or an hour in the reply is held against; None when it could be about more than one visit."""
        about = self.visit or (self.over if not self.visits else None)
        return VisitFacts.of(starts_at=about.starts_at, now=now, zone=about.timezone) if about else None


def around(address: str, *, now: datetime, tenant_id: str) -> Context:
    """Reads what was last said to this phone."""
    asked = list(
        Message.objects.filter(
            tenant_id=tenant_id,
            address=address,
            direction=Message.Direction.OUT,
            kind__in=[*QUESTIONS, *OFFERS],
            status__in=ASKED,
            created_at__gte=now - OLDEST,
        )
        .select_related("appointment__customer")
        .order_by("-created_at")[:20]
    )
    visits = _asked_about(asked, now) or _upcoming(address, now, tenant_id)
    last = asked[0] if asked else None
    over = last.appointment if last and last.appointment and not visits and last.kind in QUESTIONS else None
    return Context(
        question=_question(last, visits, asked, over),
        said=last.body if last else "",
        visits=tuple(visits),
        over=over,
        customer=_customer(last, visits, address, tenant_id),
    )


def _asked_about(asked: list[Message], now: datetime) -> list[Appointment]:
    """The upcoming visits asked about recently; else those asked about at all."""
    open_ones = [m for m in asked if m.kind in QUESTIONS and m.appointment and _is_upcoming(m.appointment, now)]
    fresh = [m for m in open_ones if m.created_at >= now - FRESH]
    return list({m.appointment_id: m.appointment for m in fresh or open_ones if m.appointment}.values())


def _is_upcoming(appointment: Appointment, now: datetime) -> bool:
    return appointment.status in states.UPCOMING and appointment.starts_at > now


def _upcoming(address: str, now: datetime, tenant_id: str) -> list[Appointment]:
    return list(
        Appointment.objects.filter(
            tenant_id=tenant_id, customer__phone=address, status__in=states.UPCOMING, starts_at__gt=now
        )
        .select_related("customer")
        .order_by("starts_at")[:5]
    )


def _question(
    last: Message | None, visits: list[Appointment], asked: list[Message], over: Appointment | None
) -> OpenQuestion:
    """A yes to a visit that was cancelled meanwhile still answers our question, and is answered truthfully."""
    if over is not None and over.status == Appointment.Status.CANCELLED:
        return OpenQuestion.CONFIRM
    if last is not None and last.kind in OFFERS:
        return OpenQuestion.OFFER
    about = {m.appointment_id for m in asked if m.kind in QUESTIONS}
    return OpenQuestion.CONFIRM if any(v.id in about for v in visits) else OpenQuestion.NONE


def _customer(last: Message | None, visits: list[Appointment], address: str, tenant_id: str) -> Customer | None:
    if len({visit.customer_id for visit in visits}) == 1:
        return visits[0].customer
    if not visits and last is not None and last.customer is not None:
        return last.customer
    family = list(Customer.objects.filter(tenant_id=tenant_id, phone=address, deleted_at=None)[:2])
    return family[0] if len(family) == 1 else None
