"""A payment link whose maker dies, or never hears the answer: the sandbox's Stripe has made one link in the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from appointments.models import Deposit
from appointments.services.money import deposits
from aro import clock
from aro.models import Due
from aro.project import ROOT
from aro.queue import tick
from integrations.models import ProviderState
from integrations.outbound import payment_links as executions
from tests.factories import AppointmentFactory, BusinessFactory
from tests.integrations.carriers.test_with_sandbox import ask, sandbox, wait_until
from workflows.engine import effects
from workflows.models import Execution

__all__ = ["sandbox"]
RATE_SECONDS = 0.1
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def execution() -> Execution:
    """A link that is to be made, by a provider that worked so far: of an unknown one a single call is tried first."""
    ProviderState.objects.create(name="stripe", domain="payment", breaker="closed")
    deposit = deposits.ask(AppointmentFactory.create(), BusinessFactory.create())
    assert deposit is not None
    visit = deposit.appointment
    intent = effects.request(key="test", command_type=executions.MAKE_LINK, appointment=visit, now=clock.now())
    assert intent is not None
    return intent


def stripe_trouble(sandbox: str, kind: str, **more: Any) -> None:
    ask("POST", f"{sandbox}/faults", {"provider": "stripe", "kind": kind, "rate": 1, **more})


def made(sandbox: str) -> list[str]:
    return [link["id"] for link in ask("GET", f"{sandbox}/payment-links")["payment_links"]]


def keys(sandbox: str) -> list[str]:
    calls = ask("GET", f"{sandbox}/requests?provider=stripe")["requests"]
    return [call["headers"]["Idempotency-Key"] for call in calls if call["path"] == "/stripe/v1/payment_links"]


def as_the_next_worker() -> None:
    """As if the lease and the pause were over; the provider's rate is in real time, a call in ten milliseconds."""
    time.sleep(RATE_SECONDS)
    Due.objects.filter(lane="executions").update(lease=None, due_at=clock.now())
    tick.drain(["executions"])


def is_open_by(sandbox: str) -> bool:
    """The deposit is open by the one link that was made, asked for with one key all the time."""
    deposit = Deposit.objects.get()
    assert len(set(keys(sandbox))) == 1
    return (deposit.status, [deposit.link_id]) == (Deposit.Status.OPEN, made(sandbox))


def worker(sandbox: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DATABASE_URL": _database(), "SANDBOX_PORT": str(urlsplit(sandbox).port)}
    command = [sys.executable, "-m", "tests.integrations.executing", "executions"]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _database() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def test_a_worker_killed_between_the_call_and_the_record_leaves_one_link(sandbox: str, execution: Execution) -> None:
    stripe_trouble(sandbox, "timeout_after_accept", seconds=60, count=1)
    doomed = worker(sandbox)
    try:
        wait_until(lambda: len(made(sandbox)) == 1, seconds=60)
    finally:
        doomed.kill()
        doomed.wait(10)
    execution.refresh_from_db()
    assert execution.status == Execution.Status.SENDING
    assert Deposit.objects.get().status == Deposit.Status.REQUESTED
    as_the_next_worker()
    assert is_open_by(sandbox)
    assert len(keys(sandbox)) == 2


@pytest.mark.parametrize("kind", ["timeout_after_accept", "http_500", "garbage", "connection_refused"])
def test_an_answer_that_never_came_costs_no_second_link(sandbox: str, execution: Execution, kind: str) -> None:
    stripe_trouble(sandbox, kind, seconds=0, count=2)
    for _ in range(3):
        as_the_next_worker()
    assert is_open_by(sandbox)


def test_the_link_is_switched_off_when_its_visit_ends_while_its_making_is_in_doubt(
    sandbox: str, execution: Execution
) -> None:
    stripe_trouble(sandbox, "timeout_after_accept", seconds=0, count=1)
    as_the_next_worker()
    deposits.close(Deposit.objects.get())
    as_the_next_worker()
    tick.drain(["payments", "executions"])
    (link,) = ask("GET", f"{sandbox}/payment-links")["payment_links"]
    assert link["active"] is False


def test_a_lost_webhook_is_made_up_for_by_looking(sandbox: str, execution: Execution) -> None:
    tick.drain(["executions"])
    stripe_trouble(sandbox, "no_callback", count=1)
    ask("POST", f"{sandbox}/pay", {"payment_link_id": Deposit.objects.get().link_id})
    assert Deposit.objects.get().status == Deposit.Status.OPEN
    Due.objects.filter(lane="payments").update(due_at=clock.now())
    tick.drain(["payments", "executions"])
    assert Deposit.objects.get().status == Deposit.Status.PAID
