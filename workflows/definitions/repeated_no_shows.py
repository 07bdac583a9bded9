"""repeated-no-shows: the same person has not come twice within a year. A person looks for what would help."""

from __future__ import annotations

from datetime import datetime

from workflows.engine.definition import Condition, Definition, Trigger
from workflows.engine.facts import Facts
from workflows.engine.step_outcomes import Done, Escalate, Outcome

TWICE = 2


def tell_of_pattern(facts: Facts, now: datetime) -> Outcome:
    """One case for each further no-show: staff decide, ARO asks for nothing by itself."""
    return Done("a person was told", (Escalate(reason="repeated_no_shows"),))


REPEATED_NO_SHOWS = Definition(
    name="repeated-no-shows",
    version=1,
    # A pattern: the event follows every change of the count, and carries it as it was then.
    triggers=(Trigger(event="appointment.no_show", when=(Condition("payload.no_shows_within_a_year", ">=", TWICE),)),),
    steps=(tell_of_pattern,),
    cancelled_by=("appointment.completed", "appointment.rescheduled", "appointment.reopened"),
    priority=35,
)
