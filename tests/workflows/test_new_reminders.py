"""A new list of reminders is taken over by all visits that are booked, in a handful of statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, Business
from aro import clock
from aro.ids import new_id
from aro.models import Due
from aro.queue import due
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from workflows import new_reminders
from workflows.definitions.reminders import REMINDERS
from workflows.engine.runs import TIMERS
from workflows.models import WorkflowInstance

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def business() -> Business:
    made: Business = BusinessFactory.create()
    made.reminder_hours = [24]
    made.save()
    return made


def asleep(count: int, *, ahead: timedelta = 4 * DAY, **more: Any) -> list[WorkflowInstance]:
    """Runs that sleep until their reminder."""
    now, person = clock.now(), CustomerFactory.create()
    visits = AppointmentFactory.build_batch(count, customer=person, starts_at=now + ahead)
    Appointment.objects.bulk_create(visits)
    values = {"step": "remind_of_visit", "status": "waiting", "wake_at": now + ahead - DAY, "data": {"moves": 0}} | more
    runs = [
        WorkflowInstance(
            definition=REMINDERS.name,
            version=REMINDERS.version,
            occurrence=str(visit.id),
            appointment=visit,
            customer=person,
            correlation_id=new_id(),
            started_at=now,
            updated_at=now,
            **values,
        )
        for visit in visits
    ]
    WorkflowInstance.objects.bulk_create(runs)
    due.put_many(TIMERS, [(run.id, now + ahead - DAY) for run in runs])
    return runs


def takes_over(business: Business, *hours: int) -> int:
    """How many statements that took."""
    business.reminder_hours = list(hours)
    with CaptureQueriesContext(connection) as seen:
        business.save()
    return len(seen)


def woken() -> int:
    return Due.objects.filter(lane=TIMERS, due_at__lte=clock.now()).count()


def test_many_runs_take_no_more_statements_than_a_few(business: Business) -> None:
    asleep(3)
    few = takes_over(business, 24, 2)
    assert woken() == 3
    asleep(600)
    assert takes_over(business, 24, 3) <= few + 2, "one more for each five hundred, as nothing may be without a bound"
    assert woken() == 603


def test_what_has_passed_counts_as_dealt_with_and_the_rest_of_its_data_stays(business: Business) -> None:
    far, near, reminded = asleep(1)[0], asleep(1, ahead=2 * DAY)[0], asleep(1, data={"moves": 3, "reminded": 30})[0]
    takes_over(business, 72, 24)
    data = {run.id: run.data for run in WorkflowInstance.objects.all()}
    assert data == {
        far.id: {"moves": 0},
        near.id: {"moves": 0, "reminded": 72},
        reminded.id: {"moves": 3, "reminded": 30},
    }


@pytest.mark.parametrize(
    "other", [{"awaited": ["response.classified"]}, {"status": "completed"}, {"step": "tell"}, {"wake_at": None}]
)
def test_who_is_not_asleep_until_a_reminder_is_left_alone(business: Business, other: dict[str, Any]) -> None:
    (run,) = asleep(1, **other)
    takes_over(business, 72, 24)
    read = WorkflowInstance.objects.get()
    assert (read.fence, read.data, read.wake_at) == (0, run.data, run.wake_at)
    assert woken() == 0


def test_a_list_that_is_not_saved_wakes_nobody(business: Business) -> None:
    asleep(2)
    business.reminder_hours = [72]
    with transaction.atomic():
        business.save()
        transaction.set_rollback(True)
    assert (woken(), set(WorkflowInstance.objects.values_list("fence", flat=True))) == (0, {0})


def test_several_portions_wake_all(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_reminders, "_AT_ONCE", 2)
    asleep(5)
    takes_over(business, 48)
    assert woken() == 5
