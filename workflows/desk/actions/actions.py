"""Everything staff can do from a page: one table. The command bus does the work; this says how it is offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments import states
from appointments.case_reasons import DECEASED
from appointments.models import Appointment, Deposit, Escalation, ReplyClassification
from appointments.services.visit import doubts, reviews
from aro import clock
from aro.desk.show import shown_in_zone
from aro.models import DeadLetter
from compliance.desk.screens import Viewer
from compliance.kinds import Kind
from workflows.commands.replays import judge_letter
from workflows.desk.actions import cancelling, forms, silence
from workflows.desk.actions.action import StaffAction, Target
from workflows.desk.actions.person_actions import person_actions

# A person who comes early can be checked in this long before the visit's start.
EARLY = timedelta(hours=2)

VISIT = Target(
    model=Appointment,
    key="appointment_id",
    page="admin:appointments_appointment_change",
    related=("customer",),
    waits=True,
    named=lambda visit: f"{visit.customer}, {shown_in_zone(visit.starts_at, visit.timezone)}",
)
CASE = Target(model=Escalation, key="escalation_id", page="admin:appointments_escalation_change")
REPLY = Target(
    model=ReplyClassification,
    key="classification_id",
    page="admin:appointments_replyclassification_change",
    related=("message__customer",),
)
LETTER = Target(model=DeadLetter, key="dead_letter_id", page="admin:aro_deadletter_change")


def _in(*statuses: str) -> Callable[[Any], bool]:
    return lambda row: row.status in statuses


def _has_begun(visit: Appointment) -> bool:
    return visit.starts_at <= clock.now()


S = Appointment.Status
_VISIT, _CASE = "appointments.change_appointment", "appointments.change_escalation"
_REPLY = "appointments.change_replyclassification"
_LETTER = "aro.change_deadletter"


def _visit_actions() -> tuple[StaffAction, ...]:
    return (
        StaffAction(
            command="appointment.confirm",
            target=VISIT,
            label=_("Confirm"),
            done=_("Confirmed. No further reminder asks this patient to confirm."),
            permission=_VISIT,
            look="primary",
            offered=_may_confirm,
        ),
        StaffAction(
            command="appointment.start",
            target=VISIT,
            label=_("Has arrived"),
            done=_("Marked as arrived."),
            permission=_VISIT,
            offered=lambda visit: visit.status in states.LIVE and visit.starts_at <= clock.now() + EARLY,
        ),
        StaffAction(
            command="appointment.complete",
            target=VISIT,
            label=_("Complete"),
            done=_("Completed. The review request follows by the rules of the business."),
            permission=_VISIT,
            offered=lambda visit: visit.status in (*states.UPCOMING, S.IN_PROGRESS) and _has_begun(visit),
            undo="appointment.reopen",
        ),
        StaffAction(
            command="appointment.move",
            target=VISIT,
            label=_("Move"),
            done=_("Moved. Reminders follow the new time."),
            forecast=silence.before(Kind.MOVED),
            otherwise=silence.after(_("Moved."), Kind.MOVED),
            explains=_(
                "Reminders for the old time are dropped and planned anew. "
                "Move it in the booking system too: ARO does not write there."
            ),
            permission=_VISIT,
            sends=True,
            asks=True,
            form=forms.MoveForm,
            offered=_in(*states.UPCOMING),
        ),
        StaffAction(
            command="appointment.no_show",
            target=VISIT,
            label=_("No-show"),
            done=_("Marked as a no-show."),
            explains=_("The no-show counts towards this patient's risk, and a follow-up text may be sent."),
            permission=_VISIT,
            sends=True,
            asks=True,
            offered=lambda visit: visit.status in (*states.UPCOMING, S.IN_PROGRESS) and _has_begun(visit),
            undo="appointment.reopen",
        ),
        StaffAction(
            command="appointment.cancel",
            target=VISIT,
            label=_("Cancel visit"),
            done=_("Cancelled. No further text about this visit is sent."),
            explains=_(
                "All texts about this visit stop. ARO does not tell the patient that it is off. "
                "Cancel it in the booking system too: ARO does not write there."
            ),
            permission=_VISIT,
            asks=True,
            form=forms.CancelForm,
            forecast=cancelling.what_it_leaves,
            otherwise=cancelling.with_the_money,
            look="danger",
            offered=_in(S.BOOKED, S.CONFIRMED, S.RESCHEDULED),
            undo="appointment.reopen",
        ),
        StaffAction(
            command="appointment.reopen",
            target=VISIT,
            label=_("Reopen"),
            done=_("Reopened."),
            explains=_("The visit becomes booked again. This is kept in the history with your reason."),
            permission=_VISIT,
            sends=True,
            asks=True,
            form=forms.ReasonForm,
            offered=_in(*states.TERMINAL),
        ),
        StaffAction(
            command="appointment.review_submitted",
            target=VISIT,
            label=_("Wrote a review"),
            done=_("Noted. If they had been asked for it, they are thanked."),
            explains=_("Everyone who was asked for a review and wrote one is thanked alike, whatever it says."),
            permission=_VISIT,
            sends=True,
            asks=True,
            offered=lambda visit: visit.status == S.COMPLETED and not reviews.is_known(visit),
        ),
        StaffAction(
            command="deposit.request",
            target=VISIT,
            label=_("Ask for a deposit"),
            done=_("A payment link is being made and will be texted to the patient."),
            explains=_("A payment link is made and texted to the patient. ARO never charges a card."),
            permission=_VISIT,
            sends=True,
            asks=True,
            forecast=silence.before(Kind.DEPOSIT_REQUEST),
            otherwise=silence.after(
                _("A payment link is being made."),
                Kind.DEPOSIT_REQUEST,
                _("You find the link on the deposit's page."),
            ),
            offered=_may_ask_deposit,
        ),
    )


def _may_confirm(visit: Appointment) -> bool:
    """Confirmed once, and then doubted: "I come after all" is said with the same button."""
    return visit.status == S.BOOKED or (visit.status == S.CONFIRMED and doubts.about(visit))


def _may_ask_deposit(visit: Appointment) -> bool:
    state = Deposit.Status
    settled = (state.REQUESTED, state.OPEN, state.PROCESSING, state.PAID)
    return visit.status in states.LIVE and not any(d.status in settled for d in visit.deposits.all())


def _tells_of_death(case: Escalation) -> bool:
    return case.reason == DECEASED


def _case_actions() -> tuple[StaffAction, ...]:
    return (
        StaffAction(
            command="escalation.resolve",
            target=CASE,
            label=_("Done"),
            done=_("Done."),
            permission=_CASE,
            sends=True,
            form=forms.ResolutionForm,
            look="primary",
            offered=_in(Escalation.Status.OPEN),
            waits=_tells_of_death,
            undo="escalation.reopen",
        ),
        StaffAction(
            command="escalation.not_the_patient",
            target=CASE,
            label=_("It is not the patient"),
            done=_("Noted. What waited for this number goes out."),
            explains=_("Only when you know that no patient at this number has died: texts go there again."),
            permission=_CASE,
            sends=True,
            asks=True,
            offered=lambda case: _tells_of_death(case) and case.status == Escalation.Status.OPEN,
            waits=_tells_of_death,
            undo="escalation.reopen",
        ),
        StaffAction(
            command="escalation.reopen",
            target=CASE,
            label=_("Reopen"),
            done=_("Open again."),
            permission=_CASE,
            offered=_in(Escalation.Status.RESOLVED),
            undo="escalation.resolve",
        ),
    )


def _reply_actions() -> tuple[StaffAction, ...]:
    return (
        StaffAction(
            command="reply.correct",
            target=REPLY,
            label=_("Correct"),
            done=_("Thank you. The correction counts towards the error rate; the visit itself was not changed."),
            explains=_("Says how the reply should have been understood. Change the visit on its own page."),
            permission=_REPLY,
            asks=True,
            form=forms.LabelForm,
        ),
    )


def _letter_actions() -> tuple[StaffAction, ...]:
    return (
        StaffAction(
            command="dead_letter.replay",
            target=LETTER,
            label=_("Try again"),
            done=_("It is being tried again. Look here in a minute."),
            explains=_("Nothing is done twice. Put the cause right first."),
            permission=_LETTER,
            asks=True,
            look="primary",
            offered=lambda letter: letter.archived_at is None,
            forecast=lambda letter: judge_letter(letter).words,
        ),
        StaffAction(
            command="dead_letter.archive",
            target=LETTER,
            label=_("Archive"),
            done=_("Archived."),
            permission=_LETTER,
            offered=lambda letter: letter.archived_at is None,
            undo="dead_letter.unarchive",
        ),
        StaffAction(
            command="dead_letter.unarchive",
            target=LETTER,
            label=_("Back to the list"),
            done=_("It is on the list again."),
            permission=_LETTER,
            offered=lambda letter: letter.archived_at is not None,
            undo="dead_letter.archive",
        ),
    )


ACTIONS: dict[str, StaffAction] = {
    action.command: action
    for action in (*_visit_actions(), *_case_actions(), *person_actions(), *_reply_actions(), *_letter_actions())
}


def register_action(action: StaffAction) -> None:
    """Adds what a floor above lets staff do, beside the command that does it."""
    ACTIONS[action.command] = action


def offered_for(row: models.Model, viewer: Viewer) -> list[StaffAction]:
    """The buttons this person gets for this row."""
    return [
        action
        for action in ACTIONS.values()
        if isinstance(row, action.target.model) and action.allowed(viewer) and action.offered(row)
    ]
