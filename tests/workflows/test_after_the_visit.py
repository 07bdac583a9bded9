"""What follows a visit: thanks for a review somebody saw, and a person told of a pattern."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from appointments.models import Appointment, Escalation, Message
from appointments.services import visits
from aro import clock, tick
from aro.errors import ConflictError
from compliance.models import Actor, Event
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from workflows import commands
from workflows.models import WorkflowInstance

pytestmark = [pytest.mark.django_db(transaction=True)]


def missed(days_ago: float, visit: Appointment | None = None) -> Appointment:
    """A visit of one person, so long ago, that is now marked as a no-show."""
    customer = visit.customer if visit else CustomerFactory.create()
    one = AppointmentFactory.create(customer=customer, starts_at=clock.now() - timedelta(days=days_ago))
    with transaction.atomic():
        visits.mark_no_show(one)
    tick.drain(["events", "timers"])
    return one


def patterns() -> int:
    return Escalation.objects.filter(reason="repeated_no_shows").count()


def test_two_no_shows_within_a_year_are_told_and_one_is_not() -> None:
    BusinessFactory.create()
    first = missed(300)
    assert patterns() == 0
    missed(1, first)
    assert patterns() == 1
    assert WorkflowInstance.objects.get(definition="repeated-no-shows").status == "completed"


def test_no_shows_more_than_a_year_apart_are_no_pattern() -> None:
    BusinessFactory.create()
    missed(1, missed(380))
    assert patterns() == 0


def test_another_persons_no_show_counts_for_nobody_else() -> None:
    BusinessFactory.create()
    missed(20)
    missed(1)
    assert patterns() == 0


@pytest.fixture
def asked() -> Appointment:
    """A completed visit whose patient has been asked for a review."""
    BusinessFactory.create()
    visit = AppointmentFactory.create(starts_at=clock.now() - timedelta(hours=3))
    with transaction.atomic():
        visits.complete(visit, actor=Actor.ADMIN, actor_id="ada")
    tick.drain(["events", "timers"])
    return visit


def says_so(visit: Appointment) -> dict[str, object]:
    payload = {"appointment_id": str(visit.id)}
    return commands.execute(command="appointment.review_submitted", payload=payload, actor=Actor.ADMIN, actor_id="ada")


def test_whoever_wrote_a_review_is_thanked_once(asked: Appointment) -> None:
    with time_machine.travel(visits.ends_at(asked) + timedelta(hours=7), tick=True):
        tick.drain(["events", "timers"])
        assert says_so(asked)["new"] is True
        assert says_so(asked)["new"] is False
        tick.drain(["events", "timers"])
    assert Message.objects.filter(kind="review_thanks").count() == 1
    assert Event.objects.filter(type="review.submitted").count() == 1
    asked.customer.refresh_from_db()
    assert asked.customer.review_status == "submitted"


def test_a_visit_that_did_not_take_place_has_no_review() -> None:
    BusinessFactory.create()
    with pytest.raises(ConflictError, match="took place"):
        says_so(AppointmentFactory.create())


def test_the_command_line_says_it_too(asked: Appointment) -> None:
    out = io.StringIO()
    call_command("appointments_review", str(asked.id), stdout=out)
    assert "Noted" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("appointments_review", "nobody", stdout=out)
