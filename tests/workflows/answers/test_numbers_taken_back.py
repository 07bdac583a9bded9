"""What staff say about a number waits like everything else that sends, and taken back it was never said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from appointments.models import Appointment, Customer, Escalation, Message
from aro import clock
from aro.errors import ConflictError
from aro.queue import tick
from compliance import consent, wrong_numbers
from compliance.models import Actor, Consent, Suppression
from tests.workflows.phone import answers_to, booked_and_held, cases, held_for, status_of, writes
from workflows.commands import bus

pytestmark = [pytest.mark.django_db(transaction=True)]
EVERYTHING = ["events", "timers", "executions"]
MINUTE = timedelta(seconds=60)
TYPED = "+12125550199"
SETTLED = [("customer.number_is_right", {}), ("customer.correct_phone", {"phone": TYPED})]


@pytest.fixture
def visit() -> Appointment:
    """Somebody else has answered at the patient's number, and a text to it is held."""
    found = booked_and_held("wrong number")
    assert held_for() == {"wrong_number"}
    return found


def does(command: str, visit: Appointment, **fields: object) -> UUID:
    payload = {"customer_id": str(visit.customer_id), **fields}
    done = bus.execute(command=command, payload=payload, actor=Actor.ADMIN, actor_id="ada", wait=MINUTE)
    return UUID(done["undo"])


def takes_back(undo: UUID) -> None:
    bus.take_back(undo, actor=Actor.ADMIN, actor_id="ada")


def later(seconds: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True)


def everything() -> list[dict[str, Any]]:
    stamped = ("updated_at",)
    return [
        {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in stamped}
        for model in (Customer, Escalation, Consent, Suppression)
        for row in model.objects.order_by("pk")
    ]


@pytest.mark.parametrize(("command", "fields"), SETTLED)
def test_what_was_held_goes_out_after_the_minute_and_not_before(
    visit: Appointment, command: str, fields: dict[str, str]
) -> None:
    does(command, visit, **fields)
    tick.drain(EVERYTHING)
    assert held_for() == {"may_be_undone"}
    with later(61):
        tick.drain(EVERYTHING)
        assert held_for() <= {"provider_paused"}


@pytest.mark.parametrize(("command", "fields"), SETTLED)
def test_taken_back_nothing_went_out_and_the_number_is_held_again(
    visit: Appointment, command: str, fields: dict[str, str]
) -> None:
    before = everything()
    undo = does(command, visit, **fields)
    tick.drain(EVERYTHING)
    takes_back(undo)
    assert everything() == before
    assert wrong_numbers.is_held(visit.customer.phone)
    for seconds in (0, 61, 1000):
        with later(seconds):
            tick.drain(EVERYTHING)
            assert held_for() == {"wrong_number"}
    assert not Message.objects.filter(address=TYPED).exists()
    assert "wrong_number" in cases()


def test_taken_back_a_wrong_number_is_none(visit: Appointment) -> None:
    bus.execute(
        command="customer.number_is_right",
        payload={"customer_id": str(visit.customer_id)},
        actor=Actor.ADMIN,
        actor_id="ada",
    )
    takes_back(does("customer.number_is_wrong", visit))
    assert not wrong_numbers.is_held(visit.customer.phone)
    assert cases() == []


def test_the_case_of_a_family_is_open_again(visit: Appointment) -> None:
    Escalation.objects.update(customer=None)
    takes_back(does("customer.number_is_right", visit))
    assert "wrong_number" in cases()


def test_what_a_number_has_of_its_own_outlives_the_undoing(visit: Appointment) -> None:
    consent.suppress(TYPED, source="keyword")
    takes_back(does("customer.correct_phone", visit, phone=TYPED))
    assert consent.is_suppressed(TYPED)


def test_send_now_waits_no_longer(visit: Appointment) -> None:
    undo = does("customer.number_is_right", visit)
    tick.drain(EVERYTHING)
    bus.send_now(undo, actor=Actor.ADMIN, actor_id="ada")
    tick.drain(EVERYTHING)
    assert held_for() <= {"provider_paused"}


def test_a_stranger_who_writes_within_the_minute_confirms_nothing(visit: Appointment) -> None:
    undo = does("customer.number_is_right", visit)
    message = writes(visit, "C")
    takes_back(undo)
    tick.drain(EVERYTHING)
    assert (status_of(visit), answers_to(message)) == ("booked", [])


def test_who_says_so_again_within_the_minute_is_believed(visit: Appointment) -> None:
    undo = does("customer.number_is_right", visit)
    writes(visit, "wrong number")
    with pytest.raises(ConflictError):
        takes_back(undo)
    with later(61):
        tick.drain(EVERYTHING)
        assert held_for() == {"wrong_number"}
