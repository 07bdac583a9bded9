"""After a family's visits: each of them gets what was said of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from appointments.models import Appointment, Escalation
from aro import clock
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from tests.workflows.family import PHONE
from tests.workflows.phone import asked_about, cases, status_of, writes
from workflows import past_visits

pytestmark = pytest.mark.django_db
# A Tuesday, 11:15 in New York.
LATER = datetime(2026, 12, 1, 16, 15, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TOM_ABSENT = [
    "Tom was sick, only Amy came",
    "only Amy came",
    "Tom didn't come, just Amy",
    "Amy came but Tom stayed home",
    "sorry, Tom was sick this morning so only Amy came",
    "Tom couldn't make it, Amy was there",
    "Tom estaba enfermo, solo vino Amy",
    "solo vino Amy",
]


@pytest.fixture(autouse=True)
def _in_the_morning() -> Iterator[None]:
    with time_machine.travel(LATER, tick=True):
        yield


def family(ago: timedelta, status: str = "booked") -> tuple[Appointment, Appointment]:
    BusinessFactory.create()
    now = clock.now()
    both = [
        AppointmentFactory.create(
            customer=CustomerFactory.create(name=f"{name} Ray", phone=PHONE),
            starts_at=now - ago + place * 30 * MINUTE,
            booked_at=now - timedelta(days=9),
            time_set_at=now - timedelta(days=9),
        )
        for place, name in enumerate(("Tom", "Amy"))
    ]
    for one in both:
        asked_about(one, ago=timedelta(days=1))
    done = {"completed_at": now - MINUTE} if status == "completed" else {}
    Appointment.objects.update(status=status, **done)
    return both[0], both[1]


@pytest.mark.parametrize("words", TOM_ABSENT)
@pytest.mark.parametrize(("ago", "status"), [(75 * MINUTE, "booked"), (6 * HOUR, "completed")])
def test_who_was_sick_is_asked_about_and_who_came_is_not(words: str, ago: timedelta, status: str) -> None:
    tom, amy = family(ago, status)
    writes(tom, words)
    assert list(Escalation.objects.values_list("reason", "appointment")) == [("did_not_come", tom.id)]
    over = clock.now() + 4 * HOUR
    for visit in (tom, amy):
        visit.refresh_from_db()
        past_visits._look_at(visit, over, past_visits._doubtful([visit]))
    assert (status_of(tom), status_of(amy)) == ("booked", "completed")
    assert cases() == ["past_no_outcome"]


@pytest.mark.parametrize("words", ["both came", "Tom came and Amy came"])
def test_who_came_is_no_case_of_absence(words: str) -> None:
    tom, _ = family(75 * MINUTE)
    writes(tom, words)
    assert "did_not_come" not in cases()


@pytest.mark.parametrize("words", ["did Tom come?", "Tom and Amy came home sick", "Tom was sick after, Amy is fine"])
def test_what_is_not_surely_said_is_for_a_person(words: str) -> None:
    tom, _ = family(75 * MINUTE)
    writes(tom, words)
    assert "did_not_come" not in cases()
    assert cases()


def test_before_the_visits_it_is_read_as_what_will_be() -> None:
    tom, _ = family(-5 * HOUR)
    writes(tom, "Tom is sick, Amy can come")
    assert [*Escalation.objects.values_list("reason", "appointment")] == [("cancel_request", tom.id)]
