"""no-show-recovery: nobody came. Counts and risk are up to date already; win the person back."""

from __future__ import annotations

from datetime import datetime

from appointments.case_reasons import CALLED_OFF
from appointments.case_reasons.words import happened, to_do
from appointments.models import Customer
from workflows.engine.definition import Definition, Trigger
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Escalate, Next, Outcome, Say, Update


def look_at_risk(facts: Facts, now: datetime) -> Outcome:
    """High risk: a deposit next time, and a person knows. Nobody risks it who had written in time."""
    if facts.called_off:
        return Next("offer_new_time", (Escalate(reason=CALLED_OFF),))
    person = facts.visit.customer
    if person.risk_category != Customer.RiskCategory.HIGH:
        return Next("offer_new_time")
    case = Escalate(
        reason="no_show_high_risk",
        title=happened("no_show_high_risk"),
        next_step=to_do("no_show_high_risk"),
    )
    return Next("offer_new_time", (Update(service="require_deposit_next_time"), case))


def offer_new_time(facts: Facts, now: datetime) -> Outcome:
    """One friendly text with the booking link."""
    return Done("offered a new time", (Say(kind="no_show_followup"),))


NO_SHOW_RECOVERY = Definition(
    name="no-show-recovery",
    version=1,
    triggers=(Trigger(event="appointment.no_show"),),
    steps=(look_at_risk, offer_new_time),
    cancelled_by=("appointment.completed", "appointment.rescheduled", "appointment.reopened"),
    priority=30,
)
