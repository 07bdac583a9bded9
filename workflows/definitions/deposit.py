"""deposit-request: ask by link, remind once, then a person. Never charges, never cancels.

Who was never asked, since the text was left out under the day's limit or could not go out, is asked first: neither the
reminder nor a case speaks of a request that nobody has read.

Version 2: a moved visit ends the run, since its deposit is asked for anew; nobody is reminded of a deposit that is
closed, or whose payment is under way.

Version 3: no wait goes on until the visit. Each takes at most half of what is left before it, so that a visit of
tomorrow, too, has its reminder, and staff hear in time that it is not paid.
"""

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
FOR_THE_LINK, TO_PAY, AFTER_THE_REMINDER = timedelta(hours=1), timedelta(hours=24), timedelta(hours=12)
# With less left before the visit a reminder helps nobody any more: a person is told at once.
REMINDER_HELPS = timedelta(hours=3)
# With less left than this there is nothing more to look for: nobody could act on it.
FOR_STAFF = timedelta(minutes=30)
OVER = (D.CLOSED, D.EXPIRED, D.REFUNDED, D.DISPUTED, D.LOST)


def make_link(facts: Facts, now: datetime) -> Outcome:
    """Have the payment link made; without one within the hour a person is told."""
    if facts.deposit == D.OPEN:
        return Next("ask")
    return WaitFor(
        events=("deposit.link_created",),
        within=_at_most(FOR_THE_LINK, facts, now),
        then="ask",
        otherwise="no_link",
        effects=(Request(command_type="integration.payments.deposit_link"),),
    )


def ask(facts: Facts, now: datetime) -> Outcome:
    """Send the link; a day to pay."""
    return WaitFor(
        events=PAID,
        within=_at_most(TO_PAY, facts, now),
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
    if _left(facts, now) < REMINDER_HELPS:
        return Next("unpaid")
    return WaitFor(
        events=PAID,
        within=_at_most(AFTER_THE_REMINDER, facts, now),
        then="paid",
        otherwise="unpaid",
        effects=(Say(kind="deposit_reminder"),),
    )


def unpaid(facts: Facts, now: datetime) -> Outcome:
    """Not paid: a person decides what that means for the visit. A later payment is still thanked for.

    Who was never asked, since the text was left out, owes nothing yet. Once the visit has begun there is nothing left
    to decide.
    """
    elsewhere = _not_waiting(facts)
    if elsewhere is not None:
        return elsewhere
    if not facts.deposit_asked or not _left(facts, now):
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
    return WaitFor(events=PAID, within=_left(facts, now), then="paid", otherwise="over")


def no_link(facts: Facts, now: datetime) -> Outcome:
    """The payment provider did not make a link."""
    if facts.deposit == D.OPEN:
        return Next("ask")
    if not _left(facts, now):
        return Next("over")
    case = Escalate(
        reason="deposit_link_failed",
        title=happened("deposit_link_failed"),
        next_step=to_do("deposit_link_failed.again"),
        priority=Escalation.Priority.MEDIUM,
    )
    within = min(TO_PAY, _left(facts, now))
    return WaitFor(events=("deposit.link_created",), within=within, then="ask", otherwise="over", effects=(case,))


def paid(facts: Facts, now: datetime) -> Outcome:
    """From anywhere: thank."""
    return Done("paid", (Say(kind="deposit_receipt"),))


def over(facts: Facts, now: datetime) -> Outcome:
    """The visit's time has come."""
    return Done("not paid before the visit")


def _ask_anew(facts: Facts, now: datetime) -> Outcome:
    """Nobody has read the request yet: a day to pay begins with the first word about it."""
    times = facts.data.get("asked_anew", 0) + (not facts.deposit_waits)
    if times > ASKED_ANEW or _left(facts, now) < FOR_STAFF:
        return Next("wait_for_late_payment")
    request = Say(kind=Kind.DEPOSIT_REQUEST, part=str(times))
    return WaitFor(
        events=PAID,
        within=_at_most(TO_PAY, facts, now),
        then="paid",
        otherwise="remind",
        effects=() if facts.deposit_waits else (request,),
        keep={"asked_anew": times},
    )


def _look_again(facts: Facts, now: datetime) -> Outcome:
    """A person decides about the visit anyhow, and is asked no second question about the same."""
    if _left(facts, now) < FOR_STAFF:
        return Next("wait_for_late_payment")
    return WaitFor(events=PAID, within=_at_most(LOOK_AGAIN, facts, now), then="paid", otherwise="unpaid")


def _left(facts: Facts, now: datetime) -> timedelta:
    """Before the visit."""
    return max(facts.visit.starts_at - now, timedelta(0))


def _at_most(wait: timedelta, facts: Facts, now: datetime) -> timedelta:
    """Of what is left before the visit half is for what follows: a reminder, then staff who call."""
    return min(wait, _left(facts, now) / 2)


def _not_waiting(facts: Facts) -> Outcome | None:
    """Where to go when nobody is to be asked: a bank works on the payment, or none is wanted any more."""
    if facts.deposit in OVER:
        return Done("no deposit is asked for any more")
    return Next("wait_for_late_payment") if facts.deposit == D.PROCESSING else None


DEPOSIT_REQUEST = Definition(
    name="deposit-request",
    version=3,
    # By the deposit: whoever finds one without a run (payment_checks.py) may be faster than its event.
    triggers=(Trigger(event="deposit.requested", per="deposit_id"),),
    steps=(make_link, ask, remind, unpaid, wait_for_late_payment, no_link, paid, over),
    interrupts={"deposit.paid": "paid"},
    awaits=("deposit.link_created", *PAID),
    cancelled_by=("appointment.cancelled", "appointment.no_show", "appointment.completed", "appointment.rescheduled"),
    owes_from=frozenset({"remind", "unpaid"}),
    priority=20,
)
