"""What the front desk can do to visits, cases and replies. About people: people.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from appointments import case_reasons, states
from appointments.case_reasons.words import because
from appointments.models import Appointment, Escalation, ReplyClassification
from appointments.services import businesses, escalations
from appointments.services.money import deposits
from appointments.services.person import deaths
from appointments.services.visit import opening_hours, reviews, standing_again, visits
from aro import clock
from aro.desk.show import day_and_time, here
from aro.errors import ConflictError, InvalidRequestError
from compliance import events
from workflows.commands import fields, settle_numbers
from workflows.commands.bus import Caller, Done, command
from workflows.replies.labels import Label


def _changed(visit: Appointment, before: str, reason: str = "") -> Done:
    return Done(
        resource_type="appointment",
        resource_id=str(visit.id),
        before={"status": before},
        after={"status": str(visit.status), "starts_at": visit.starts_at.isoformat()},
        reason=reason,
    )


@command("appointment.confirm")
def confirm(payload: dict[str, Any], caller: Caller) -> Done:
    visit = fields.visit(payload)
    before = visit.status
    visits.confirm(visit, actor=caller.actor, actor_id=caller.actor_id)
    return _changed(visit, before)


@command("appointment.cancel")
def cancel(payload: dict[str, Any], caller: Caller) -> Done:
    visit, reason = fields.visit(payload), fields.text(payload, "reason")
    before = visit.status
    knows = fields.flag(payload, "patient_knows")
    visits.cancel(visit, actor=caller.actor, actor_id=caller.actor_id, reason=reason, patient_knows=knows)
    return _changed(visit, before, reason)


@command("appointment.move")
def move(payload: dict[str, Any], caller: Caller) -> Done:
    visit, starts_at = fields.visit(payload), fields.moment(payload, "starts_at")
    if starts_at <= clock.now():
        raise InvalidRequestError(
            "The new time has passed already. Choose a time to come.", details={"field": "starts_at"}
        )
    if visits.is_at(visit, starts_at):
        raise InvalidRequestError(
            "That is the visit's time already: nothing was changed, and nothing is texted. Choose another time.",
            details={"field": "starts_at"},
        )
    _ask_about(visit, starts_at, sure=fields.flag(payload, "anyway"))
    before = visit.status
    visits.move(visit, starts_at, actor=caller.actor, actor_id=caller.actor_id)
    return _changed(visit, before)


def _ask_about(visit: Appointment, starts_at: datetime, *, sure: bool) -> None:
    """A time far away is a slip of the year; one at which nobody is there asks first. Raises `InvalidRequestError`."""
    if starts_at > clock.now() + opening_hours.LONGEST_AHEAD:
        raise InvalidRequestError(
            "The new time is more than five years away. Check the year in starts_at.", details={"field": "starts_at"}
        )
    why = opening_hours.why_closed(starts_at, businesses.current(visit.tenant_id))
    if why and not sure:
        raise InvalidRequestError(
            f"Nobody is there at the new time. {why}. Choose another one, or say anyway: true to move it all the same.",
            details={"field": "anyway"},
        )


@command("appointment.start")
def start(payload: dict[str, Any], caller: Caller) -> Done:
    visit = fields.visit(payload)
    before = visit.status
    visits.start(visit, actor=caller.actor, actor_id=caller.actor_id)
    return _changed(visit, before)


@command("appointment.complete")
def complete(payload: dict[str, Any], caller: Caller) -> Done:
    visit = fields.visit(payload)
    before = visit.status
    if visit.starts_at > clock.now() and before != Appointment.Status.IN_PROGRESS:
        raise ConflictError("The visit has not begun yet. If the patient is there already, say Has arrived first.")
    visits.complete(visit, actor=caller.actor, actor_id=caller.actor_id)
    return _changed(visit, before)


@command("appointment.no_show")
def no_show(payload: dict[str, Any], caller: Caller) -> Done:
    visit = fields.visit(payload)
    before = visit.status
    if visit.starts_at > clock.now():
        raise ConflictError("The visit has not begun yet. Cancel it instead, or wait until its time has passed.")
    visits.mark_no_show(visit, actor=caller.actor, actor_id=caller.actor_id)
    return _changed(visit, before)


@command("appointment.review_submitted")
def review_submitted(payload: dict[str, Any], caller: Caller) -> Done:
    """The patient wrote a review: they are thanked, whatever it says."""
    visit = fields.visit(payload)
    new = reviews.submitted(visit, actor=caller.actor, actor_id=caller.actor_id)
    return Done(
        resource_type="appointment", resource_id=str(visit.id), before={}, after={"review": "submitted", "new": new}
    )


@command("appointment.reopen")
def reopen(payload: dict[str, Any], caller: Caller) -> Done:
    visit, reason = fields.visit(payload), fields.text(payload, "reason", required=True)
    before = visit.status
    standing_again.reopen(visit, actor=caller.actor, actor_id=caller.actor_id, reason=reason)
    return _changed(visit, before, reason)


@command("deposit.request")
def request_deposit(payload: dict[str, Any], caller: Caller) -> Done:
    visit = fields.visit(payload)
    deposit = deposits.ask(visit, businesses.current(visit.tenant_id), actor=caller.actor)
    if deposit is None:
        raise ConflictError("No deposit can be asked for: the visit is over, or the business's deposit amount is 0.")
    return Done(
        resource_type="deposit",
        resource_id=str(deposit.id),
        before={},
        after={"status": str(deposit.status), "amount": str(deposit.amount)},
    )


@command("escalation.resolve")
def resolve(payload: dict[str, Any], caller: Caller) -> Done:
    case = fields.record(Escalation, payload, "escalation_id", related=("appointment", "customer", "message"))
    _refuse_if_done(case)
    unsaid = case.appointment is not None and case.appointment.status not in states.TERMINAL
    if case.reason == case_reasons.PAST_NO_OUTCOME and unsaid:
        raise ConflictError(
            "Say what became of the visit: Complete, No-show, Cancel visit or Move. Then it is settled."
        )
    if deaths.leaves_visits(case):
        raise ConflictError(
            "A visit is still booked at this number. Cancel the visits of whoever died first; until then nothing is "
            "sent there. If no patient of yours has died, press It is not the patient."
        )
    return _resolved(case, caller, fields.text(payload, "resolution"))


@command("escalation.not_the_patient")
def not_the_patient(payload: dict[str, Any], caller: Caller) -> Done:
    """The death that was told of is another person's: the visits stand, and what waited goes out."""
    case = fields.record(Escalation, payload, "escalation_id", related=("customer", "message"))
    if case.reason != case_reasons.DECEASED:
        raise ConflictError("This case tells of no death. Press Done when it is settled.")
    return _resolved(case, caller, because("not_the_patient"))


def _refuse_if_done(case: Escalation) -> None:
    """Two look at one case: the second is told who was first. Raises `ConflictError`."""
    if case.status != Escalation.Status.RESOLVED:
        return
    when = day_and_time(case.resolved_at, here()) if case.resolved_at else ""
    if case.resolved_by in escalations.SYSTEMS:
        raise ConflictError(f"This case ended by itself already, on {when}. {case.resolution}".strip())
    raise ConflictError(f"This case is done already: by {case.resolved_by}, {when}. Reopen it if it is not settled.")


def _resolved(case: Escalation, caller: Caller, resolution: str) -> Done:
    _refuse_if_done(case)
    if case.reason == case_reasons.DECEASED:
        settle_numbers.nobody_died(case)
    if not escalations.resolve(case, by=caller.actor_id, resolution=resolution):
        raise ConflictError("Somebody else has just done this case. Look at it again.")
    return Done(
        resource_type="escalation",
        resource_id=str(case.id),
        before={"status": case.status},
        after={"status": str(Escalation.Status.RESOLVED)},
    )


@command("escalation.reopen")
def reopen_case(payload: dict[str, Any], caller: Caller) -> Done:
    case = fields.record(Escalation, payload, "escalation_id")
    if Escalation.objects.filter(tenant_id=case.tenant_id, key=case.key, status=Escalation.Status.OPEN).exists():
        raise ConflictError("The same case is open already. Work on that one.")
    Escalation.objects.filter(pk=case.pk).update(
        status=Escalation.Status.OPEN, resolved_at=None, resolved_by="", updated_at=clock.now()
    )
    return Done(
        resource_type="escalation",
        resource_id=str(case.id),
        before={"status": case.status},
        after={"status": str(Escalation.Status.OPEN)},
    )


@command("reply.correct")
def correct_reply(payload: dict[str, Any], caller: Caller) -> Done:
    """Staff say what a reply really meant. It is counted, not acted on: they set the visit themselves."""
    kept = fields.record(ReplyClassification, payload, "classification_id", related=("message",))
    label = fields.text(payload, "label", required=True)
    if label not in Label.__members__:
        raise InvalidRequestError(f"Choose one of {', '.join(Label.__members__)}.", details={"field": "label"})
    before = kept.corrected_label or kept.label
    ReplyClassification.objects.filter(pk=kept.pk).update(corrected_label=label, corrected_by=caller.actor_id)
    events.record(
        type="response.corrected",
        aggregate_type="message",
        aggregate_id=kept.message_id,
        payload={"was": kept.label, "label": label},
        actor=caller.actor,
        actor_id=caller.actor_id,
        tenant_id=kept.tenant_id,
    )
    return Done(resource_type="reply", resource_id=str(kept.id), before={"label": before}, after={"label": label})
