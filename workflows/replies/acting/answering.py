"""Answering a person's own message: once, and never so often that two machines talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from appointments.models import Appointment, Customer, Message
from appointments.services import escalations, messages
from appointments.services.person import family
from aro import clock
from compliance import policy
from compliance.kinds import Kind
from compliance.reasons import Reason
from workflows.engine import effects
from workflows.replies.acting.conversation import Context
from workflows.replies.labels import Classification
from workflows.replies.times.windows import Window

# They neither count nor are held back by the day's number: a person may need them.
OUTSIDE_THE_NUMBER: Final = frozenset({Kind.OPT_OUT_ANSWER, Kind.HELP_ANSWER, Kind.EMERGENCY_ANSWER})
# They name a visit: for another visit they are another answer.
ABOUT_ITS_VISIT: Final = frozenset({Kind.THANK_YOU, Kind.RESCHEDULE_LINK, Kind.ALREADY_CANCELLED})
# It names several and is about none of them yet.
ABOUT_NO_VISIT: Final = frozenset({Kind.WHICH_VISIT})
# Nobody who has just told of danger is thanked brightly.
CHEERFUL: Final = frozenset({Kind.THANK_YOU})
DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An inbound message, what it was taken for, and the conversation around it."""

    message: Message
    found: Classification
    context: Context
    provider_answered: bool = False
    wish: tuple[Window, ...] = ()
    """The days and hours asked for, where another time is asked for."""


def answer(reply: Reply, kind: str, *, about: Sequence[Appointment] = ()) -> None:
    """Answers once per message. A phone that nobody is known by gets only what names nobody and may be needed.

    `about`: several visits that the text names.

    Under the lock of the phone, so that two messages at once are counted one after the other.
    """
    person = person_at(reply)
    if person is None and kind not in OUTSIDE_THE_NUMBER:
        return
    now = clock.now()
    visit = about[0] if about and kind not in ABOUT_NO_VISIT else reply.context.visit or reply.context.over
    enough = _is_enough(reply, Kind(kind), visit, now)
    message = _planned(reply, kind, person, visit, now)
    if message is not None and enough:
        messages.not_sent(message, Reason.ANSWERED_ENOUGH)
        return
    if message is not None and kind in CHEERFUL and _told_of_danger(reply):
        messages.not_sent(message, Reason.AWAITING_STAFF)
        return
    if message is not None and about:
        family.name_in(message, dict.fromkeys(about[: family.MOST], now))
    effects.send(message, now=now)


def _told_of_danger(reply: Reply) -> bool:
    """And no person has settled it yet."""
    known = escalations.open_at(reply.message.address, "emergency", tenant_id=reply.message.tenant_id)
    return known is not None


def _planned(
    reply: Reply, kind: str, person: Customer | None, visit: Appointment | None, now: datetime
) -> Message | None:
    theirs, key = reply.message, f"answer:{reply.message.id}"
    if person is None:
        return messages.plan_for_stranger(theirs, key=key, kind=kind, at=now)
    return messages.plan(
        key=key,
        kind=kind,
        appointment=visit,
        customer=person,
        automatic=False,
        channel=theirs.channel,
        address=theirs.address,
        planned_for=now,
    )


def _is_enough(reply: Reply, kind: Kind, visit: Appointment | None, now: datetime) -> bool:
    """Whether this phone has had the same answer just now, or its number of answers for the day."""
    rules = policy.current().answers
    given = _given(reply.message, since=now - DAY)
    same = given.filter(kind=kind, created_at__gt=now - timedelta(minutes=rules.same_again_after_minutes))
    if kind in ABOUT_ITS_VISIT:
        same = same.filter(appointment=visit)
    if kind != Kind.OPT_OUT_ANSWER and same.exists():
        return True
    return kind not in OUTSIDE_THE_NUMBER and given.exclude(kind__in=OUTSIDE_THE_NUMBER).count() >= rules.per_day


def _given(message: Message, *, since: datetime) -> QuerySet[Message]:
    """The answers to this phone that went out or will."""
    return Message.objects.filter(
        tenant_id=message.tenant_id,
        address=message.address,
        key__startswith="answer:",
        direction=Message.Direction.OUT,
        created_at__gt=since,
    ).exclude(status=Message.Status.BLOCKED)


def person_at(reply: Reply) -> Customer | None:
    """Any of a family will do for a text that names nobody's visit."""
    if reply.context.customer is not None:
        return reply.context.customer
    if reply.context.visits:
        return reply.context.visits[0].customer
    return Customer.objects.filter(tenant_id=reply.message.tenant_id, phone=reply.message.address).first()
