"""Easy!Appointments: the border's contract, and what is believed of a delivery."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.test import Client, override_settings

from appointments.inbound import BookingCancelled, BookingCreated, Inbound, NoShowReported, NothingToDo
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import (
    MalformedError,
    NeedsLookupError,
    RateLimitedError,
    RefusedError,
    Stored,
    UnavailableError,
    Window,
)
from tests.integrations import signers
from tests.integrations.contract import JsonBodyContract, fixture
from tests.integrations.loopback import Loopback, http

NAME = "easyappointments"
TOKEN = "sandbox-easyappointments-webhook-token"
RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)
WINDOW = Window(starts_from=datetime(2026, 11, 18, tzinfo=UTC), starts_until=datetime(2027, 1, 17, tzinfo=UTC))
EMPTY = b""


class TestEasyAppointmentsAtTheBorder(JsonBodyContract):
    name = NAME
    url = "/webhooks/easyappointments"
    setting = "EASYAPPOINTMENTS_WEBHOOK_TOKEN"
    good: ClassVar[bytes] = fixture(NAME, "appointment_save")
    unknown: ClassVar[bytes] = fixture(NAME, "customer_save")

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signers.easyappointments(body, secret=secret)

    def test_a_body_changed_by_one_byte_is_refused(self, client: Client, db: None) -> None:
        """It cannot be: nothing is signed. So nothing in it is believed but the number of the visit to ask for."""
        lie = json.loads(self.good)
        lie["payload"] |= {"start_datetime": "2030-01-01 00:00:00", "status": "Cancelled"}
        assert self.deliver(client, json.dumps(lie).encode()).status_code == 200
        with pytest.raises(NeedsLookupError):
            parse(json.dumps(lie).encode())

    def test_a_token_that_only_begins_right_is_refused(self, client: Client, db: None) -> None:
        assert self.refused(self.post(client, self.good, {"X-Ea-Token": TOKEN[:-1]})) == 401
        assert self.refused(self.post(client, self.good, {"X-Ea-Token": TOKEN + "1"})) == 401


def stored(body: bytes) -> Stored:
    return Stored(body=body, path_ref="", received_at=RECEIVED)


def parse(body: bytes) -> Inbound:
    (news,) = ADAPTERS[NAME].parse(stored(body))
    return news


def asked(name: str) -> Inbound:
    """What a delivery says once the API was asked."""
    return parse(ADAPTERS[NAME].complete(stored(fixture(NAME, name))))


def visit(**change: Any) -> dict[str, Any]:
    return dict(json.loads(fixture(NAME, "api.appointment")) | change)


def test_a_delivery_is_nothing_until_the_api_was_asked() -> None:
    for name in ("appointment_save", "appointment_delete"):
        with pytest.raises(NeedsLookupError):
            parse(fixture(NAME, name))


def test_a_saved_visit_is_read_from_the_api_in_the_zone_of_the_member_of_staff(easyappointments: Loopback) -> None:
    news = asked("appointment_save")
    assert isinstance(news, BookingCreated)
    booking = news.booking
    assert (booking.source, booking.external_id) == (NAME, "318")
    assert booking.starts_at == datetime(2026, 12, 3, 8, 30, tzinfo=UTC)  # 09:30 in Madrid
    assert (booking.duration_minutes, booking.timezone, booking.at_business) == (45, "Europe/Madrid", True)
    assert (booking.service, booking.staff_member) == ("Check-up", "Ines Vale")
    assert booking.location == "9 Harbour Road, Room 3"
    assert (booking.person.name, booking.person.phone) == ("Marta Testperson", "+351 912 345 678")
    assert (booking.person.email, booking.person.timezone) == ("marta@patients.example", "Europe/Lisbon")
    request = easyappointments.requests[0].decode()
    assert request.startswith("GET /index.php/api/v1/appointments/318?with=customer%2Cprovider%2Cservice HTTP")
    assert "Authorization: Bearer ea-token" in request


@pytest.mark.parametrize(
    ("local", "utc"),
    [("2026-10-25 01:30:00", 23), ("2026-10-25 04:30:00", 3), ("2026-03-29 01:30:00", 0), ("2026-03-29 03:30:00", 1)],
)
def test_a_time_is_by_the_clocks_of_that_day(easyappointments: Loopback, local: str, utc: int) -> None:
    easyappointments.answers = [http(200, visit(start=local, end=None))]
    news = asked("appointment_save")
    assert isinstance(news, BookingCreated)
    assert (news.booking.starts_at.hour, news.booking.starts_at.minute) == (utc, 30)


def test_what_the_delivery_claims_does_not_count(easyappointments: Loopback) -> None:
    body = json.loads(fixture(NAME, "appointment_save"))
    body["payload"] |= {"start_datetime": "2030-01-01 00:00:00", "status": "Cancelled"}
    news = parse(ADAPTERS[NAME].complete(stored(json.dumps(body).encode())))
    assert isinstance(news, BookingCreated)
    assert news.booking.starts_at.year == 2026


def test_a_deletion_counts_when_the_visit_is_gone_there(easyappointments: Loopback) -> None:
    easyappointments.answers = [http(404, EMPTY), http(200, fixture(NAME, "api.provider"))]
    news = asked("appointment_delete")
    assert isinstance(news, BookingCancelled)
    assert (news.booking.external_id, news.by, news.moved_to) == ("318", "unknown", "")
    assert news.booking.starts_at == datetime(2026, 12, 3, 8, 30, tzinfo=UTC)


def test_a_members_calendar_token_is_not_even_carried_along(easyappointments: Loopback) -> None:
    easyappointments.answers = [http(404, EMPTY), http(200, fixture(NAME, "api.provider"))]
    completed = ADAPTERS[NAME].complete(stored(fixture(NAME, "appointment_delete")))
    assert b"never to be kept" not in completed


def test_a_deletion_of_a_visit_that_is_there_is_a_lie_or_old(easyappointments: Loopback) -> None:
    assert isinstance(asked("appointment_delete"), BookingCreated)


def test_a_visit_saved_and_deleted_since_is_left_to_the_deletion(easyappointments: Loopback) -> None:
    easyappointments.answers = [http(404, EMPTY)]
    assert isinstance(asked("appointment_save"), NothingToDo)


@pytest.mark.parametrize("name", ["appointment_save", "appointment_delete"])
def test_a_404_with_a_page_means_a_wrong_address_and_cancels_nobody(easyappointments: Loopback, name: str) -> None:
    easyappointments.answers = [http(404, b"<html>not found</html>")]
    with pytest.raises(RefusedError) as caught:
        asked(name)
    assert "EASYAPPOINTMENTS_URL" in caught.value.next_step
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("Booked", BookingCreated),
        ("Confirmed", BookingCreated),
        ("", BookingCreated),
        ("Cancelled", BookingCancelled),
        ("canceled", BookingCancelled),
        ("No-show", NoShowReported),
        ("no show", NoShowReported),
        ("Draft", NothingToDo),
    ],
)
def test_the_usual_words_for_a_status_are_understood(
    easyappointments: Loopback, status: str, kind: type[object]
) -> None:
    easyappointments.answers = [http(200, visit(status=status))]
    assert isinstance(asked("appointment_save"), kind)


@pytest.mark.parametrize("change", [{"meetingLink": "https://meet.example/1"}, {"location": "https://meet.example/1"}])
def test_a_video_visit_is_by_the_persons_own_clocks(easyappointments: Loopback, change: dict[str, str]) -> None:
    easyappointments.answers = [http(200, visit(**change))]
    news = asked("appointment_save")
    assert isinstance(news, BookingCreated)
    assert (news.booking.at_business, news.booking.timezone) == (False, "Europe/Lisbon")
    assert not news.booking.location.startswith("http")


@pytest.mark.parametrize(
    "change",
    [
        {"start": None},
        {"start": "tomorrow"},
        {"id": None},
        {"id": "x"},
        {"provider": None},
        {"provider": {"timezone": "Mars/Olympus"}},
    ],
)
def test_a_visit_without_number_time_or_zone_makes_no_sense(easyappointments: Loopback, change: dict[str, Any]) -> None:
    easyappointments.answers = [http(200, visit(**change))]
    with pytest.raises(MalformedError):
        asked("appointment_save")


@pytest.mark.parametrize("number", [None, "", 0, -1, "../users", True, "9" * 30, 3.5])
def test_only_a_number_is_ever_asked_for(number: object) -> None:
    body = json.dumps({"action": "appointment_save", "payload": {"id": number}}).encode()
    with pytest.raises(MalformedError):
        parse(body)
    with pytest.raises(MalformedError):
        ADAPTERS[NAME].complete(stored(body))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http(401, b"You are not authorized to use the API."), RefusedError),
        (http(429, {}, headers={"Retry-After": "7"}), RateLimitedError),
        (http(500, {"success": False}), UnavailableError),
        (http(200, b"<html>"), UnavailableError),
    ],
)
def test_an_answer_that_is_none_is_told_as_what_it_is(
    easyappointments: Loopback, answer: Any, error: type[Exception]
) -> None:
    easyappointments.answers = [answer]
    with pytest.raises(error):
        asked("appointment_save")
    with pytest.raises(error):
        ADAPTERS[NAME].list_page(WINDOW, "")


def test_without_address_or_token_nothing_is_asked(easyappointments: Loopback) -> None:
    for missing in ({"EASYAPPOINTMENTS_API_TOKEN": ""}, {"PROVIDER_BASE_URLS": {NAME: ""}}):
        with override_settings(**missing), pytest.raises(RefusedError) as caught:
            asked("appointment_save")
        assert "EASYAPPOINTMENTS_URL" in caught.value.next_step
    assert easyappointments.requests == []
