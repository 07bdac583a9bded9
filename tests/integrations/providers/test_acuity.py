"""Acuity's deliveries: the border's contract, and what each state of an appointment becomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest
import time_machine
from django.test import Client

from appointments.inbound import Booking, BookingCancelled, BookingCreated, Inbound, NoShowReported, NothingToDo
from aro import clock
from aro.models import Due
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Delivery, MalformedError, NeedsLookupError, Stored
from tests.integrations import signers
from tests.integrations.contract import ProviderContract, fixture

SECRET, ID = "sandbox-acuity-api-key", "81237"
FORM = "application/x-www-form-urlencoded"
RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
START = datetime(2031, 3, 12, 17, 15, tzinfo=UTC)
NONSENSE = {
    "empty": b"",
    "bad utf-8": b"action=changed&id=\xff\xfe",
    "bad utf-8 in escapes": b"action=changed&id=%FF%FE",
    "json": b'{"action": "changed", "id": 81237}',
    "json that looks like a looked-up one": b'{"action": "changed", "appointment": {"id": 1}}&action=changed&id=1',
    "no action": b"id=81237",
    "an empty action": b"action=&id=81237",
    "only separators": b"&&==&&",
    "the same field twice": b"action=changed&id=81237&id=81238",
    "too many fields": b"&".join(b"f%d=x" % number for number in range(500)),
}


class TestAcuityAtTheBorder(ProviderContract):
    name = "acuity"
    url = "/webhooks/acuity"
    content_type = FORM
    setting = "ACUITY_API_KEY"
    good: ClassVar[bytes] = fixture("acuity", "scheduled")
    unknown: ClassVar[bytes] = fixture("acuity", "order.completed")

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signers.acuity(body, secret=secret)

    def test_the_same_delivery_again_is_answered_with_200_and_changes_nothing(self, client: Client, db: None) -> None:
        with time_machine.travel(clock.now(), tick=False):
            super().test_the_same_delivery_again_is_answered_with_200_and_changes_nothing(client, db)

    def test_the_same_bytes_a_second_later_may_be_another_change_and_are_kept(self, client: Client, db: None) -> None:
        with time_machine.travel(clock.now(), tick=False) as time:
            self.deliver(client, self.good)
            time.shift(1)
            self.deliver(client, self.good)
        assert Receipt.objects.count() == Due.objects.filter(lane="receipts").count() == 2

    @pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
    def test_signed_nonsense_is_malformed(self, client: Client, db: None, body: bytes) -> None:
        assert self.refused(self.deliver(client, body)) == 400

    def test_an_action_that_nobody_knows_is_of_no_concern(self) -> None:
        assert isinstance(parsed(b"action=archived&id=81237"), NothingToDo)


def parsed(body: bytes, **stored: Any) -> Inbound:
    return every(body, **stored)[-1]


def every(body: bytes, **stored: Any) -> list[Inbound]:
    return ADAPTERS["acuity"].parse(Stored(body=body, path_ref="", received_at=RECEIVED, **stored))


def appointment(**more: Any) -> dict[str, Any]:
    return dict(json.loads(fixture("acuity", "api.appointment"))) | more


def looked_up(action: str = "scheduled", **more: Any) -> bytes:
    """As `complete` leaves it."""
    at = "2026-11-20T09:00:01+00:00"
    return json.dumps({"action": action, "asked_at": at, "appointment": appointment(**more)}).encode()


def booking_of(news: Inbound) -> Booking:
    assert isinstance(news, BookingCreated)
    return news.booking


@pytest.mark.parametrize("name", ["scheduled", "rescheduled", "canceled", "changed", "appointment.scheduled"])
def test_whatever_the_action_says_the_appointment_is_looked_up(name: str) -> None:
    with pytest.raises(NeedsLookupError):
        parsed(fixture("acuity", name))


@pytest.mark.parametrize("value", ["", "me", "../me", "1?x=1", "-1", "1.5", "9" * 21, "٣"])
def test_what_is_no_number_is_never_asked_for(value: str) -> None:
    with pytest.raises(MalformedError):
        parsed(f"action=changed&id={value}".encode())


def test_both_spellings_of_an_action_are_one_kind_of_news() -> None:
    keys = {key_of(fixture("acuity", name)) for name in ("scheduled", "appointment.scheduled")}
    assert len(keys) == 1
    assert key_of(fixture("acuity", "canceled")) not in keys


def key_of(body: bytes) -> str:
    delivery = Delivery(body=body, headers={}, url="", path_ref="", received_at=RECEIVED)
    return ADAPTERS["acuity"].delivery_key(delivery)


def test_a_booking_has_its_time_place_person_and_price() -> None:
    news = parsed(looked_up())
    booking = booking_of(news)
    assert (booking.external_id, booking.starts_at, booking.duration_minutes) == (ID, START, 45)
    assert (booking.timezone, booking.at_business) == ("America/Los_Angeles", False)
    assert (booking.service, booking.service_cost) == ("Check-up", Decimal("85.00"))
    assert (booking.staff_member, booking.location) == ("Dr Ines Vale", "9 Harbour Road")
    assert booking.booked_at == datetime(2026, 11, 10, 15, 2, 10, tzinfo=UTC)
    assert (booking.person.name, booking.person.phone) == ("Rosa Testperson", "(212) 555-0142")
    assert (booking.person.email, booking.person.timezone) == ("rosa@patients.example", "Europe/Madrid")
    assert booking.cancel_url.startswith("https://acuityscheduling.com/schedule.php")
    assert booking.reschedule_url == ""  # this client may not
    assert isinstance(news, BookingCreated)
    assert news.occurred_at == datetime(2026, 11, 20, 9, 0, 1, tzinfo=UTC)  # when it was asked for


def test_a_calendar_whose_zone_nobody_knows_is_at_the_business() -> None:
    booking = booking_of(parsed(looked_up(calendarTimezone="Mars/Olympus", calendarID=99, calendar=None)))
    assert (booking.timezone, booking.at_business, booking.staff_member) == ("", True, "")


@pytest.mark.parametrize("typed", ["", None, 5, "ask me", "n/a"])
def test_without_a_phone_an_answer_on_the_form_is_taken(typed: object) -> None:
    assert booking_of(parsed(looked_up(phone=typed))).person.phone == "+1 212 555 0177"


def test_which_question_asks_for_the_phone_is_the_operators_choice() -> None:
    values = [{"name": "Whom may we call?", "value": "212 555 0188"}, {"name": "Fax", "value": "212 555 0189"}]
    body = looked_up(phone="", forms=[{"values": values}, "no form"])
    assert booking_of(parsed(body, phone_question="may we call")).person.phone == "212 555 0188"
    assert booking_of(parsed(body)).person.phone == ""


@pytest.mark.parametrize(
    ("duration", "minutes"), [("60", 60), (60, 60), ("", 30), ("0", 30), ("-5", 30), ("x", 30), (None, 30), (True, 30)]
)
def test_the_length_is_text_and_half_an_hour_when_there_is_none(duration: object, minutes: int) -> None:
    assert booking_of(parsed(looked_up(duration=duration))).duration_minutes == minutes


@pytest.mark.parametrize("price", ["", "free", "-1.00", "NaN", "Infinity", "1e30", None, 85])
def test_a_price_that_is_none_is_nothing(price: object) -> None:
    assert booking_of(parsed(looked_up(price=price))).service_cost == Decimal("0.00")


@pytest.mark.parametrize("start", [None, "", "March 12, 2031", "2031-03-12T10:15:00", 5])
def test_an_appointment_without_a_time_makes_no_sense(start: object) -> None:
    with pytest.raises(MalformedError):
        parsed(looked_up(datetime=start))


@pytest.mark.parametrize("number", [None, "", "81237", True, -1, 0, 10**30])
def test_an_appointment_without_a_number_makes_no_sense(number: object) -> None:
    with pytest.raises(MalformedError):
        parsed(looked_up(id=number))


def test_a_cancelled_appointment_is_cancelled_by_somebody() -> None:
    news = parsed(looked_up("canceled", canceled=True))
    assert isinstance(news, BookingCancelled)
    assert (news.booking.external_id, news.by, news.moved_to) == (ID, "unknown", "")


def test_a_no_show_is_cancelled_too_and_the_no_show_counts() -> None:
    news = parsed(looked_up("canceled", canceled=True, noShow=True))
    assert isinstance(news, NoShowReported)
    assert (news.external_id, news.absent, news.booking is not None) == (ID, True, True)


@pytest.mark.parametrize(("action", "takes_back"), [("changed", True), ("scheduled", False), ("rescheduled", False)])
def test_only_a_change_can_take_a_no_show_back(action: str, takes_back: bool) -> None:
    marks = [one.absent for one in every(looked_up(action)) if isinstance(one, NoShowReported)]
    assert marks == ([False] if takes_back else [])
