"""deposit-request as it was first: kept for the runs that began with it. See `deposit` for what changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from appointments.case_reasons.words import happened, to_do
from appointments.models import Escalation
from workflows.engine.definition import Definition, Trigger
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Escalate, Next, Outcome, Request, Say, WaitFor

PAID = ("deposit.paid",)


def make_link(facts: Facts, now: datetime) -> Outcome:
    """Have the payment link made; without one within the hour a person is told."""
    return WaitFor(
        events=("deposit.link_created",),
        within=timedelta(hours=1),
        then="ask",
        otherwise="no_link",
        effects=(Request(command_type="integration.payments.deposit_link"),),
    )


def ask(facts: Facts, now: datetime) -> Outcome:
    """Send the link; a day to pay."""
    return WaitFor(
        events=PAID,
        within=timedelta(hours=24),
        then="paid",
        otherwise="remind",
        effects=(Say(kind="deposit_request"),),
    )


def remind(facts: Facts, now: datetime) -> Outcome:
    """Remind once; half a day to pay."""
    return WaitFor(
        events=PAID,
        within=timedelta(hours=12),
        then="paid",
        otherwise="unpaid",
        effects=(Say(kind="deposit_reminder"),),
    )


def unpaid(facts: Facts, now: datetime) -> Outcome:
    """Not paid: a person decides what that means for the visit. A later payment is still thanked for."""
    case = Escalate(
        reason="deposit_unpaid",
        title=happened("deposit_unpaid.twice"),
        next_step=to_do("deposit_unpaid"),
    )
    return Next("wait_for_late_payment", (case,))


def wait_for_late_payment(facts: Facts, now: datetime) -> Outcome:
    """Until the visit."""
    left = max(facts.visit.starts_at - now, timedelta(0))
    return WaitFor(events=PAID, within=left, then="paid", otherwise="over")


def no_link(facts: Facts, now: datetime) -> Outcome:
    """The payment provider did not make a link."""
    case = Escalate(
        reason="deposit_link_failed",
        title=happened("deposit_link_failed"),
        next_step=to_do("deposit_link_failed.again"),
        priority=Escalation.Priority.MEDIUM,
    )
    return WaitFor(
        events=("deposit.link_created",), within=timedelta(hours=24), then="ask", otherwise="over", effects=(case,)
    )


def paid(facts: Facts, now: datetime) -> Outcome:
    """From anywhere: thank."""
    return Done("paid", (Say(kind="deposit_receipt"),))


def over(facts: Facts, now: datetime) -> Outcome:
    """The visit's time has come."""
    return Done("not paid before the visit")


DEPOSIT_REQUEST_V1 = Definition(
    name="deposit-request",
    version=1,
    triggers=(Trigger(event="deposit.requested"),),
    steps=(make_link, ask, remind, unpaid, wait_for_late_payment, no_link, paid, over),
    interrupts={"deposit.paid": "paid"},
    awaits=("deposit.link_created", *PAID),
    cancelled_by=("appointment.cancelled", "appointment.no_show", "appointment.completed"),
    priority=20,
)
