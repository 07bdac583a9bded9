"""The border against the sandbox's providers: another process that signs and speaks as they do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from appointments.models import Business
from aro import clock
from aro.ops.unused_ports import unused_port
from aro.project import ROOT
from integrations.models import Receipt
from integrations.providers.shared.base import OutcomeUnknownError, RateLimitedError, RefusedError
from integrations.providers.stripe import api as stripe_api
from integrations.providers.twilio import api as twilio_api

PHONE = "+12125550142"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def sandbox(live_server: LiveServer, tmp_path: Path) -> Iterator[str]:
    """Its address; ARO's web is the live server, and ARO calls this sandbox."""
    url = f"http://127.0.0.1:{unused_port()}"
    web = f"http://127.0.0.1:{live_server.url.rpartition(':')[2]}"
    environment = os.environ | {
        "ARO_HOME": str(tmp_path),
        "PORT": web.rpartition(":")[2],
        "SANDBOX_PORT": url.rpartition(":")[2],
        "PUBLIC_BASE_URL": web,
    }
    process = subprocess.Popen([sys.executable, "-m", "integrations.sandbox"], cwd=ROOT, env=environment)
    bases = {"twilio": f"{url}/twilio", "stripe": f"{url}/stripe", "calendly": f"{url}/calendly", "llm": ""}
    try:
        wait_until(lambda: answers(url))
        with override_settings(PROVIDER_BASE_URLS=bases, PUBLIC_BASE_URL=web):
            yield url
    finally:
        process.terminate()
        process.wait(30)


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/clock", timeout=2).ok
    except (requests.ConnectionError, requests.Timeout):
        return False


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def ask(method: str, url: str, body: dict[str, Any] | None = None) -> Any:
    answer = requests.request(method, url, json=body, timeout=20)
    assert answer.ok, answer.text
    return answer.json()


def book(sandbox: str) -> str:
    starts_at = (clock.now() + timedelta(days=4)).isoformat()
    wanted = {"provider": "calendly", "name": "Rosa Testperson", "phone": PHONE, "service": "Check-up"}
    return str(ask("POST", f"{sandbox}/book", {**wanted, "starts_at": starts_at})["booking_id"])


def received(source: str) -> list[Receipt]:
    return list(Receipt.objects.filter(source=source))


def send(execution_id: UUID | None = None) -> str:
    text = {"to": PHONE, "body": "See you soon.", "channel": "sms", "validity_seconds": 600}
    return twilio_api.send(execution_id=execution_id or uuid4(), **text).provider_id  # type: ignore[arg-type]


def fault(sandbox: str, **kind: Any) -> None:
    ask("POST", f"{sandbox}/faults", {"provider": "twilio", "rate": 1, **kind})


def test_a_booking_and_its_move_arrive_signed_and_are_understood(sandbox: str, business: Business) -> None:
    booking = book(sandbox)
    moved = {"provider": "calendly", "booking_id": booking, "starts_at": (clock.now() + timedelta(days=6)).isoformat()}
    ask("POST", f"{sandbox}/reschedule", moved)
    wait_until(lambda: len(received("calendly")) == 3)
    assert all(booking in bytes(receipt.body).decode() for receipt in received("calendly"))


def test_a_text_is_handed_over_and_its_states_come_back_signed(sandbox: str, business: Business) -> None:
    execution = uuid4()
    sid = send(execution)
    wait_until(lambda: any("delivered" in receipt.delivery_key for receipt in received("twilio_status")))
    assert {receipt.path_ref for receipt in received("twilio_status")} == {str(execution)}
    (listed,) = ask("GET", f"{sandbox}/messages?to=%2B12125550142")["messages"]
    assert (listed["sid"], listed["execution_id"]) == (sid, str(execution))


def test_a_reply_arrives_signed_and_is_applied_at_once(sandbox: str, business: Business) -> None:
    ask("POST", f"{sandbox}/reply", {"from": PHONE, "body": "STOP"})
    wait_until(lambda: len(received("twilio_sms")) == 1)
    assert received("twilio_sms")[0].outcome == Receipt.Outcome.APPLIED


def test_a_text_to_somebody_who_said_stop_is_refused_with_its_meaning(sandbox: str, business: Business) -> None:
    ask("POST", f"{sandbox}/reply", {"from": PHONE, "body": "STOP"})
    with pytest.raises(RefusedError) as caught:
        send()
    assert (caught.value.code, caught.value.effect) == ("21610", "suppress")


def test_a_text_whose_answer_was_lost_is_found_and_is_there_once(sandbox: str, business: Business) -> None:
    before = clock.now()
    fault(sandbox, kind="timeout_after_accept", count=1, seconds=0)
    with pytest.raises(OutcomeUnknownError):
        send()
    found = twilio_api.find(to=PHONE, body="See you soon.", channel="sms", since=before)
    assert found is not None
    (listed,) = ask("GET", f"{sandbox}/messages?to=%2B12125550142")["messages"]
    assert found.provider_id == listed["sid"]
    known = {found.provider_id}
    assert twilio_api.find(to=PHONE, body="See you soon.", channel="sms", since=before, known=known) is None


@pytest.mark.parametrize(
    ("kind", "error"),
    [("http_500", OutcomeUnknownError), ("http_429", RateLimitedError), ("garbage", OutcomeUnknownError)],
)
def test_a_fault_is_named_as_what_it_is(sandbox: str, business: Business, kind: str, error: type[Exception]) -> None:
    fault(sandbox, kind=kind, count=1)
    with pytest.raises(error):
        send()


def test_a_deposit_link_is_made_once_per_key_and_its_payment_comes_back_signed(
    sandbox: str, business: Business
) -> None:
    wanted = {"deposit_id": uuid4(), "appointment_id": uuid4(), "amount": Decimal("50.00"), "currency": "USD"}
    first = stripe_api.create_deposit_link(**wanted, idempotency_key="deposit-1")  # type: ignore[arg-type]
    again = stripe_api.create_deposit_link(**wanted, idempotency_key="deposit-1")  # type: ignore[arg-type]
    assert first == again
    ask("POST", f"{sandbox}/pay", {"payment_link_id": first.id})
    wait_until(lambda: len(received("stripe")) == 2)
    assert all(str(wanted["deposit_id"]) in bytes(receipt.body).decode() for receipt in received("stripe"))
    stripe_api.deactivate(first.id)


def test_the_account_is_active(sandbox: str, business: Business) -> None:
    assert twilio_api.check_account() == "active"
