"""A booking system gives a visit a time that is over: a slip, or a visit that is entered as it was after all.

Of a visit to come nobody knows which: the patient may come at the time they know, so a person is asked and nobody is
thanked. Of a visit that is over by then only the time is corrected, and what is known of its outcome stays.
"""

from __future__ import annotations

from datetime import datetime

from appointments import case_reasons, states
from appointments.case_reasons.words import happened
from appointments.models import Appointment
from appointments.services import escalations
from appointments.services.visit import untold
from aro import clock
from aro.desk.sentences import at

S = Appointment.Status


def is_correction(known: Appointment, starts_at: datetime) -> bool:
    """Whether that time only corrects what is behind us anyhow."""
    now = clock.now()
    if starts_at > now or known.status == S.RESCHEDULED:
        return False
    return known.status not in states.UPCOMING or known.starts_at <= now


def may_be_expected(known: Appointment) -> bool:
    """Whether somebody counts on the visit at the time that it is about to lose."""
    return known.status == S.RESCHEDULED or (known.status in states.UPCOMING and known.starts_at > clock.now())


def tell(visit: Appointment, former: datetime) -> None:
    """The visit had the time `former`, perhaps not the one of which the patient was told last."""
    now = clock.now()
    if visit.starts_at > now:
        return
    known = next((one for one in (untold.counts_on(visit), former) if one > now), None)
    escalations.escalate(
        key=f"{case_reasons.MOVED_INTO_PAST}:{visit.id}",
        reason=case_reasons.MOVED_INTO_PAST,
        title=happened("moved_into_past.expected", when=at(known, visit.timezone)) if known else "",
        appointment=visit,
        tenant_id=visit.tenant_id,
    )
