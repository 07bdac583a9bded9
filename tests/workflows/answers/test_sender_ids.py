"""A person is one person under every spelling of a number and under the carrier's own id."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from appointments.inbound import BookingCreated, Person, ReplyReceived
from appointments.models import Appointment, Message, SenderId
from appointments.services.booking import bookings
from aro import clock
from aro.ids import new_id
from compliance import consent
from compliance.models import Channel
from tests.factories import BusinessFactory, booking
from workflows.replies.acting import inbox

pytestmark = pytest.mark.django_db(transaction=True)
ID = "US.13491208655302741918"
PHONE = "+12125550142"


def writes(text: str, sender: str, user_id: str = "") -> Message:
    news = ReplyReceived(
        channel=Channel.WHATSAPP,
        sender=sender,
        text=text,
        provider_id=f"SM{uuid4().hex}",
        occurred_at=clock.now(),
        user_id=user_id,
    )
    with transaction.atomic():
        inbox.receive(news, correlation_id=new_id())
    return Message.objects.get(provider_id=news.provider_id)


def books(phone: str) -> Appointment:
    BusinessFactory.create()
    news = BookingCreated(
        booking=booking(starts_at=clock.now() + timedelta(days=3), person=Person(name="Ana Diaz", phone=phone)),
        occurred_at=clock.now(),
    )
    bookings.created(news, correlation_id=new_id())
    return Appointment.objects.get()


@pytest.mark.parametrize(
    ("booked", "written"),
    [
        ("+5511987654321", "+551187654321"),
        ("+5491123456789", "+541123456789"),
        ("+541123456789", "+5491123456789"),
        ("+525512345678", "+5215512345678"),
    ],
)
def test_who_writes_from_the_other_spelling_is_the_person_who_booked(booked: str, written: str) -> None:
    visit = books(booked)
    message = writes("STOP", written)
    assert message.customer_id == visit.customer_id
    assert consent.is_suppressed(visit.customer.phone)


def test_an_id_that_once_came_with_a_number_is_that_person() -> None:
    visit = books(PHONE)
    writes("hola", PHONE, user_id=ID)
    message = writes("STOP", ID, user_id=ID)
    assert (message.address, message.customer_id) == (PHONE, visit.customer_id)
    assert consent.is_suppressed(PHONE)


def test_a_stop_under_an_unknown_id_holds_for_the_number_once_it_is_known() -> None:
    books(PHONE)
    writes("STOP", ID, user_id=ID)
    assert not consent.is_suppressed(PHONE)
    writes("hello?", PHONE, user_id=ID)
    assert consent.is_suppressed(PHONE)


def test_an_id_with_digits_in_it_is_no_number() -> None:
    books(PHONE)
    message = writes("hello", "US.2125550142x", user_id="")
    assert message.address == "US.2125550142x"
    assert not SenderId.objects.exists()


def test_a_number_that_goes_to_somebody_else_takes_the_id_along() -> None:
    books(PHONE)
    writes("hi", PHONE, user_id=ID)
    writes("hi", "+12125550143", user_id=ID)
    assert SenderId.objects.get().phone == "+12125550143"
