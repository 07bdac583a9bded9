"""Whether a no-show that a booking system reports can be believed. What cannot be changes nothing; staff are told.

Only a person may say "we missed you" to somebody whose visit has not begun, or who wrote while it was to begin.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from appointments import case_reasons
from appointments.case_reasons.words import happened, to_do
from appointments.inbound import Applied, BookingCancelled, NoShowReported
from appointments.models import Appointment
from appointments.services import case_endings, escalations
from appointments.services.visit import doubts, source_facts
from aro import clock

S = Appointment.Status
# Who writes this shortly before the visit or later may be at the door.
AT_THE_DOOR: Final = timedelta(hours=1)
CANCELLED_BEFORE = Applied(outcome="ignored", detail="cancelled before: it stays so")
MARKED_HERE = Applied(outcome="ignored", detail="marked here, and never at the booking system")
SAID_BEFORE = Applied(outcome="ignored", detail="marked there before, and corrected here: a person looks")
NOT_BEGUN = Applied(outcome="ignored", detail="the visit has not begun yet: a person looks")
BEING_MOVED = Applied(outcome="ignored", detail="the visit is being moved: a person looks")
WROTE = Applied(outcome="ignored", detail="the patient wrote at the time of the visit: a person looks")


def refused(visit: Appointment, news: NoShowReported) -> Applied | None:
    """What the report does instead of marking the visit, or taking the mark away; None when it is believed."""
    if not news.absent:
        return MARKED_HERE if visit.status == S.NO_SHOW and source_facts.is_missed_only_here(visit) else None
    if visit.status == S.CANCELLED:
        return CANCELLED_BEFORE
    if visit.status == S.NO_SHOW:
        return None
    if source_facts.is_missed_as_before(visit):
        source_facts.tell(visit, case_reasons.STILL_NO_SHOW)
        return SAID_BEFORE
    if not _has_begun(visit, news):
        _tell(visit, case_reasons.NO_SHOW_EARLY)
        return NOT_BEGUN
    if visit.status == S.RESCHEDULED:
        case_endings.ask_for_outcome(visit)
        return BEING_MOVED
    if doubts.wrote_since(visit, visit.starts_at - AT_THE_DOOR):
        _ask_who_is_right(visit)
        return WROTE
    return None


def was_cancelled_in_time(visit: Appointment, news: BookingCancelled) -> bool:
    """A cancellation told late: it came before the visit, so nobody was missed. One after it undoes no no-show."""
    return visit.status == S.NO_SHOW and news.occurred_at < visit.starts_at


def _has_begun(visit: Appointment, news: NoShowReported) -> bool:
    """When it was said: what is told late may be of the day that the visit had before it was moved."""
    told = news.booking.starts_at if news.booking else visit.starts_at
    return max(told, visit.starts_at) <= min(news.occurred_at, clock.now())


def _tell(visit: Appointment, reason: str) -> None:
    escalations.escalate(key=f"{reason}:{visit.id}", reason=reason, appointment=visit, tenant_id=visit.tenant_id)


def _ask_who_is_right(visit: Appointment) -> None:
    """What they wrote stays open beside it: it is to be read first."""
    reason = case_reasons.PAST_NO_OUTCOME
    escalations.escalate(
        key=f"{reason}:{visit.id}",
        reason=reason,
        title=happened("past_no_outcome.wrote"),
        next_step=to_do("past_no_outcome.wrote"),
        appointment=visit,
        tenant_id=visit.tenant_id,
    )
