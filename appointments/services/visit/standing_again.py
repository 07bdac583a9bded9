"""What became of a visit was a mistake, or it is booked again: it stands again, or counts as something else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from appointments import states
from appointments.case_reasons import Change
from appointments.inbound import Applied
from appointments.models import Appointment
from appointments.services import businesses, case_endings, journal, risk
from appointments.services.person import customers
from appointments.services.visit import visits
from aro import clock
from compliance.models import Actor

S = Appointment.Status


def unmark_no_show(appointment: Appointment, correlation_id: UUID | None = None) -> Applied:
    """The no-show was a mistake: the visit is what it was before, or completed when its time has passed."""
    if appointment.status != S.NO_SHOW:
        return Applied(outcome="ignored", detail="not marked as a no-show")
    over, marked_at = visits.ends_at(appointment) <= clock.now(), _became(appointment)
    _correct(appointment, S.COMPLETED if over else S.BOOKED, "no-show un-marked", correlation_id)
    if not over and marked_at is not None:
        case_endings.visit_restored(appointment, marked_at)
    return Applied(outcome="applied", detail="no-show un-marked")


def _became(appointment: Appointment) -> datetime | None:
    """Since when the visit is what it is."""
    return appointment.history.filter(after=appointment.status).order_by("-at").values_list("at", flat=True).first()


def is_reopened_after_its_end(appointment: Appointment) -> bool:
    """Staff took an outcome back: they have not said another one yet."""
    last = appointment.history.order_by("-at", "-id").first()
    return last is not None and last.override and last.actor == Actor.ADMIN and last.at >= visits.ends_at(appointment)


def reopen(appointment: Appointment, *, actor: str, actor_id: str, reason: str) -> None:
    """Staff correct a finished visit: booked again at its time, with their reason kept. Its reminders begin anew."""
    if appointment.status not in states.TERMINAL:
        states.change(appointment, appointment.status, now=clock.now(), actor=actor, actor_id=actor_id)
    ended_at = _became(appointment)
    states.change(appointment, S.BOOKED, now=clock.now(), actor=actor, actor_id=actor_id, reason=reason, override=True)
    appointment.confirmation_received, appointment.confirmed_at = False, None
    appointment.last_reply_label = ""
    _begin_anew(appointment, actor=actor, actor_id=actor_id)
    if ended_at is not None:
        case_endings.visit_restored(appointment, ended_at)


def book_again(appointment: Appointment, *, actor: str, correlation_id: UUID) -> None:
    """A visit that was over is booked again, at a time that the caller has set: told and reminded of as a new one."""
    reason = "booked again at the booking system"
    states.change(appointment, S.BOOKED, now=clock.now(), actor=actor, reason=reason, override=True)
    appointment.confirmation_received, appointment.confirmed_at = False, None
    appointment.last_reply_label = ""
    _begin_anew(appointment, actor=actor, correlation_id=correlation_id, event="appointment.booked_again")


def _begin_anew(
    appointment: Appointment,
    *,
    actor: str,
    actor_id: str = "",
    correlation_id: UUID | None = None,
    event: str = "appointment.reopened",
) -> None:
    """The visit stands again: nobody is told of a move, and no move is counted."""
    appointment.restarts += 1
    appointment.completed_at = appointment.cancelled_at = None
    risk.assess(appointment, businesses.current(appointment.tenant_id))
    appointment.save()
    customers.count_outcome(appointment)
    risk.refresh_customer(appointment.customer)
    case_endings.visit_changed(appointment, Change.MOVED)
    visits.watch_for_end(appointment)
    journal.visit_event(event, appointment, actor=actor, actor_id=actor_id, correlation_id=correlation_id)


def _correct(appointment: Appointment, to: str, reason: str, correlation_id: UUID | None) -> None:
    now = clock.now()
    states.change(appointment, to, now=now, actor=Actor.WEBHOOK, reason=reason, override=True)
    if to == S.BOOKED:
        _begin_anew(appointment, actor=Actor.WEBHOOK, correlation_id=correlation_id)
        return
    # What follows a visit was ended by the no-show, and begins anew.
    appointment.completed_at, appointment.restarts = now, appointment.restarts + 1
    appointment.save(update_fields=["completed_at", "restarts", "updated_at"])
    customers.count_outcome(appointment)
    risk.refresh_customer(appointment.customer)
    case_endings.visit_changed(appointment, Change.CAME)
    journal.visit_event(
        "appointment.completed",
        appointment,
        payload={"corrected": True},
        actor=Actor.WEBHOOK,
        correlation_id=correlation_id,
    )
