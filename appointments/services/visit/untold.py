"""Whether the patient knows the time that their visit has now: what our texts have told them, and what failed to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from appointments import case_reasons
from appointments.case_reasons import Change
from appointments.case_reasons.words import happened
from appointments.models import Appointment, Message, NamedVisit
from appointments.services import businesses, case_endings, escalations
from appointments.services.visit import opening_hours
from aro import clock
from aro.desk import sentences
from compliance import kinds
from compliance.kinds import Kind
from compliance.reasons import NOTHING_UNTOLD, Reason

_GONE_OUT: Final = (
    Message.Status.SENDING,
    Message.Status.UNKNOWN,
    Message.Status.QUEUED,
    Message.Status.SENT,
    Message.Status.DELIVERED,
    Message.Status.READ,
)

# Whoever books for a moment so near, while somebody is at the desk, stands there or is on the phone: they know. What is
# sent after such a visit may be the first text they get.
WALK_IN: Final = timedelta(hours=1)
# No text can go out before a visit that begins before the quiet hours end. Further away, another reason kept it back.
NEAR: Final = timedelta(days=1)


def not_sent(message: Message, reason: Reason | None = None) -> None:
    """A text did not reach the patient: a case when it alone would have told them of another time, or when the visit is
    so near that no other text can.

    `reason`: why it was left out; None when it went out and failed, perhaps for several of a family.
    """
    visit = message.appointment
    if message.kind == Kind.CONFIRMATION and reason == Reason.STALE and visit is not None:
        if _is_booked_too_late(visit):
            _tell_of_late_booking(visit)
        return
    if Kind(message.kind) not in kinds.MUST_BE_TOLD or reason in NOTHING_UNTOLD:
        return
    named = () if reason else message.named.select_related("appointment")
    own = [message.appointment] if message.appointment else []
    for visit in [one.appointment for one in named] or own:
        if not _is_settled(visit):
            _call(visit)


def _is_booked_too_late(visit: Appointment) -> bool:
    """Nothing can be said before it. Of one that has begun by now nobody can be told any more: it was entered late."""
    ahead = visit.starts_at - clock.now()
    return timedelta(0) < ahead <= NEAR and not was_told_of(visit) and not _walked_in(visit)


def _walked_in(visit: Appointment) -> bool:
    at_once = visit.starts_at - visit.time_set_at < WALK_IN
    return at_once and not opening_hours.why_closed(visit.time_set_at, businesses.current(visit.tenant_id))


def _tell_of_late_booking(visit: Appointment) -> None:
    escalations.escalate(
        key=f"{case_reasons.BOOKED_UNTOLD}:{visit.id}",
        reason=case_reasons.BOOKED_UNTOLD,
        title=happened("booked_untold.when", when=sentences.at(visit.starts_at, visit.timezone)),
        appointment=visit,
        tenant_id=visit.tenant_id,
    )


def arrived(message: Message) -> None:
    """A text that had failed has arrived after all: its visits' cases end where it told the time that they have now."""
    named = [one.appointment for one in message.named.select_related("appointment")]
    own = [message.appointment] if message.appointment else []
    for visit in named or own:
        if _is_settled(visit):
            case_endings.settled(_case(visit), Change.ARRIVED, tenant_id=visit.tenant_id)


def _case(visit: Appointment) -> str:
    return f"{case_reasons.NOT_TOLD}:{visit.id}"


def _call(visit: Appointment) -> None:
    escalations.escalate(
        key=_case(visit),
        reason=case_reasons.NOT_TOLD,
        appointment=visit,
        tenant_id=visit.tenant_id,
    )


def was_told_of(visit: Appointment) -> bool:
    """Whether the patient counts on this visit: they confirmed it, or a text about it has gone out."""
    if visit.status == Appointment.Status.CONFIRMED or visit.confirmation_received:
        return True
    gone_out = Message.objects.filter(direction=Message.Direction.OUT, status__in=_GONE_OUT)
    named = NamedVisit.objects.filter(appointment=visit, message__in=gone_out)
    return gone_out.filter(appointment=visit).exists() or named.exists()


def knows_another_time(visit: Appointment, *, at: datetime) -> bool:
    """Whether the last text that named a time for this visit by then named another one than it has now."""
    return _last_told(visit, at) not in (None, visit.starts_at)


def knows_its_time(visit: Appointment) -> bool:
    """Whether the last text that named a time for this visit named the moment that it has now."""
    return _last_told(visit) == visit.starts_at


def counts_on(visit: Appointment) -> datetime:
    """The time at which the patient comes, as far as anybody can know: the last one told, or the one booked."""
    return _last_told(visit) or visit.starts_at


def was_told(visit: Appointment, since: datetime) -> bool:
    """Whether a text since then has named the time that the visit has now, to them alone or to their family."""
    lately = _gone_out().filter(sent_at__gte=since)
    named = NamedVisit.objects.filter(appointment=visit, visit_start=visit.starts_at, message__in=lately)
    return lately.filter(appointment=visit, visit_start=visit.starts_at).exists() or named.exists()


def _is_settled(visit: Appointment) -> bool:
    """Confirmed since at the time it has now, or moved back to the one that they were told."""
    return visit.status == Appointment.Status.CONFIRMED or _last_told(visit) == visit.starts_at


def was_told_last(earlier: Appointment, visit: Appointment) -> bool:
    """Of two rows that are one visit: whether the last text about it named the earlier one's time."""
    first, second = ([at for at, _ in _told(one)] for one in (earlier, visit))
    return bool(first) and (not second or max(first) > max(second))


def _last_told(visit: Appointment, at: datetime | None = None) -> datetime | None:
    """None: no text has named a time (by `at`, when given)."""
    told = _told(visit, at)
    return max(told, key=lambda one: one[0])[1] if told else None


def _told(visit: Appointment, at: datetime | None = None) -> list[tuple[datetime, datetime | None]]:
    """The last text of its own and the last one of its family's that named a time: when, and which."""
    gone_out = _gone_out().filter(created_at__lte=at) if at else _gone_out()
    own = gone_out.filter(appointment=visit).values_list("created_at", "visit_start").order_by("-created_at").first()
    named = NamedVisit.objects.filter(appointment=visit, message__in=gone_out)
    shared = named.values_list("message__created_at", "visit_start").order_by("-message__created_at").first()
    return [one for one in (own, shared) if one is not None]


def _gone_out() -> QuerySet[Message]:
    """The texts that name a time and have left."""
    return Message.objects.filter(direction=Message.Direction.OUT, kind__in=kinds.TELLS_THE_TIME, status__in=_GONE_OUT)
