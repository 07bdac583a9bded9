"""What a running workflow does next, in words staff use instead of step names."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.models import Deposit
from aro.desk.show import humanized
from workflows.definitions.deposit import DEPOSIT_REQUEST, OVER
from workflows.models import WorkflowInstance

_WORKFLOWS: dict[str, str | Promise] = {
    "appointment-reminder-sequence": _("Reminders"),
    "post-appointment-engagement": _("After the visit"),
    "no-show-recovery": _("No-show follow-up"),
    "repeated-no-shows": _("Repeated no-shows"),
    "deposit-request": _("Deposit"),
}
_REMINDING = frozenset({"remind", "unpaid"})
_OVER = (WorkflowInstance.Status.COMPLETED, WorkflowInstance.Status.CANCELLED)
# What each workflow's step does when its time comes, as an instruction ARO gives itself. Two workflows may call their
# steps alike and mean something else.
_STEPS: dict[str, dict[str, str | Promise]] = {
    "appointment-reminder-sequence": {
        "tell": _("Text the confirmation"),
        "tell_again": _("Text the confirmation to the new number"),
        "plan": _("Plan the next reminder"),
        "remind_of_visit": _("Send the next reminder, unless confirmed"),
        "sleep_to_friendly": _("Plan the first reminder"),
        "remind_friendly": _("Send the first reminder"),
        "sleep_to_urgent": _("Plan the second reminder"),
        "remind_urgent": _("Send the second reminder, unless confirmed"),
        # After each reminder: only the last one's wait ends with a call.
        "no_answer": _("Without an answer: go on to the next reminder, or after the last one ask staff to call"),
        "sleep_to_last_call": _("Plan the last look"),
        "last_call": _("Alert staff, unless confirmed"),
        "over": _("Close the reminders"),
        "confirmed": _("Close the reminders: the visit is confirmed"),
    },
    "deposit-request": {
        "make_link": _("Have a payment link made"),
        "ask": _("Text the payment link"),
        "remind": _("Remind of the deposit, unless paid"),
        "unpaid": _("Tell staff, unless the deposit is paid"),
        "wait_for_late_payment": _("Wait for a late payment"),
        "no_link": _("Text the payment link when it is made, or tell staff that none was"),
        "paid": _("Thank for the deposit"),
        "over": _("Close the deposit request"),
    },
    "post-appointment-engagement": {
        "sleep_to_review": _("Plan the review request"),
        "ask_for_review": _("Ask for a review"),
        "thank_for_review": _("Thank for the review"),
        "sleep_to_offer": _("Plan the offer of a next visit"),
        "offer_next_visit": _("Offer the next visit"),
    },
    "no-show-recovery": {
        "look_at_risk": _("Look at the risk after a no-show"),
        "offer_new_time": _("Offer a new time"),
    },
    "repeated-no-shows": {"tell_of_pattern": _("Tell staff of repeated no-shows")},
}


def workflow_words(definition: str) -> str:
    """The workflow's name for people."""
    return str(_WORKFLOWS.get(definition) or humanized(definition))


def step_words(instance: WorkflowInstance) -> str:
    """The step that comes next, in words; empty when the run is over, whatever step it was left at."""
    if instance.status in _OVER:
        return ""
    if instance.definition == DEPOSIT_REQUEST.name and (instead := _not_reminded(instance)):
        return instead
    known = _STEPS.get(instance.definition, {})
    return str(known.get(instance.step) or humanized(instance.step))


def run_words(instance: WorkflowInstance) -> str:
    """The run's state in a few words."""
    if instance.status == WorkflowInstance.Status.WAITING and instance.awaited:
        return gettext("Waiting for an answer")
    return str(instance.get_status_display())


def _not_reminded(instance: WorkflowInstance) -> str:
    """What the run does in place of a reminder that nobody gets, as the step itself decides; empty when it reminds."""
    visit = instance.appointment
    asked = list(visit.deposits.all()) if visit and instance.step in _REMINDING else []
    status = max(asked, key=lambda deposit: deposit.created_at).status if asked else ""
    if status == Deposit.Status.PROCESSING:
        return gettext("Wait for the payment that is under way")
    return gettext("Close the deposit request") if status in OVER else ""
