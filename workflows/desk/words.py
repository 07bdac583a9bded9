"""What a running workflow does next, in words staff use instead of step names."""

from __future__ import annotations

from aro.desk.show import humanized
from workflows.models import WorkflowInstance

_WORKFLOWS: dict[str, str] = {
    "appointment-reminder-sequence": "Reminders",
    "post-appointment-engagement": "After the visit",
    "no-show-recovery": "No-show follow-up",
    "repeated-no-shows": "Repeated no-shows",
    "deposit-request": "Deposit",
}
# What the step does when its time comes, as an instruction ARO gives itself.
_STEPS: dict[str, str] = {
    "tell": "Text the confirmation",
    "plan": "Plan the next reminder",
    "remind_of_visit": "Send the next reminder, unless confirmed",
    "sleep_to_friendly": "Plan the first reminder",
    "remind_friendly": "Send the first reminder",
    "sleep_to_urgent": "Plan the second reminder",
    "remind_urgent": "Send the second reminder, unless confirmed",
    "no_answer": "Ask staff to call, unless answered",
    "sleep_to_last_call": "Plan the last look",
    "last_call": "Alert staff, unless confirmed",
    "make_link": "Have a payment link made",
    "ask": "Text the payment link",
    "remind": "Remind of the deposit, unless paid",
    "unpaid": "Tell staff, unless the deposit is paid",
    "wait_for_late_payment": "Wait for a late payment",
    "no_link": "Tell staff that no payment link was made",
    "over": "Close the deposit request",
    "sleep_to_review": "Plan the review request",
    "ask_for_review": "Ask for a review",
    "thank_for_review": "Thank for the review",
    "sleep_to_offer": "Plan the offer of a next visit",
    "offer_next_visit": "Offer the next visit",
    "look_at_risk": "Look at the risk after a no-show",
    "tell_of_pattern": "Tell staff of repeated no-shows",
    "offer_new_time": "Offer a new time",
}


def workflow_words(definition: str) -> str:
    """The workflow's name for people."""
    return _WORKFLOWS.get(definition, humanized(definition))


def step_words(instance: WorkflowInstance) -> str:
    """The step that comes next, in words."""
    return _STEPS.get(instance.step, humanized(instance.step))


def run_words(instance: WorkflowInstance) -> str:
    """The run's state in a few words."""
    if instance.status == WorkflowInstance.Status.WAITING and instance.awaited:
        return "Waiting for an answer"
    return str(instance.get_status_display())
