"""In the lane `sweeps`: what becomes of a visit whose time has passed, of one whose new time never came, and of one
cancelled while the patient has not been told.

A visit that nobody doubts is completed two hours after its end. One that the person may not have come to is not: a
person is asked, once. See `doubts`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from appointments import case_reasons, states
from appointments.models import Appointment, Business
from appointments.services import case_endings, escalations
from appointments.services.visit import cancellations, closed_visits, doubts, standing_again, visits
from compliance.models import Actor

S = Appointment.Status


def look(refs: Sequence[UUID], now: datetime) -> Iterable[UUID]:
    """Looks at the visits among these, and says which they are."""
    known = Appointment.objects.select_related("customer").in_bulk(refs)
    doubtful = _doubtful(list(known.values()))
    for ref in refs:
        if ref in known:
            _look_at(known[ref], now, doubtful)
    return known


def _doubtful(found: Sequence[Appointment]) -> set[UUID]:
    """Asked once for the whole batch; each tenant for itself."""
    tenants = {visit.tenant_id for visit in found}
    live = [visit for visit in found if visit.status in states.LIVE]
    left = {visit.id for visit in found if visit.status == S.IN_PROGRESS and doubts.wrote_after_arriving(visit)}
    return left | {one for tenant in tenants for one in doubts.among([v for v in live if v.tenant_id == tenant])}


def _look_at(visit: Appointment, now: datetime, doubtful: Collection[UUID]) -> None:
    if visit.status == S.COMPLETED:
        if doubts.says_nobody_came(visit):
            visits.take_back_completion(visit)
            case_endings.ask_for_outcome(visit)
    elif visit.status == S.CANCELLED:
        cancellations.look_again(visit)
    elif visit.status in (*states.UPCOMING, S.IN_PROGRESS):
        if visits.ends_at(visit) + visits.COMPLETION_DELAY <= now:
            _over(visit, in_doubt=visit.id in doubtful)
        else:
            _not_over(visit, now)


def _over(visit: Appointment, *, in_doubt: bool) -> None:
    """Who is there has come, whatever was written before; not so who has written since that nobody called them in."""
    if visit.status == S.IN_PROGRESS and not in_doubt:
        visits.complete(visit, actor=Actor.SYSTEM)
    elif visit.status == S.RESCHEDULED:
        if visits.is_known_by_a_name(visit):
            case_endings.ask_for_outcome(visit)
    elif in_doubt:
        case_endings.ask_for_outcome(visit)
    elif why := _why_asked(visit):
        case_endings.ask_for_outcome(visit, why=why)
    else:
        visits.complete(visit, actor=Actor.SYSTEM)


def _why_asked(visit: Appointment) -> str:
    """Why a person is asked about a visit that nobody doubts; empty when nobody need be."""
    if standing_again.is_reopened_after_its_end(visit):
        return case_endings.REOPENED
    return case_endings.CLOSED if _was_closed(visit) else ""


def _was_closed(visit: Appointment) -> bool:
    business = Business.objects.filter(tenant_id=visit.tenant_id).first()
    return closed_visits.is_in_question(visit, business)


def _not_over(visit: Appointment, now: datetime) -> None:
    if visit.status != S.RESCHEDULED:
        visits.watch_for_end(visit)
    elif visits.is_known_by_a_name(visit) and visits.wait_for_new_time(visit, now) is None:
        escalations.escalate(
            key=f"{case_reasons.HALF_MOVED}:{visit.id}",
            reason=case_reasons.HALF_MOVED,
            appointment=visit,
            tenant_id=visit.tenant_id,
        )
        visits.watch_for_end(visit)
