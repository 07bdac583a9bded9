"""What staff say about a death waits like everything else that sends, and taken back it was never said."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from appointments.inbound import BookingCreated
from appointments.models import Appointment, Customer, Escalation, Message
from appointments.services import bookings
from aro import clock, tick
from aro.ids import new_id
from compliance import consent
from compliance.models import Actor
from tests.factories import BusinessFactory, booking
from tests.workflows.phone import asked_about, cases, writes
from workflows import commands
from workflows.models import Undoable

pytestmark = [pytest.mark.django_db(transaction=True)]
EVERYTHING = ["events", "timers", "executions"]


@pytest.fixture
def visit() -> Appointment:
    """A death was told of from the patient's phone, and a text to it is held."""
    BusinessFactory.create(quiet_from="00:00", quiet_until="00:00")
    with transaction.atomic():
        news = BookingCreated(booking=booking(starts_at=clock.now() + timedelta(days=4)), occurred_at=clock.now())
        bookings.created(news, correlation_id=new_id())
    found = Appointment.objects.select_related("customer").get()
    consent.give(found.customer.phone, "sms", "care", method="booking_system")
    asked_about(found)
    writes(found, "Ana died on Sunday")
    tick.drain(EVERYTHING)
    assert held_for() == {"told_of_death"}
    return found


def held_for() -> set[str]:
    """Why texts wait."""
    return set(Message.objects.filter(status="held").values_list("reason", flat=True))


def says_so() -> UUID:
    """It is not the patient."""
    done = commands.execute(
        command="escalation.not_the_patient",
        payload={"escalation_id": str(Escalation.objects.get(reason="deceased").pk)},
        actor=Actor.ADMIN,
        actor_id="ada",
        wait=timedelta(seconds=60),
    )
    return UUID(done["undo"])


def later(seconds: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True)


def test_what_was_held_goes_out_after_the_minute_and_not_before(visit: Appointment) -> None:
    says_so()
    tick.drain(EVERYTHING)
    assert held_for() == {"may_be_undone"}
    with later(61):
        tick.drain(EVERYTHING)
        assert held_for() <= {"provider_paused"}


def test_taken_back_nothing_went_out_and_the_case_is_open(visit: Appointment) -> None:
    undo = says_so()
    tick.drain(EVERYTHING)
    commands.take_back(undo, actor=Actor.ADMIN, actor_id="ada")
    assert cases() == ["deceased"]
    for seconds in (0, 61, 1000):
        with later(seconds):
            tick.drain(EVERYTHING)
            assert held_for() == {"told_of_death"}


def test_send_now_waits_no_longer(visit: Appointment) -> None:
    undo = says_so()
    tick.drain(EVERYTHING)
    commands.send_now(undo, actor=Actor.ADMIN, actor_id="ada")
    tick.drain(EVERYTHING)
    assert held_for() <= {"provider_paused"}


def test_so_it_is_with_a_case_about_nobody_of_a_family(visit: Appointment) -> None:
    Customer.objects.create(name="Leo Diaz", phone=visit.customer.phone)
    Escalation.objects.update(customer=None, appointment=None)
    undo = says_so()
    tick.drain(EVERYTHING)
    assert held_for() == {"may_be_undone"}
    commands.take_back(undo, actor=Actor.ADMIN, actor_id="ada")
    assert cases() == ["deceased"]


@override_settings(UNDO_SECONDS=60)
def test_the_desk_offers_undo_and_send_now_and_nothing_is_said_meanwhile(visit: Appointment) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ada", "ada@example.com", "correct horse battery"))
    case = Escalation.objects.get(reason="deceased")
    act = reverse("admin:desk_act", args=["escalation.not_the_patient", case.pk])
    page = client.post(act, follow=True).content.decode()
    kept = Undoable.objects.get()
    tick.drain(EVERYTHING)
    assert held_for() == {"may_be_undone"}
    for road in ("admin:desk_take_back", "admin:desk_send_now"):
        assert reverse(road, args=[kept.pk]) in page
    assert client.post(reverse("admin:desk_take_back", args=[kept.pk]), follow=True).status_code == 200
    assert cases() == ["deceased"]


@override_settings(UNDO_SECONDS=60)
def test_a_case_of_a_phone_that_nobody_has_is_simply_settled() -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ada", "ada@example.com", "correct horse battery"))
    case = Escalation.objects.create(reason="deceased", key="deceased:1", title="A message tells of a death.")
    client.post(reverse("admin:desk_act", args=["escalation.not_the_patient", case.pk]))
    assert (cases(), Undoable.objects.count()) == ([], 0)
