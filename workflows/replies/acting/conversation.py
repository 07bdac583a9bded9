"""Which visit a reply is about, and which question it answers. Never a guess: two candidates stay two.

Nobody can answer an e-mail to ARO. Whoever got one and writes from the phone answers it like a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from appointments import profiles, states
from appointments.models import Appointment, Customer, Message
from appointments.services import businesses
from aro import clock
from compliance.kinds import ASKING_REMINDERS
from compliance.models import Channel
from workflows.replies.acting import running
from workflows.replies.labels import OpenQuestion
from workflows.replies.people.holders import former_person, has, is_theirs, named_by, person_of, theirs_of
from workflows.replies.text.normalize import plain
from workflows.replies.text.ours import Sent
from workflows.replies.times.fit import VisitFacts

QUESTIONS = ("confirmation", "moved", *(str(kind) for kind in sorted(ASKING_REMINDERS)))
OFFERS = ("rebooking", "no_show_followup")
# A reply answers the questions of these last hours; if there were none, older ones.
FRESH = timedelta(hours=72)
# Further back no question is open any more.
OLDEST = timedelta(days=120)
ASKED = ("sending", "unknown", "queued", "sent", "delivered", "read")
# So many texts of ours are known again when they come back.
_MOST = 60
# Who has written this waits for a person: a thumb up under an older text does not answer for them.
WAITS_FOR_STAFF = ("CANCEL", "RESCHEDULE", "EMERGENCY", "WRONG_NUMBER")


@dataclass(frozen=True, kw_only=True)
class Context:
    """`visits`: upcoming visits the reply may be about. `over`: the visit last asked about, if not upcoming.

    `last`: the newest text that asked something. `texts`: all we sent to the phone, and by e-mail about its visits,
    newest first, as `sent` has them. `former`: the person whom the last question here was about (or the last text,
    where nobody has this number), when they have another number now.
    `here`: visits of this phone that begin now or have begun, and are not surely over: see `running`.
    """

    question: OpenQuestion
    said: str
    visits: tuple[Appointment, ...]
    over: Appointment | None
    customer: Customer | None
    last: Message | None = None
    texts: tuple[Message, ...] = ()
    sent: Sent = field(default_factory=lambda: Sent([]))
    names: frozenset[str] = frozenset()
    former: Customer | None = None
    here: tuple[Appointment, ...] = ()

    @property
    def visit(self) -> Appointment | None:
        """The one visit this is about, when there is just one."""
        return self.visits[0] if len(self.visits) == 1 else None

    @property
    def together(self) -> tuple[Appointment, ...]:
        """The visits that our last question named, when it named several and no other question is open."""
        if self.last is None or self.last.kind not in QUESTIONS:
            return ()
        named = {one.appointment_id: one for one in self.last.named.all()}
        there = tuple(v for v in self.visits if v.pk in named and named[v.pk].visit_start == v.starts_at)
        asked = {v.pk for m in self.texts if m.kind in ASKING_REMINDERS for v in named_by(m)}
        others = [v for v in self.visits if v.pk in asked - set(named) and v.status == Appointment.Status.BOOKED]
        return there if len(there) > 1 and not others else ()

    @property
    def asked_last(self) -> Appointment | None:
        """Of several visits, the one whose confirmation our last question asked for, when no other such is open."""
        last = self.last
        known = {visit.pk for visit in (*self.visits, *self.here)}
        if len(known) < 2 or last is None or last.kind not in ASKING_REMINDERS or self._has_begun_since(last):  # noqa: PLR2004
            return None
        about, visit = named_by(last), last.appointment
        if visit is None or [one.pk for one in about] != [visit.pk] or not is_open(visit, last):
            return None
        asked = [one for text in self.texts if text.kind in ASKING_REMINDERS for one in named_by(text)]
        return None if any(one.pk != visit.pk and _is_unanswered(one) for one in asked) else visit

    def _has_begun_since(self, text: Message) -> bool:
        """Whoever was asked about another visit before this one began speaks of this one now."""
        asked, now = text.sent_at or text.created_at, clock.now()
        return any(asked < visit.starts_at <= now for visit in self.here)

    def facts(self, now: datetime) -> VisitFacts | None:
        """What a day or an hour in the reply is held against; None when it could be about more than one visit."""
        about = self.visit or (self.over if not self.visits else None)
        return VisitFacts.of(starts_at=about.starts_at, now=now, zone=about.timezone) if about else None

    def answers(self, quoted: tuple[int, ...]) -> bool:
        """Whether these texts are the last question, still open and about one visit. A quote that was cut short may
        be of several texts: they are all about that visit then. What only tells the time asks nothing."""
        texts = [self.texts[at] for at in quoted]
        if (
            self.last is None
            or self.last.kind not in ASKING_REMINDERS
            or self.last.pk not in {text.pk for text in texts}
        ):
            return False
        visit = self.last.appointment
        about = {one.pk for text in texts for one in named_by(text)}
        return visit is not None and about == {visit.pk} and is_open(visit, self.last)

    def fits(self, quoted: tuple[int, ...]) -> bool:
        """Whether these texts are about the visit that a yes would confirm, at the time it has now."""
        texts, visit = [self.texts[at] for at in quoted], self.visit
        return visit is not None and all(
            text.appointment_id == visit.pk and text.visit_start in (None, visit.starts_at) for text in texts
        )

    def about_the_last_question(self) -> Context:
        """The same, when the reply is surely to the last question and so about its visit."""
        visit = self.last.appointment if self.last else None
        return replace(self, visits=(visit,), customer=visit.customer) if visit else self


def around(address: str, *, now: datetime, tenant_id: str) -> Context:
    """Reads what was last said to this phone."""
    texts = _texts(address, now, tenant_id)
    asked = [text for text in _asking(texts) if is_theirs(text, address)]
    visits = _asked_about(asked, address, now) or _upcoming(address, now, tenant_id)
    last = asked[0] if asked else None
    over = next(iter(theirs_of(last, address)), None) if last and not visits and last.kind in QUESTIONS else None
    former = former_person(_asking(texts), texts, address, tenant_id)
    return Context(
        question=_question(last, visits, asked, over),
        said=_said(last),
        visits=tuple(visits),
        over=over,
        customer=_customer(last, visits, address, tenant_id),
        last=last,
        texts=tuple(texts),
        sent=Sent([text.body for text in texts], instructions=_instructions(tenant_id)),
        names=_names(address, tenant_id) | (_spoken([former.name]) if former else frozenset()),
        former=former,
        here=tuple(running.visits_at(address, now=now, tenant_id=tenant_id)),
    )


def about_visits(context: Context, visits: Sequence[Appointment], *, now: datetime) -> Context:
    """The same, about just these. Of what has begun nobody asks any more whether they come."""
    known = {visit.pk for visit in visits}
    asked = [text for text in _asking(context.texts) if known & {visit.pk for visit in named_by(text)}]
    last = asked[0] if asked else None
    to_come = [visit for visit in visits if visit.starts_at > now]
    people = {visit.customer_id for visit in visits}
    return replace(
        context,
        question=_question(last, to_come, asked, None),
        said=_said(last),
        visits=tuple(visits),
        over=None,
        customer=visits[0].customer if len(people) == 1 else None,
        last=last,
    )


def about_text(context: Context, text: Message, *, now: datetime) -> Context:
    """The same, when the reply surely stands under this text of ours: about its visits, and its question if it asks."""
    theirs = theirs_of(text, text.address) if text.channel != Channel.EMAIL else named_by(text)
    visits = [visit for visit in theirs if _is_upcoming(visit, now)]
    known = {visit.pk for visit in visits}
    about = [one for one in _asking(context.texts) if known & {visit.pk for visit in named_by(one)}]
    asked = [text] if text.kind in (*QUESTIONS, *OFFERS) else about
    last = asked[0] if asked else None
    over = theirs[0] if theirs and not visits else None
    return replace(
        context,
        former=None if theirs else person_of(text) or context.former,
        question=_question(last, visits, asked, over),
        said=_said(last),
        visits=tuple(visits),
        over=over,
        customer=_customer(text, visits, text.address, text.tenant_id),
        last=last,
    )


def widened(context: Context, message: Message, *, now: datetime) -> Context:
    """The same, about every visit to come on this phone, asked about lately or not."""
    to_come = _upcoming(message.address, now, message.tenant_id)
    visits = list({visit.pk: visit for visit in (*context.visits, *to_come)}.values())
    customer = _customer(context.last, visits, message.address, message.tenant_id)
    return replace(context, visits=tuple(visits), customer=customer)


def _asking(texts: Iterable[Message]) -> list[Message]:
    return [text for text in texts if text.kind in (*QUESTIONS, *OFFERS)][:20]


def _said(last: Message | None) -> str:
    """An e-mail is long, and its words would explain too much of a reply."""
    return last.body if last and last.channel != Channel.EMAIL else ""


def _texts(address: str, now: datetime, tenant_id: str) -> list[Message]:
    """All that went to this phone, or by e-mail to whoever has it, the newest first."""
    mailboxes = Customer.objects.filter(tenant_id=tenant_id, phone=address, deleted_at=None).exclude(email="")
    sent = Message.objects.filter(
        tenant_id=tenant_id,
        address__in={address, *mailboxes.values_list("email", flat=True)[:10]},
        direction=Message.Direction.OUT,
        status__in=ASKED,
        created_at__gte=now - OLDEST,
    )
    people = sent.select_related("appointment__customer", "customer").prefetch_related("named__appointment__customer")
    newest = people.order_by("-created_at")[:_MOST]
    return [text for text in newest if text.address == address or has(text.appointment, address)]


def _names(address: str, tenant_id: str) -> frozenset[str]:
    """Of everybody on this phone, as our texts may greet them."""
    family = Customer.objects.filter(tenant_id=tenant_id, phone=address, deleted_at=None)
    return _spoken(family.values_list("name", flat=True)[:10])


def _spoken(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in plain(name).split())


def _instructions(tenant_id: str) -> list[str]:
    """What any text of ours may end with, in each language."""
    pack = profiles.load(businesses.current(tenant_id).profile)
    return [texts.words.opt_out_line for texts in pack.texts.values()]


def is_open(visit: Appointment, question: Message) -> bool:
    """Whether a plain yes to that question is still wanted: not answered, and about the time the visit has."""
    return _is_unanswered(visit) and question.visit_start in (None, visit.starts_at)


def _is_unanswered(visit: Appointment) -> bool:
    still_to_come = visit.status == Appointment.Status.BOOKED and visit.starts_at > clock.now()
    return still_to_come and visit.last_reply_label not in WAITS_FOR_STAFF


def _asked_about(asked: list[Message], phone: str, now: datetime) -> list[Appointment]:
    """The upcoming visits asked about recently; else those asked about at all."""
    theirs = [(m, visit) for m in asked if m.kind in QUESTIONS for visit in theirs_of(m, phone)]
    open_ones = [(m, visit) for m, visit in theirs if _is_upcoming(visit, now)]
    fresh = [visit for m, visit in open_ones if m.created_at >= now - FRESH]
    return list({visit.pk: visit for visit in fresh or [visit for _, visit in open_ones]}.values())


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
    about = {visit.pk for m in asked if m.kind in QUESTIONS for visit in named_by(m)}
    return OpenQuestion.CONFIRM if any(v.id in about for v in visits) else OpenQuestion.NONE


def _customer(last: Message | None, visits: list[Appointment], address: str, tenant_id: str) -> Customer | None:
    if len({visit.customer_id for visit in visits}) == 1:
        return visits[0].customer
    if not visits and last is not None and last.customer is not None:
        return last.customer
    family = list(Customer.objects.filter(tenant_id=tenant_id, phone=address, deleted_at=None)[:2])
    return family[0] if len(family) == 1 else None
