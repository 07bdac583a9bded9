"""From a stored delivery to what it does: applied once, looked up first, or given to a person."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from appointments.inbound import Inbound
from appointments.models import Appointment, BookingRef, Business
from aro import clock
from aro.errors import ServiceUnavailableError
from aro.models import DeadLetter, Due
from aro.queue import due, tick
from integrations.inbound import receipts
from integrations.models import ProviderState, Receipt
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Adapter, Stored
from tests.factories import BusinessFactory
from tests.integrations import signers
from tests.integrations.contract import fixture
from tests.integrations.loopback import Loopback, http
from tests.integrations.providers.test_calendly import FIRST, SECOND

SECRET = "sandbox-calendly-signing-key"


def deliver(client: Client, body: bytes) -> None:
    headers = signers.calendly(body, secret=SECRET, at=clock.now().timestamp())
    answer = client.generic("POST", "/webhooks/calendly", body, "application/json", headers=headers)
    assert answer.status_code == 200


def upcoming(name: str, **payload: Any) -> bytes:
    """The fixture with its visit a few days from now."""
    data = json.loads(fixture("calendly", name))
    data["payload"] |= payload
    if "scheduled_event" in data["payload"]:
        data["payload"]["scheduled_event"] |= visit_times()
    return json.dumps(data).encode()


def visit_times() -> dict[str, str]:
    start = clock.now() + timedelta(days=5)
    return {"start_time": start.isoformat(), "end_time": (start + timedelta(minutes=45)).isoformat()}


def work() -> None:
    tick.drain(["receipts", "lookups"])


def make_due_again() -> None:
    """As if the back-off were over."""
    Due.objects.filter(lane__in=["receipts", "lookups"]).update(due_at=clock.now())


def test_a_booking_becomes_an_appointment_and_the_receipt_says_so(client: Client, business: Business) -> None:
    deliver(client, upcoming("invitee.created"))
    work()
    visit = Appointment.objects.get(source="calendly", external_id=FIRST)
    assert (visit.customer.phone, visit.customer.timezone) == ("+34612345678", "Europe/Madrid")
    receipt = Receipt.objects.get()
    assert (receipt.outcome, receipt.detail) == ("applied", "booked")
    assert receipt.processed_at is not None
    assert not Due.objects.filter(lane="receipts").exists()


def test_who_comes_from_another_zone_comes_by_the_businesss_clocks(client: Client, business: Business) -> None:
    deliver(client, upcoming("invitee.created"))
    work()
    assert Appointment.objects.get().timezone == business.timezone == "America/New_York"
    deliver(client, upcoming("invitee.canceled.rescheduled"))
    deliver(client, upcoming("invitee.created.rescheduled"))
    work()
    assert Appointment.objects.get().timezone == "America/New_York"


def test_who_is_called_is_called_by_their_own_clocks(client: Client, business: Business) -> None:
    deliver(client, upcoming("invitee.created.outbound_call"))
    work()
    visit = Appointment.objects.get()
    assert visit.timezone == visit.customer.timezone == "Europe/Madrid"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_move_is_one_visit_in_whichever_order_its_halves_come(
    client: Client, business: Business, order: tuple[int, int]
) -> None:
    deliver(client, upcoming("invitee.created"))
    work()
    halves = [upcoming("invitee.canceled.rescheduled"), upcoming("invitee.created.rescheduled")]
    for number in order:
        deliver(client, halves[number])
        work()
    visit = Appointment.objects.get()
    assert (visit.external_id, visit.status) == (SECOND, Appointment.Status.BOOKED)
    assert BookingRef.objects.filter(appointment=visit).count() == 2


def test_a_cancellation_before_its_booking_wins_over_it(client: Client, business: Business) -> None:
    deliver(client, upcoming("invitee.canceled"))
    deliver(client, upcoming("invitee.created"))
    work()
    assert Appointment.objects.get().status == Appointment.Status.CANCELLED


def test_a_signed_delivery_that_makes_no_sense_goes_to_a_person_at_once(client: Client, business: Business) -> None:
    deliver(client, b'{"event": "invitee.created", "payload": {"uri": "x", "email": "rosa@patients.example"}}')
    work()
    letter = DeadLetter.objects.get()
    assert (letter.lane, letter.error_code, letter.attempts) == ("receipts", "malformed", 1)
    assert "rosa" not in letter.error_message + letter.stack
    assert Receipt.objects.get().outcome == Receipt.Outcome.FAILED


def test_one_delivery_that_makes_no_sense_does_not_hold_up_the_others(client: Client, business: Business) -> None:
    deliver(client, b'{"event": "invitee.created", "payload": {}}')
    deliver(client, upcoming("invitee.created"))
    work()
    assert Appointment.objects.count() == 1
    assert DeadLetter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_booking_without_its_event_is_looked_up_and_then_applied(
    client: Client, business: Business, loopback: Loopback
) -> None:
    found = json.loads(fixture("calendly", "invitee.created"))["payload"]["scheduled_event"] | visit_times()
    loopback.answers = [http(200, {"resource": found})]
    with calendly_at(loopback):
        deliver(client, fixture("calendly", "invitee.created.without_event"))
        assert loopback.requests == []  # nothing is asked while the provider waits for its answer
        work()
    assert Appointment.objects.get().external_id == FIRST
    assert loopback.requests[0].startswith(b"GET /scheduled_events/5b2f8f0e-3c58-4a3e-9d6e-7f1c2a4b6d80 ")
    assert b"Authorization: Bearer sandbox-calendly-token" in loopback.requests[0]
    assert not Due.objects.filter(lane__in=["receipts", "lookups"]).exists()


@pytest.mark.django_db(transaction=True)
def test_a_lookup_that_fails_is_tried_again_and_nothing_is_lost(
    client: Client, business: Business, loopback: Loopback
) -> None:
    found = json.loads(fixture("calendly", "invitee.created"))["payload"]["scheduled_event"] | visit_times()
    loopback.answers = [http(500, b"<html>"), http(200, {"resource": found})]
    with calendly_at(loopback):
        deliver(client, fixture("calendly", "invitee.created.without_event"))
        work()
        assert Receipt.objects.get().outcome == Receipt.Outcome.PENDING
        ProviderState.objects.update(breaker="closed", tokens=5)
        make_due_again()
        work()
    assert Appointment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_lookup_told_to_slow_down_waits_that_long(client: Client, business: Business, loopback: Loopback) -> None:
    loopback.answers = [http(429, {}, headers={"X-RateLimit-Reset": "41"})]
    with calendly_at(loopback):
        deliver(client, fixture("calendly", "invitee.created.without_event"))
        work()
    wait = Due.objects.get(lane="lookups").due_at - clock.now()
    assert timedelta(seconds=35) < wait <= timedelta(seconds=41)


@pytest.mark.django_db(transaction=True)
def test_a_visit_that_calendly_does_not_know_goes_to_a_person(
    client: Client, business: Business, loopback: Loopback
) -> None:
    loopback.answers = [http(404, {"title": "Resource Not Found"})]
    with calendly_at(loopback):
        deliver(client, fixture("calendly", "invitee.created.without_event"))
        work()
    assert DeadLetter.objects.get().error_code == "calendly_404"
    assert Receipt.objects.get().outcome == Receipt.Outcome.FAILED


def test_a_reply_that_could_not_be_applied_at_once_is_applied_by_its_lane(client: Client, db: None) -> None:
    said = {"AccountSid": "AC" + "a" * 32, "MessageSid": "SM" + "7" * 32, "From": "+12125550177", "Body": "STOP"}
    body = urlencode(said).encode()
    headers = signers.twilio(body, secret="sandbox-twilio-auth-token", url=public("/webhooks/twilio/sms"))
    client.generic("POST", "/webhooks/twilio/sms", body, "application/x-www-form-urlencoded", headers=headers)
    assert Receipt.objects.get().outcome == Receipt.Outcome.PENDING
    Business.objects.create(name="Harbour Clinic")
    make_due_again()
    work()
    assert Receipt.objects.get().outcome == Receipt.Outcome.APPLIED


def calendly_at(server: Loopback) -> override_settings:
    return override_settings(PROVIDER_BASE_URLS={"calendly": server.url, "twilio": "", "stripe": "", "llm": ""})


def public(path: str) -> str:
    return str(settings.PUBLIC_BASE_URL) + path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [False, True], ids=["by its lane", "before the answer"])
def test_no_body_is_read_while_a_transaction_waits(
    client: Client, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite a transaction is the one writer's: while a large body is read in it, every other delivery waits."""
    BusinessFactory.create()
    adapter = ADAPTERS["calendly"]
    monkeypatch.setattr(type(adapter), "at_once", at_once)
    read, seen = type(adapter).parse, []

    def parse(self: Adapter, what: Stored) -> list[Inbound]:
        seen.append(connection.in_atomic_block)
        return read(self, what)

    monkeypatch.setattr(type(adapter), "parse", parse)
    deliver(client, upcoming("invitee.created"))
    work()
    assert seen == [False]
    assert Receipt.objects.get().outcome == "applied"


def test_a_batch_asks_once_for_what_all_of_its_deliveries_need(client: Client, business: Business) -> None:
    for n in range(3):
        deliver(client, upcoming("invitee.created", uri=f"https://api.calendly.com/scheduled_events/E/invitees/{n}"))
    claims = due.claim(receipts.LANE, now=clock.now(), limit=10)
    with CaptureQueriesContext(connection) as asked:
        work = receipts.ahead(claims)
    assert sum("appointments_business" in query["sql"] for query in asked) == 1
    with transaction.atomic():
        work(claims, clock.now())
    assert Appointment.objects.count() == 3


def test_where_no_business_is_set_up_each_delivery_says_so_by_itself(client: Client, db: None) -> None:
    for n in range(2):
        deliver(client, upcoming("invitee.created", uri=f"https://api.calendly.com/scheduled_events/E/invitees/{n}"))
    claims = due.claim(receipts.LANE, now=clock.now(), limit=10)
    with pytest.raises(ServiceUnavailableError), transaction.atomic():
        receipts.ahead(claims)(claims, clock.now())
    assert Due.objects.filter(lane=receipts.LANE).count() == 2
