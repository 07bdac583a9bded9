"""A corrected number: who has it knows nothing of the visit yet, and gets what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from appointments.inbound import BookingCreated, Person
from appointments.models import Appointment, Message
from appointments.services.booking import bookings
from appointments.services.visit import visits
from aro import clock
from aro.ids import new_id
from aro.queue import tick
from compliance.models import Actor
from tests.factories import BusinessFactory, booking

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW, NEWER = "+12125550101", "+12125550102", "+12125550103"


def told(phone: str, starts_at: datetime, *, sent: bool = True) -> Appointment:
    """The booking system tells of Bea's visit, and what is planned goes out."""
    what = booking(source="custom", external_id="1", person=Person(name="Bea Ruiz", phone=phone), starts_at=starts_at)
    with transaction.atomic():
        bookings.created(BookingCreated(booking=what, occurred_at=clock.now()), correlation_id=new_id())
    go_on(sent=sent)
    return Appointment.objects.get()


def go_on(*, sent: bool = True) -> None:
    tick.drain(["events", "timers"])
    if sent:
        Message.objects.filter(status="planned").update(status="delivered", sent_at=clock.now())


def texts() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("created_at", "id").values_list("kind", "address"))


def soon() -> datetime:
    BusinessFactory.create(reminder_hours=[48, 24])
    return clock.now() + timedelta(days=4)


def test_the_new_number_is_told_of_the_visit_and_reminded() -> None:
    at = soon()
    told(OLD, at)
    told(NEW, at)
    told(NEW, at)
    told(NEWER, at)
    assert texts() == [("confirmation", OLD), ("confirmation", NEW), ("confirmation", NEWER)]
    with time_machine.travel(at - timedelta(hours=48) + timedelta(seconds=2), tick=True):
        go_on()
    assert texts()[-1] == ("reminder_first", NEWER)


def test_a_number_told_later_is_told_of_the_visit() -> None:
    at = soon()
    told("", at, sent=False)
    Message.objects.update(status="blocked", reason="no_phone")
    told(NEW, at)
    assert texts() == [("confirmation", ""), ("confirmation", NEW)]


def test_a_confirmation_that_still_waits_is_not_doubled() -> None:
    at = soon()
    told(OLD, at, sent=False)
    told(NEW, at)
    assert texts() == [("confirmation", NEW)]


def test_who_has_confirmed_is_not_told_again() -> None:
    at = soon()
    visit = told(OLD, at)
    with transaction.atomic():
        visits.confirm(visit, actor=Actor.USER)
    told(NEW, at)
    assert texts() == [("confirmation", OLD)]


def test_a_correction_that_comes_before_the_first_text_makes_one_text() -> None:
    at = soon()
    for phone in (OLD, NEW):
        what = booking(source="custom", external_id="1", person=Person(name="Bea Ruiz", phone=phone), starts_at=at)
        with transaction.atomic():
            bookings.created(BookingCreated(booking=what, occurred_at=clock.now()), correlation_id=new_id())
    go_on()
    assert texts() == [("confirmation", NEW)]
