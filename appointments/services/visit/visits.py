"""A visit's life after the booking: confirmed, moved, cancelled, come and gone. For providers, staff and ARO alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from appointments import states
from appointments.case_reasons import Change
from appointments.inbound import Applied
from appointments.models import Appointment, Deposit
from appointments.services import businesses, case_endings, escalations, journal, risk
from appointments.services.money import deposits, payment_notes
from appointments.services.person import customers
from appointments.services.visit import cancellations, doubts
from aro import clock
from aro.queue import due
from compliance.models import Actor

S = Appointment.Status
# Completion is assumed this long after the end when staff did nothing (spec: 2 h).
COMPLETION_DELAY = timedelta(hours=2)
SWEEPS = escalations.SWEEPS
# A booking system tells of a move in two halves, seconds apart. When the second has not come after this long, or when
# the visit is near, a person is told.
HALF_MOVED_AFTER = timedelta(minutes=30)
HALF_MOVED_SOONEST, NEAR = timedelta(minutes=2), timedelta(hours=1)


def ends_at(appointment: Appointment) -> datetime:
    """The end of the visit, UTC."""
    return appointment.starts_at + timedelta(minutes=appointment.duration_minutes)


def watch_for_end(appointment: Appointment) -> None:
    """Makes the visit due for completion after its end; again after every move."""
    due.put(SWEEPS, appointment.id, ends_at(appointment) + COMPLETION_DELAY)


def wait_for_new_time(appointment: Appointment, now: datetime) -> datetime | None:
    """Looks again when the second half of a move should have come, and returns when that is; None: it is late by now.

    The first half came when the visit became "being moved".
    """
    changes = appointment.history.filter(after=S.RESCHEDULED).order_by("-at")
    since = changes.values_list("at", flat=True).first() or appointment.created_at
    patience = min(HALF_MOVED_AFTER, max(HALF_MOVED_SOONEST, appointment.starts_at - NEAR - since))
    if since + patience <= now:
        return None
    due.put(SWEEPS, appointment.id, since + patience)
    return since + patience


def is_known_by_a_name(appointment: Appointment) -> bool:
    """False for a row whose booking turned out to be one with another visit: that one is looked after instead."""
    return appointment.refs.exists()


def take_back_completion(appointment: Appointment) -> None:
    """ARO had completed the visit by itself, and a message says that the person may not have come."""
    back = S.CONFIRMED if appointment.confirmation_received else S.BOOKED
    reason = "a message says that the patient may not have come"
    states.change(appointment, back, now=clock.now(), actor=Actor.SYSTEM, reason=reason, override=True)
    appointment.completed_at = None
    appointment.save(update_fields=["completed_at", "updated_at"])
    customers.count_outcome(appointment)
    risk.refresh_customer(appointment.customer)


def confirm(appointment: Appointment, *, actor: str, actor_id: str = "", correlation_id: UUID | None = None) -> bool:
    """Booked becomes confirmed; False when it was confirmed already. Raises `ConflictError` in any other state.

    Saying it again settles what was said in between: "X", and then "I can come after all".
    """
    now, again = clock.now(), appointment.status == S.CONFIRMED
    if not again:
        states.change(appointment, S.CONFIRMED, now=now, actor=actor, actor_id=actor_id)
    appointment.confirmation_received, appointment.confirmed_at = True, now
    appointment.save(update_fields=["confirmation_received", "confirmed_at", "updated_at"])
    case_endings.visit_changed(appointment, Change.CONFIRMED)
    if not again:
        journal.visit_event(
            "appointment.confirmed", appointment, actor=actor, actor_id=actor_id, correlation_id=correlation_id
        )
    return not again


def apply_new_time(
    appointment: Appointment, *, actor: str, actor_id: str = "", correlation_id: UUID | None = None
) -> None:
    """Saves a visit whose time was changed by the caller, and starts its reminders anew."""
    appointment.moves += 1
    appointment.confirmation_received, appointment.confirmed_at = False, None
    appointment.completed_at = appointment.cancelled_at = None
    appointment.last_reply_label = ""
    business = businesses.current(appointment.tenant_id)
    risk.assess(appointment, business)
    appointment.save()
    customers.count_outcome(appointment)
    case_endings.visit_changed(appointment, Change.MOVED)
    watch_for_end(appointment)
    journal.visit_event(
        "appointment.rescheduled", appointment, actor=actor, actor_id=actor_id, correlation_id=correlation_id
    )
    deposits.visit_moved(appointment, business)


def is_at(appointment: Appointment, moment: datetime) -> bool:
    """Whether that is its time already, to the minute; one that is being moved away has none."""
    known, asked = (one.replace(second=0, microsecond=0) for one in (appointment.starts_at, moment))
    return appointment.status != S.RESCHEDULED and known == asked


def move(appointment: Appointment, starts_at: datetime, *, actor: str, actor_id: str = "") -> None:
    """Staff move a visit. Raises `ConflictError` when it is over."""
    now = clock.now()
    if appointment.status != S.RESCHEDULED:
        states.change(appointment, S.RESCHEDULED, now=now, actor=actor, actor_id=actor_id)
    states.change(appointment, S.BOOKED, now=now, actor=actor, actor_id=actor_id, reason="moved")
    appointment.starts_at, appointment.time_set_at = starts_at, now
    apply_new_time(appointment, actor=actor, actor_id=actor_id)


def cancel(  # noqa: PLR0913 - each names a separate fact
    appointment: Appointment,
    *,
    actor: str,
    actor_id: str = "",
    by: str = cancellations.BY_THE_CLINIC,
    reason: str = "",
    patient_knows: bool = False,
    correlation_id: UUID | None = None,
) -> None:
    """Cancels a visit on somebody's word. Raises `ConflictError` for actor `system`: ARO never cancels.

    `patient_knows`: whoever cancels it has told them, or does it because they asked.
    """
    untold = not patient_knows and cancellations.leaves_untold(appointment, actor=actor, by=by)
    _stands_again(appointment, actor, actor_id)
    states.change(appointment, S.CANCELLED, now=clock.now(), actor=actor, actor_id=actor_id, reason=reason[:200])
    appointment.cancelled_at = clock.now()
    appointment.save(update_fields=["cancelled_at", "updated_at"])
    due.drop(SWEEPS, appointment.id)
    customers.count_outcome(appointment)
    case_endings.visit_changed(appointment, Change.CANCELLED)
    if untold:
        cancellations.ask_to_tell(appointment, by=by)
    deposits.close_unpaid(appointment)
    payment_notes.ask_what_becomes_of_it(appointment)
    journal.visit_event(
        "appointment.cancelled",
        appointment,
        payload={"by": by},
        actor=actor,
        actor_id=actor_id,
        correlation_id=correlation_id,
    )


def _stands_again(appointment: Appointment, actor: str, actor_id: str) -> None:
    """Somebody says what became of a visit whose new time never came."""
    if appointment.status == S.RESCHEDULED:
        states.change(appointment, S.BOOKED, now=clock.now(), actor=actor, actor_id=actor_id)


def start(appointment: Appointment, *, actor: str, actor_id: str = "") -> None:
    """The person has come."""
    states.change(appointment, S.IN_PROGRESS, now=clock.now(), actor=actor, actor_id=actor_id)
    case_endings.visit_changed(appointment, Change.CAME)
    journal.visit_event("appointment.in_progress", appointment, actor=actor, actor_id=actor_id)


def complete(appointment: Appointment, *, actor: str, actor_id: str = "") -> None:
    """The visit took place. Goes through `in_progress` when nobody said that the person had come."""
    now = clock.now()
    _stands_again(appointment, actor, actor_id)
    if appointment.status in states.LIVE:
        states.change(appointment, S.IN_PROGRESS, now=now, actor=actor, actor_id=actor_id)
        journal.visit_event("appointment.in_progress", appointment, actor=actor, actor_id=actor_id)
    states.change(appointment, S.COMPLETED, now=now, actor=actor, actor_id=actor_id)
    appointment.completed_at = now
    appointment.save(update_fields=["completed_at", "updated_at"])
    due.drop(SWEEPS, appointment.id)
    customers.count_outcome(appointment)
    case_endings.visit_changed(appointment, Change.CAME)
    deposits.close_unpaid(appointment, status=Deposit.Status.EXPIRED)
    journal.visit_event("appointment.completed", appointment, actor=actor, actor_id=actor_id)


def mark_no_show(
    appointment: Appointment,
    correlation_id: UUID | None = None,
    *,
    actor: str = Actor.WEBHOOK,
    actor_id: str = "",
) -> Applied:
    """Nobody came. Also corrects a visit that ARO had completed by itself. May run twice."""
    if appointment.status == S.NO_SHOW:
        return Applied(outcome="ignored", detail="marked already")
    _stands_again(appointment, actor, actor_id)
    allowed = S.NO_SHOW in states.ALLOWED[appointment.status]
    states.change(
        appointment,
        S.NO_SHOW,
        now=clock.now(),
        actor=actor,
        actor_id=actor_id,
        reason="marked as a no-show",
        override=not allowed,
    )
    due.drop(SWEEPS, appointment.id)
    customers.count_outcome(appointment)
    risk.refresh_customer(appointment.customer)
    case_endings.visit_changed(appointment, Change.ABSENT)
    deposits.close_unpaid(appointment, status=Deposit.Status.EXPIRED)
    journal.visit_event(
        "appointment.no_show",
        appointment,
        payload={"no_shows_within_a_year": _no_shows_within_a_year(appointment)},
        actor=actor,
        actor_id=actor_id,
        correlation_id=correlation_id,
    )
    return Applied(outcome="applied", detail="no-show")


def _no_shows_within_a_year(appointment: Appointment) -> int:
    """The person's, up to this visit, itself among them."""
    since = appointment.starts_at - timedelta(days=365)
    missed = appointment.customer.appointments.filter(status=S.NO_SHOW, starts_at__gt=since)
    known = set(missed.filter(starts_at__lte=appointment.starts_at).values_list("pk", flat=True))
    return len(known - doubts.gave_up_in_time(known))
