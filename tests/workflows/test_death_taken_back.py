"""What staff say about a death waits like everything else that sends, and taken back it was never said."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.urls import reverse

from appointments.models import Appointment, Customer, Escalation
from aro import clock
from aro.queue import tick
from compliance.models import Actor
from tests.workflows.phone import booked_and_held, cases, held_for
from workflows.commands import bus
from workflows.models import Undoable

pytestmark = [pytest.mark.django_db(transaction=True)]
EVERYTHING = ["events", "timers", "executions"]


@pytest.fixture
def visit() -> Appointment:
    """A death was told of from the patient's phone, and a text to it is held."""
    found = booked_and_held("Ana died on Sunday")
    assert held_for() == {"told_of_death"}
    return found


def says_so() -> UUID:
    """It is not the patient."""
    done = bus.execute(
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
    bus.take_back(undo, actor=Actor.ADMIN, actor_id="ada")
    assert cases() == ["deceased"]
    for seconds in (0, 61, 1000):
        with later(seconds):
            tick.drain(EVERYTHING)
            assert held_for() == {"told_of_death"}


def test_send_now_waits_no_longer(visit: Appointment) -> None:
    undo = says_so()
    tick.drain(EVERYTHING)
    bus.send_now(undo, actor=Actor.ADMIN, actor_id="ada")
    tick.drain(EVERYTHING)
    assert held_for() <= {"provider_paused"}


def test_so_it_is_with_a_case_about_nobody_of_a_family(visit: Appointment) -> None:
    Customer.objects.create(name="Leo Diaz", phone=visit.customer.phone)
    Escalation.objects.update(customer=None, appointment=None)
    undo = says_so()
    tick.drain(EVERYTHING)
    assert held_for() == {"may_be_undone"}
    bus.take_back(undo, actor=Actor.ADMIN, actor_id="ada")
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
