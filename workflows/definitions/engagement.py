"""post-appointment-engagement: ask everyone alike for a review, then offer the next visit.

Version 2: whoever wrote a review before they were asked is thanked, and not asked any more.

The same link goes to every completed visit: 16 CFR 465 and Google's policy forbid choosing by how happy people seem.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from compliance.models import Purpose
from workflows.engine.definition import Definition, Trigger
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Next, Outcome, Say, SleepUntil, Update, WaitFor

REVIEW = ("review.submitted",)


def sleep_to_review(facts: Facts, now: datetime) -> Outcome:
    """Some hours (6) after the visit's end."""
    return SleepUntil(facts.ends_at + timedelta(hours=facts.rules.review_delay_hours), "ask_for_review")


def ask_for_review(facts: Facts, now: datetime) -> Outcome:
    """The request; two days to hear of a review."""
    return WaitFor(
        events=REVIEW,
        within=timedelta(hours=48),
        then="thank_for_review",
        otherwise="sleep_to_offer",
        effects=(Say(kind="review", purpose=Purpose.MARKETING),),
    )


def thank_for_review(facts: Facts, now: datetime) -> Outcome:
    """From anywhere: thanks, whatever it says."""
    return Next("sleep_to_offer", (Say(kind="review_thanks", purpose=Purpose.MARKETING),))


def sleep_to_offer(facts: Facts, now: datetime) -> Outcome:
    """Not before a day after the visit."""
    return SleepUntil(facts.ends_at + timedelta(hours=facts.rules.rebooking_delay_hours), "offer_next_visit")


def offer_next_visit(facts: Facts, now: datetime) -> Outcome:
    """The next visit, unless one is booked; and what this one was worth is added up."""
    effects = (Say(kind="rebooking", purpose=Purpose.MARKETING), Update(service="update_lifetime_value"))
    return Done("offered the next visit", effects)


ENGAGEMENT = Definition(
    name="post-appointment-engagement",
    version=2,
    triggers=(Trigger(event="appointment.completed", field="ends_at"),),
    steps=(sleep_to_review, ask_for_review, thank_for_review, sleep_to_offer, offer_next_visit),
    interrupts=dict.fromkeys(REVIEW, "thank_for_review"),
    awaits=REVIEW,
    cancelled_by=("appointment.no_show", "appointment.cancelled", "appointment.rescheduled", "appointment.reopened"),
    priority=40,
)
# As it was first, for the runs that began with it.
ENGAGEMENT_V1 = replace(ENGAGEMENT, version=1, interrupts={})
