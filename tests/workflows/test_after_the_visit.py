"""What follows a visit: thanks for a review somebody saw, and a person told of a pattern."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from appointments.models import Appointment, Business, Escalation, Message
from appointments.services.visit import reviews, standing_again, visits
from aro import clock
from aro.errors import ConflictError, NotFoundError
from aro.queue import tick
from compliance import guardrails
from compliance.models import Actor, Event
from integrations.outbound import context
from integrations.outbound.channels import Route
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory
from workflows.commands import bus
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
    return bus.execute(command="appointment.review_submitted", payload=payload, actor=Actor.ADMIN, actor_id="ada")


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
    with pytest.raises(NotFoundError):
        call_command("appointments_review", "nobody", stdout=out)


def test_who_wrote_a_review_before_being_asked_is_thanked_and_not_asked(asked: Appointment) -> None:
    says_so(asked)
    tick.drain(["events", "timers"])
    with time_machine.travel(visits.ends_at(asked) + timedelta(hours=7), tick=True):
        tick.drain(["events", "timers"])
    assert list(Message.objects.values_list("kind", flat=True)) == ["review_thanks"]


def test_a_request_that_waits_is_left_out_once_the_review_is_written(asked: Appointment) -> None:
    with time_machine.travel(visits.ends_at(asked) + timedelta(hours=7), tick=True):
        tick.drain(["events", "timers"])
        says_so(asked)
        assert verdict("review") == "reviewed"


def test_nor_is_it_asked_for_after_the_next_visit(asked: Appointment) -> None:
    says_so(asked)
    tick.drain(["events", "timers"])
    later = AppointmentFactory.create(customer=asked.customer, starts_at=clock.now() - timedelta(hours=2))
    completed(later)
    with time_machine.travel(visits.ends_at(later) + timedelta(hours=7), tick=True):
        tick.drain(["events", "timers"])
        assert verdict("review") == "reviewed"


def test_a_review_taken_back_within_its_minute_was_never_written(asked: Appointment) -> None:
    payload = {"appointment_id": str(asked.id)}
    said = bus.execute(
        command="appointment.review_submitted",
        payload=payload,
        actor=Actor.ADMIN,
        actor_id="ada",
        wait=timedelta(seconds=60),
    )
    assert reviews.is_known(asked)
    bus.take_back(UUID(str(said["undo"])), actor=Actor.ADMIN, actor_id="ada")
    assert not reviews.is_known(asked)
    assert says_so(asked)["new"] is True


def test_a_no_show_that_was_a_mistake_is_followed_by_what_follows_a_visit() -> None:
    BusinessFactory.create()
    visit = AppointmentFactory.create(starts_at=clock.now() - timedelta(hours=3))
    completed(visit)
    for change in (visits.mark_no_show, standing_again.unmark_no_show):
        with transaction.atomic():
            change(Appointment.objects.get())
        tick.drain(["events", "timers"])
    with time_machine.travel(visits.ends_at(visit) + timedelta(hours=7), tick=True):
        tick.drain(["events", "timers"])
    assert Message.objects.filter(kind="review").count() == 1


def test_nobody_is_missed_twice_for_one_visit() -> None:
    BusinessFactory.create()
    visit = AppointmentFactory.create(starts_at=clock.now() - timedelta(hours=3))
    completed(visit)
    for change in (visits.mark_no_show, standing_again.unmark_no_show, visits.mark_no_show):
        Message.objects.filter(kind="no_show_followup").update(status="delivered", sent_at=clock.now())
        with transaction.atomic():
            change(Appointment.objects.get())
        tick.drain(["events", "timers"])
    assert verdict("no_show_followup", status="planned") == "said_before"


def completed(visit: Appointment) -> None:
    with transaction.atomic():
        visits.complete(visit, actor=Actor.SYSTEM)
    tick.drain(["events", "timers"])


def verdict(kind: str, **more: str) -> str:
    """Why the newest text of this kind does not go out; its visit was known of long before."""
    Appointment.objects.update(created_at=clock.now() - timedelta(days=5))
    message = Message.objects.filter(kind=kind, **more).latest("created_at")
    route = Route(channel="sms", address=message.address, business=Business.objects.get())
    found = guardrails.judge(replace(context.read(message, route, now=clock.now()).context, consent=True), clock.now())
    assert isinstance(found, guardrails.Skip)
    return str(found.reason)
