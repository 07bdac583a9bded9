"""What a booking system gives as the phone: words, numbers and lists are read alike, whichever system it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from appointments.inbound import BookingCreated
from appointments.models import Appointment
from appointments.services.booking import bookings
from appointments.services.person import customers
from aro import clock
from aro.ids import new_id
from integrations.providers import ADAPTERS
from integrations.providers.acuity import fields as acuity_fields
from integrations.providers.easyappointments import fields as easyappointments_rows
from integrations.providers.shared import fields
from integrations.providers.shared.base import Stored
from integrations.providers.square import fields as square_fields
from tests.factories import BusinessFactory
from tests.integrations.contract import fixture

SYSTEMS = ["custom", "calcom", "calendly", "acuity", "square", "easyappointments"]
HUSBAND = "646-555-0144 (husband Leo)"


def told(system: str, phone: Any) -> BookingCreated:
    """A booking of that system with this in its field for the phone."""
    if system == "acuity":
        row = json.loads(fixture("acuity", "api.appointment")) | {"phone": phone, "forms": []}
        return BookingCreated(booking=acuity_fields.booking(row, ""), occurred_at=clock.now())
    if system == "square":
        sent = json.loads(fixture("square", "booking.created"))["data"]["object"]["booking"]
        found = {"customer": {"phone_number": phone, "given_name": "Bea"}}
        return BookingCreated(booking=square_fields.booking(sent, found), occurred_at=clock.now())
    if system == "easyappointments":
        visit = json.loads(fixture("easyappointments", "api.appointment"))
        visit["customer"]["phone_number"] = phone
        there = easyappointments_rows.told(visit, clock.now())
        assert isinstance(there, BookingCreated)
        return there
    event = {"custom": "appointment.booked", "calcom": "booking.created", "calendly": "invitee.created"}[system]
    data = json.loads(fixture(system, event))
    if system == "custom":
        data["data"]["customer"]["phone"] = phone
    elif system == "calcom":
        data["payload"] |= {
            "responses": {"attendeePhoneNumber": {"label": "p", "value": phone}},
            "smsReminderNumber": None,
        }
    else:
        data["payload"] |= {"text_reminder_number": phone, "questions_and_answers": []}
    stored = Stored(body=json.dumps(data).encode(), path_ref="", received_at=clock.now())
    (news,) = ADAPTERS[system].parse(stored)
    assert isinstance(news, BookingCreated)
    return news


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("phone", "read"),
    [
        (16465550142, "16465550142"),
        (16465550142.0, "16465550142"),
        (["+16465550142"], "+16465550142"),
        ([16465550142], "16465550142"),
        (HUSBAND, HUSBAND),
        ("call 646-555-0142 after 5, or else my husband", "call 646-555-0142 after 5, or else my husband"),
        ("none", "none"),
        ("n/a", "n/a"),
        ([], ""),
        (None, ""),
    ],
)
def test_every_system_reads_a_phone_alike(system: str, phone: Any, read: str) -> None:
    assert told(system, phone).booking.person.phone == read


@pytest.mark.django_db
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("phone", "reached", "kept"),
    [
        (HUSBAND, "+16465550144", ""),
        ("call 646-555-0142 after 5", "+16465550142", ""),
        (16465550142, "+16465550142", ""),
        ("see notes", "", "see notes"),
        (["646-555-0142", "646-555-0143"], "", "646-555-0142, 646-555-0143"),
    ],
)
def test_the_booking_is_kept_and_what_nobody_can_dial_is_kept_for_staff(
    system: str, phone: Any, reached: str, kept: str
) -> None:
    BusinessFactory.create()
    news = told(system, phone)
    bookings.created(news, correlation_id=new_id())
    visit = Appointment.objects.get()
    assert (visit.customer.phone, customers.typed_phone(visit.customer)) == (reached, kept)
    assert visit.escalations.filter(reason="unreadable_phone").exists() == bool(kept)


@pytest.mark.parametrize("value", [True, {"a": 1}, 1.5, [["646"]]])
def test_what_is_no_phone_in_any_form_is_none(value: object) -> None:
    assert fields.phone({"phone": value}, "phone") == ""


def test_calcoms_old_form_of_answers_is_read() -> None:
    data = json.loads(fixture("calcom", "booking.created"))
    data["payload"] |= {"responses": {}, "smsReminderNumber": None, "customInputs": {"Phone": "+16465550142"}}
    stored = Stored(body=json.dumps(data).encode(), path_ref="", received_at=clock.now())
    (news,) = ADAPTERS["calcom"].parse(stored)
    assert isinstance(news, BookingCreated)
    assert news.booking.person.phone == "+16465550142"
