"""What was to be done before a visit ends with its time, unless it says that the patient may not come."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from appointments.case_reasons import CLOSED_DAY, SAID_STOP
from appointments.models import Appointment, Escalation
from appointments.services import escalations
from appointments.services.visit import visits
from aro import clock
from aro.queue import tick
from tests.factories import AppointmentFactory, BusinessFactory
from tests.workflows.phone import cases

pytestmark = [pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


@pytest.fixture
def visit() -> Appointment:
    """In a day; the patient could not be told that it was moved."""
    BusinessFactory.create()
    found = AppointmentFactory.create(starts_at=clock.now() + 24 * HOUR)
    opens(found, "not_told")
    return found


def opens(visit: Appointment, reason: str) -> Escalation:
    return escalations.escalate(key=f"{reason}:{visit.id}", reason=reason, title=reason, appointment=visit)


def passes(visit: Appointment) -> None:
    visits.watch_for_end(visit)
    with time_machine.travel(visits.ends_at(visit) + 3 * HOUR, tick=True):
        tick.drain(["sweeps"])


@pytest.mark.parametrize(
    "reason",
    ["outside_hours", "no_answer", "not_reminded", "running_late", "deposit_unpaid", "phone_unusable", "cap_reached"],
)
def test_what_was_to_be_done_before_the_visit_ends_with_its_time(visit: Appointment, reason: str) -> None:
    case = opens(visit, reason)
    passes(visit)
    assert cases() == ["past_no_outcome"]
    case.refresh_from_db()
    assert case.resolution == "The visit's time has passed."


@pytest.mark.parametrize("reason", ["emergency", "complaint", "deposit_disputed", "wrong_number"])
def test_what_a_person_must_settle_stays(visit: Appointment, reason: str) -> None:
    opens(visit, reason)
    passes(visit)
    assert set(cases()) - {"past_no_outcome"} <= {reason}
    assert "past_no_outcome" in cases()


def test_a_day_off_that_is_over_asks_nobody_to_move_its_visits(visit: Appointment) -> None:
    later = AppointmentFactory.create(starts_at=visit.starts_at + 5 * HOUR)
    escalations.escalate(key="closed_day:x", reason=CLOSED_DAY, title="x", visits=[visit, later])
    opens(later, "not_told")
    passes(visit)
    assert CLOSED_DAY in cases()
    passes(later)
    assert CLOSED_DAY not in cases()


def test_nobody_need_call_who_said_stop_once_no_visit_is_to_come(visit: Appointment) -> None:
    escalations.escalate(key="said_stop:x", reason=SAID_STOP, title="x", appointment=visit)
    later = AppointmentFactory.create(customer=visit.customer, starts_at=visit.starts_at + 48 * HOUR)
    passes(visit)
    assert SAID_STOP in cases()
    passes(later)
    assert SAID_STOP not in cases()
