"""What a patient writes while staff can still take back what they did: it is read once that is settled."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import transaction

from appointments.inbound import BookingCreated
from appointments.models import Appointment, Escalation, Message
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro import clock
from aro.errors import ConflictError
from aro.ids import new_id
from aro.models import Due
from aro.queue import tick
from compliance import consent
from compliance.models import Actor
from tests.factories import AppointmentFactory, BusinessFactory, CustomerFactory, booking
from tests.workflows.phone import answers_to, asked_about, cases, status_of, writes
from workflows.commands import bus

pytestmark = [pytest.mark.django_db(transaction=True)]
S = Appointment.Status
EVERYTHING = ["events", "timers", "executions"]
MINUTE = timedelta(seconds=60)


@pytest.fixture
def visit() -> Appointment:
    """Booked four days ahead, and a reminder has asked."""
    BusinessFactory.create(quiet_from="00:00", quiet_until="00:00")
    with transaction.atomic():
        news = BookingCreated(booking=booking(starts_at=clock.now() + timedelta(days=4)), occurred_at=clock.now())
        bookings.created(news, correlation_id=new_id())
    tick.drain(["events", "timers"])
    found = Appointment.objects.select_related("customer").get()
    consent.give(found.customer.phone, "sms", "care", method="booking_system")
    asked_about(found)
    return found


def begun(visit: Appointment) -> Appointment:
    """The same at its time."""
    now = clock.now()
    Appointment.objects.filter(pk=visit.pk).update(
        starts_at=now - timedelta(minutes=10), time_set_at=now - timedelta(days=3), created_at=now - timedelta(days=3)
    )
    Message.objects.filter(appointment=visit).update(visit_start=now - timedelta(minutes=10))
    return Appointment.objects.select_related("customer").get(pk=visit.pk)


def does(command: str, visit: Appointment, **fields: object) -> UUID:
    """At the desk; what takes it back."""
    payload = {"appointment_id": str(visit.id), **fields}
    done = bus.execute(command=command, payload=payload, actor=Actor.ADMIN, actor_id="ada", wait=MINUTE)
    return UUID(done["undo"])


def moved(visit: Appointment) -> UUID:
    return does("appointment.move", visit, starts_at=(visit.starts_at + timedelta(days=1)).isoformat(), anyway=True)


def takes_back(undo: UUID) -> None:
    bus.take_back(undo, actor=Actor.ADMIN, actor_id="ada")


def a_minute_later() -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(seconds=61), tick=True)


def planned(kind: str) -> list[str]:
    """What became of the texts of this kind."""
    return list(Message.objects.filter(kind=kind).values_list("status", flat=True))


DONE = [
    ("appointment.move", {"starts_at": "2030-01-09T15:00:00+00:00", "anyway": True}),
    ("appointment.cancel", {"reason": "a slip"}),
    ("appointment.no_show", {}),
]
WRITTEN = ["C", "X", "Is there parking?", "I am in the waiting room", "help", "STOP", "my chest hurts badly"]


@pytest.mark.parametrize(("command", "fields"), DONE)
@pytest.mark.parametrize("text", WRITTEN)
def test_a_message_is_no_reason_to_refuse_undo(
    visit: Appointment, command: str, fields: dict[str, object], text: str
) -> None:
    if command == "appointment.no_show":
        visit = begun(visit)
    else:
        writes(visit, "X")
    was = (status_of(visit), Appointment.objects.get().starts_at)
    undo = does(command, visit, **fields)
    writes(visit, text)
    takes_back(undo)
    assert (status_of(visit), Appointment.objects.get().starts_at) == was
    with a_minute_later():
        tick.drain(EVERYTHING)
    assert not planned("moved") + planned("no_show_followup") + planned("already_cancelled")
    assert "confirmed_cancelled" not in cases()


def test_a_yes_to_a_visit_that_stands_again_confirms_it(visit: Appointment) -> None:
    undo = does("appointment.cancel", visit, reason="a slip")
    message = writes(visit, "C")
    tick.drain(EVERYTHING)
    assert (answers_to(message), cases()) == ([], ["cancelled_untold"])
    takes_back(undo)
    tick.drain(EVERYTHING)
    assert (status_of(visit), answers_to(message)) == (S.CONFIRMED, ["thank_you"])
    assert not {"confirmed_cancelled", "cancelled_untold"} & set(cases())


def test_once_it_is_settled_they_are_told_that_it_is_off(visit: Appointment) -> None:
    does("appointment.cancel", visit, reason="the doctor is ill")
    message = writes(visit, "C")
    with a_minute_later():
        tick.drain(EVERYTHING)
    assert answers_to(message) == ["already_cancelled"]
    assert "confirmed_cancelled" in cases()


def test_a_yes_before_the_new_time_was_told_is_to_the_former_one(visit: Appointment) -> None:
    moved(visit)
    writes(visit, "C")
    with a_minute_later():
        tick.drain(["events", "timers"])
        Message.objects.filter(kind="moved").update(status="sent", sent_at=clock.now())
        tick.drain(EVERYTHING)
    assert status_of(visit) == S.BOOKED
    assert Escalation.objects.get(reason="unclear_reply").title.startswith("A patient said yes to the former time")


def test_nobody_in_the_waiting_room_is_missed(visit: Appointment) -> None:
    visit = begun(visit)
    does("appointment.no_show", visit)
    writes(visit, "I am in the waiting room")
    with a_minute_later():
        tick.drain(EVERYTHING)
        found = Message.objects.get(kind="no_show_followup")
    assert (found.status, found.reason) == ("blocked", "outcome_open")


def test_no_text_about_the_visit_overtakes_what_they_wrote(visit: Appointment) -> None:
    """The texts' worker may be faster than the one that reads."""
    visit = begun(visit)
    does("appointment.no_show", visit)
    message = writes(visit, "I am in the waiting room")
    with a_minute_later():
        tick.drain(["events", "timers"])
        _first("no_show_followup")
        assert planned("no_show_followup") == ["held"]
        assert not hasattr(Message.objects.get(pk=message.pk), "classification")


def _first(kind: str) -> None:
    mine = Message.objects.get(kind=kind).execution.pk
    Due.objects.filter(lane="executions").exclude(ref=mine).update(due_at=clock.now() + timedelta(hours=1))
    tick.drain(["executions"])


def test_send_now_reads_it_now(visit: Appointment) -> None:
    undo = does("appointment.cancel", visit, reason="the doctor is ill")
    message = writes(visit, "C")
    bus.send_now(undo, actor=Actor.ADMIN, actor_id="ada")
    tick.drain(EVERYTHING)
    assert answers_to(message) == ["already_cancelled"]


def test_what_holds_at_once_holds_at_once(visit: Appointment) -> None:
    moved(visit)
    writes(visit, "STOP")
    assert consent.is_suppressed(visit.customer.phone)


def test_other_phones_are_read_at_once(visit: Appointment) -> None:
    moved(visit)
    other = AppointmentFactory.create(customer=CustomerFactory.create(phone="+12125550188"))
    asked_about(other)
    assert answers_to(writes(other, "X")) == ["handed_over"]


def test_two_things_done_are_settled_one_by_one(visit: Appointment) -> None:
    moved(visit)
    undo = does("appointment.cancel", visit, reason="a slip")
    takes_back(undo)
    assert Appointment.objects.get().settles_at is not None


def test_what_changed_the_visit_is_still_a_reason(visit: Appointment) -> None:
    undo = moved(visit)
    with transaction.atomic():
        visits.confirm(Appointment.objects.get(), actor=Actor.WEBHOOK)
    with pytest.raises(ConflictError):
        takes_back(undo)
