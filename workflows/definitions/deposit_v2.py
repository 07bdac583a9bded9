"""deposit-request as it was second: kept for the runs that began with it. See `deposit` for what changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from appointments.case_reasons.words import happened, to_do
from appointments.models import Deposit, Escalation
from compliance.kinds import Kind
from workflows.engine.definition import Definition, Trigger
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Escalate, Next, Outcome, Request, Say, WaitFor

PAID = ("deposit.paid",)
D = Deposit.Status
# How often a request that went out to nobody is made anew, a day apart.
ASKED_ANEW = 3
LOOK_AGAIN = timedelta(hours=6)
OVER = (D.CLOSED, D.EXPIRED, D.REFUNDED, D.DISPUTED, D.LOST)


def make_link(facts: Facts, now: datetime) -> Outcome:
    """Have the payment link made; without one within the hour a person is told."""
    if facts.deposit == D.OPEN:
        return Next("ask")
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
    """Remind once, if it still makes sense; half a day to pay."""
    elsewhere = _not_waiting(facts)
    if elsewhere is not None:
        return elsewhere
    if not facts.deposit_asked:
        return _ask_anew(facts, now)
    return WaitFor(
        events=PAID,
        within=timedelta(hours=12),
        then="paid",
        otherwise="unpaid",
        effects=(Say(kind="deposit_reminder"),),
    )


def unpaid(facts: Facts, now: datetime) -> Outcome:
    """Not paid: a person decides what that means for the visit. A later payment is still thanked for.

    Who was never asked, since the text was left out, owes nothing yet.
    """
    elsewhere = _not_waiting(facts)
    if elsewhere is not None:
        return elsewhere
    if not facts.deposit_asked:
        return Next("wait_for_late_payment")
    if facts.given_up:
        return _look_again(facts, now)
    case = Escalate(
        reason="deposit_unpaid",
        title=happened("deposit_unpaid"),
        next_step=to_do("deposit_unpaid"),
    )
    return Next("wait_for_late_payment", (case,))


def wait_for_late_payment(facts: Facts, now: datetime) -> Outcome:
    """Until the visit."""
    left = max(facts.visit.starts_at - now, timedelta(0))
    return WaitFor(events=PAID, within=left, then="paid", otherwise="over")


def no_link(facts: Facts, now: datetime) -> Outcome:
    """The payment provider did not make a link."""
    if facts.deposit == D.OPEN:
        return Next("ask")
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


def _ask_anew(facts: Facts, now: datetime) -> Outcome:
    """Nobody has read the request yet: a day to pay begins with the first word about it."""
    times = facts.data.get("asked_anew", 0) + (not facts.deposit_waits)
    if times > ASKED_ANEW or facts.visit.starts_at <= now:
        return Next("wait_for_late_payment")
    request = Say(kind=Kind.DEPOSIT_REQUEST, part=str(times))
    return WaitFor(
        events=PAID,
        within=timedelta(hours=24),
        then="paid",
        otherwise="remind",
        effects=() if facts.deposit_waits else (request,),
        keep={"asked_anew": times},
    )


def _look_again(facts: Facts, now: datetime) -> Outcome:
    """A person decides about the visit anyhow, and is asked no second question about the same."""
    left = max(facts.visit.starts_at - now, timedelta(0))
    if left <= LOOK_AGAIN:
        return Next("wait_for_late_payment")
    return WaitFor(events=PAID, within=LOOK_AGAIN, then="paid", otherwise="unpaid")


def _not_waiting(facts: Facts) -> Outcome | None:
    """Where to go when nobody is to be asked: a bank works on the payment, or none is wanted any more."""
    if facts.deposit in OVER:
        return Done("no deposit is asked for any more")
    return Next("wait_for_late_payment") if facts.deposit == D.PROCESSING else None


DEPOSIT_REQUEST_V2 = Definition(
    name="deposit-request",
    version=2,
    # By the deposit: whoever finds one without a run (payment_checks.py) may be faster than its event.
    triggers=(Trigger(event="deposit.requested", per="deposit_id"),),
    steps=(make_link, ask, remind, unpaid, wait_for_late_payment, no_link, paid, over),
    interrupts={"deposit.paid": "paid"},
    awaits=("deposit.link_created", *PAID),
    cancelled_by=("appointment.cancelled", "appointment.no_show", "appointment.completed", "appointment.rescheduled"),
    owes_from=frozenset({"remind", "unpaid"}),
    priority=20,
)
