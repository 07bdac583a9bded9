"""What the booking system itself told last of a visit's time and state, beside what staff made of it here.

Some lists carry no time of a change, and others change with every word of a note. So only what a booking system tells
otherwise than the last time is news of the time or the state: the rest undoes nothing that staff did. Where the two
differ, staff are told once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from appointments import case_reasons, states
from appointments.case_reasons.words import happened
from appointments.inbound import Booking
from appointments.models import Appointment
from appointments.services import case_endings, escalations
from aro import clock
from aro.desk.sentences import at
from compliance.models import Actor

S = Appointment.Status


def as_kept_here(visit: Appointment, booking: Booking) -> Booking:
    """The booking with the time that staff gave the visit, unless the booking system tells another than before."""
    keeps = visit.status != S.RESCHEDULED and _is_time_of_before(visit, booking)
    return replace(booking, starts_at=visit.starts_at) if keeps else booking


def note(visit: Appointment, booking: Booking, *, before: datetime | None) -> None:
    """What is told of a booking that stands; `before`: the start that was told the last time. Staff hear of it where
    the time is another one than here."""
    status = S.NO_SHOW if visit.source_status == S.NO_SHOW else S.BOOKED
    if (visit.source_starts_at, visit.source_status) != (booking.starts_at, status):
        visit.source_starts_at, visit.source_status = booking.starts_at, status
        visit.save(update_fields=["source_starts_at", "source_status", "updated_at"])
    if not _same_minute(visit.starts_at, booking.starts_at):
        _tell_other_time(visit, booking.starts_at)
    elif before and not _same_minute(before, booking.starts_at):
        case_endings.times_agree(visit)


def is_cancelled_as_before(visit: Appointment) -> bool:
    """The booking system had cancelled it, and staff opened it again."""
    return visit.source_status == S.CANCELLED and visit.status in states.LIVE


def is_missed_as_before(visit: Appointment) -> bool:
    """The booking system had called it a no-show, and staff said that it was none."""
    return visit.source_status == S.NO_SHOW and visit.status != S.NO_SHOW


def is_missed_only_here(visit: Appointment) -> bool:
    """Staff called it a no-show, and the booking system never did: it has no mark to take away."""
    marks = visit.history.filter(after=S.NO_SHOW).order_by("-at", "-id")
    return visit.source_status != S.NO_SHOW and marks.values_list("actor", flat=True).first() == Actor.ADMIN


def tell(visit: Appointment, reason: str, *, title: str = "") -> None:
    """Once for what staff did: the booking system repeats it until somebody changes it there."""
    key = f"{reason}:{visit.id}:{visit.moves}.{visit.restarts}"
    if not escalations.is_known(key, tenant_id=visit.tenant_id):
        escalations.escalate(key=key, reason=reason, title=title, appointment=visit, tenant_id=visit.tenant_id)


def _tell_other_time(visit: Appointment, there: datetime) -> None:
    if visit.status in states.LIVE and max(visit.starts_at, there) > clock.now():
        title = happened("other_time_there.when", when=at(there, visit.timezone))
        tell(visit, case_reasons.OTHER_TIME_THERE, title=title)


def _is_time_of_before(visit: Appointment, booking: Booking) -> bool:
    if _same_minute(visit.starts_at, booking.starts_at):
        return False
    # Of a visit older than this memory, who moved it last knows best.
    told = visit.source_starts_at or booking.starts_at
    return _same_minute(told, booking.starts_at) and _was_moved_here(visit)


def _was_moved_here(visit: Appointment) -> bool:
    moves = visit.history.filter(before=S.RESCHEDULED, after=S.BOOKED).order_by("-at", "-id")
    return moves.values_list("actor", flat=True).first() == Actor.ADMIN


def _same_minute(one: datetime, other: datetime) -> bool:
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
