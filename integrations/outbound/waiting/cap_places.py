"""The places that a phone has under the cap: which texts get them when there are more texts than places.

What nothing else can say stands with a last reminder: the plain form of one, or the only text that a visit gets. Of
equals the nearest visit's goes first. Several about one day are one text, so they take one place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from appointments import profiles, reminders
from appointments.models import Appointment, Business, Customer, Message
from appointments.reminders import Reminder
from appointments.services import businesses, messages
from appointments.services.person import family
from aro.queue import rows
from aro.queue.remembered import remembered
from compliance import kinds, policy
from compliance.kinds import Kind

DAY: Final = timedelta(hours=24)
_LAST: Final = Kind.REMINDER_LAST


def per_day(business: Business) -> int:
    return _tighter(policy.current().caps.per_day, profiles.load(business.profile).file.caps.per_day)


def per_week(business: Business) -> int:
    return _tighter(policy.current().caps.per_week, profiles.load(business.profile).file.caps.per_week)


def _tighter(usual: int, own: int) -> int:
    """The lower of two caps; 0 is no cap."""
    return min(cap for cap in (usual, own) if cap) if usual or own else 0


def addresses(message: Message, customer: Customer | None) -> set[str]:
    """Wherever this person is reached: a cap is a person's, wherever the messages went."""
    known = (customer.phone, customer.email) if customer else ()
    return {message.address, *known} - {""}


def is_used_up(message: Message, now: datetime) -> bool:
    """Whether as many texts as allowed have gone out, so that none of those that wait takes the last place."""
    whose, business = addresses(message, message.customer), businesses.current(message.tenant_id)
    sent = messages.sent_since(whose, now - 7 * DAY, tenant_id=message.tenant_id)
    week = per_week(business)
    return sum(at >= now - DAY for at in sent) >= per_day(business) or 0 < week <= len(sent)


def says_it_alone(message: Message, now: datetime) -> bool:
    """Whether no other text says the same of this visit."""
    return _says_it_alone(message, Kind(message.kind), businesses.current(message.tenant_id).reminder_list, now)


def seen(  # noqa: PLR0913 - all that the rule hangs on
    message: Message,
    business: Business,
    whose: Collection[str],
    sent: Sequence[datetime],
    ahead: Callable[[], Sequence[Appointment]],
    now: datetime,
) -> dict[str, Any]:
    """What the cap's rule looks at besides the count, for a message that it counts. `sent`: when the last ones went
    out. `ahead`: the visits of all who are reached there."""
    known, cap = business.reminder_list, per_day(business)
    lately = sorted(at for at in sent if at >= now - DAY)
    more = _more_important(message, known, whose, now)
    return {
        "more_important_due": more,
        "place_free_at": _free_at(lately, len(lately) + more - cap),
        "costs_a_reminder": _costs_a_reminder(message, known, lately, ahead, cap, now),
    }


def _free_at(sent: Sequence[datetime], too_many: int) -> datetime | None:
    """When so many of them are a day old that there is a place again; None: there is one, or waiting frees none."""
    return sent[too_many] + DAY + timedelta(seconds=1) if 0 <= too_many < len(sent) else None


def _rank(message: Message, known: Sequence[Reminder], now: datetime) -> int:
    rules, kind = policy.current(), Kind(message.kind)
    return rules.importance(_LAST if _says_it_alone(message, kind, known, now) else kind)


def _says_it_alone(message: Message, kind: Kind, known: Sequence[Reminder], now: datetime) -> bool:
    visit = message.appointment
    if visit is None:
        return False
    if kind == Kind.REMINDER_PLAIN:
        at, start = message.planned_for, message.visit_start
        return bool(known and at and start and start - at <= known[-1].before)
    moments = [visit.starts_at - one.before for one in known]
    to_come = any(at > now and reminders.is_due_alone(visit.time_set_at, at) for at in moments)
    return kind in kinds.WAITS_FOR_THE_FAMILY and not to_come


def _more_important(message: Message, known: Sequence[Reminder], whose: Collection[str], now: datetime) -> int:
    """Other texts that wait for the same phone and outlive this one under the cap."""
    found = _waiting(message.tenant_id, whose, message.created_at - DAY, message.pk)
    rows.follow(found, "appointment")
    mine = _order(message, known, now)
    return len({_text(one) for one in found if _order(one, known, now) > mine} - {_text(message)})


@remembered
def _waiting(tenant_id: str, whose: Collection[str], since: datetime, but: UUID) -> QuerySet[Message]:
    return Message.objects.filter(
        tenant_id=tenant_id,
        address__in=whose,
        automatic=True,
        status__in=[Message.Status.PLANNED, Message.Status.HELD],
        created_at__gte=since,
    ).exclude(Q(pk=but) | Q(kind__in=kinds.OUTSIDE_THE_CAP))[:20]


def _order(message: Message, known: Sequence[Reminder], now: datetime) -> tuple[int, float]:
    visit = message.appointment
    nearer = -visit.starts_at.timestamp() if visit and message.kind in kinds.TELLS_THE_TIME else 0.0
    return _rank(message, known, now), nearer


def _text(message: Message) -> tuple[object, ...]:
    """What goes out as one."""
    visit, kind = message.appointment, Kind(message.kind)
    return (family.day_of(visit), family.alike(kind)) if visit and kind in kinds.TOGETHER else (message.pk,)


def _costs_a_reminder(  # noqa: PLR0913 - as `seen`
    message: Message,
    known: Sequence[Reminder],
    sent: Sequence[datetime],
    ahead: Callable[[], Sequence[Appointment]],
    cap: int,
    now: datetime,
) -> bool:
    """Whether a more important reminder of the next 24 hours would find no place, were this text sent now."""
    mine = _rank(message, known, now)
    if not sent or mine >= policy.current().importance(_LAST):
        return False
    to_come = family.reminders_to_come(ahead(), _above(known, mine), now)
    return _fit(to_come, [*sent, now], cap) < _fit(to_come, sent, cap)


def _above(known: Sequence[Reminder], rank: int) -> list[Reminder]:
    rules, count = policy.current(), len(known)
    plain = rules.importance(Kind.REMINDER_PLAIN)
    if rank < plain:
        return list(known)
    return [one for place, one in enumerate(known) if rules.importance(reminders.kind_of(place, count)) > rank]


def _fit(ahead: Sequence[datetime], sent: Sequence[datetime], cap: int) -> int:
    """How many of these get a place, each waiting a little for one if need be."""
    taken = list(sent)
    for at in ahead:
        if not cap or sum(one > at + kinds.WAITS_FOR_A_PLACE - DAY for one in taken) < cap:
            taken.append(at)
    return len(taken) - len(sent)
