"""The lane `payments`: what no webhook told is found by looking, as long as something about a deposit may change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from appointments.models import Deposit
from appointments.services.money import deposits
from aro import clock
from aro.queue import due, tick
from integrations.outbound import payment_checks
from integrations.outbound import payment_links as executions
from integrations.providers.stripe.webhook import DEPOSIT_KEY
from tests.factories import BusinessFactory
from tests.integrations.loopback import Loopback, http
from tests.integrations.payments.test_payment_links import EMPTY, MADE, NOON, D, at, cases, deposit, state, work
from workflows.models import Execution, WorkflowInstance

__all__ = ["at", "deposit"]
pytestmark = pytest.mark.django_db


def session(deposit: Deposit, **more: Any) -> dict[str, Any]:
    intent = {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "latest_charge": charge()}
    return {
        "id": "cs_test_1",
        "object": "checkout.session",
        "livemode": False,
        "status": "complete",
        "payment_status": "paid",
        "amount_total": 5000,
        "currency": "usd",
        "payment_link": "plink_1",
        "payment_intent": intent,
        "metadata": {DEPOSIT_KEY: str(deposit.id)},
        **more,
    }


def charge(**more: Any) -> dict[str, Any]:
    known = {"id": "ch_1", "object": "charge", "amount": 5000, "amount_refunded": 0, "currency": "usd"}
    return {**known, "disputed": False, **more}


def with_charge(**more: Any) -> dict[str, Any]:
    charged = charge(**more)
    return {
        "payment_intent": {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "latest_charge": charged}
    }


BOUNCED = {"payment_intent": {"id": "pi_1", "object": "payment_intent", "status": "requires_payment_method"}}


@pytest.fixture
def look(deposit: Deposit, stripe: Loopback) -> Callable[..., str]:
    """Looks at an open link whose one session is as given; the deposit's status after it."""
    deposits.link_made(deposit, link_id="plink_1", url=MADE["url"])  # type: ignore[arg-type]

    def ask(*sessions: dict[str, Any]) -> str:
        stripe.answers = [http(200, {**EMPTY, "data": [session(deposit, **one) for one in sessions]})]
        due.put("payments", deposit.id, clock.now())
        work("payments")
        return state(deposit)[0]

    return ask


@pytest.mark.parametrize(
    ("sessions", "status", "case"),
    [
        ([], D.OPEN, set()),
        ([{}], D.PAID, set()),
        ([{"status": "open", "payment_status": "unpaid"}], D.OPEN, set()),
        ([{"status": "expired", "payment_status": "unpaid"}], D.OPEN, set()),
        ([{}, {"status": "expired", "payment_status": "unpaid"}], D.PAID, set()),
        ([{"payment_status": "unpaid", "payment_intent": "pi_1"}], D.PROCESSING, set()),
        ([{"payment_status": "unpaid", **BOUNCED}], D.CLOSED, {"deposit_payment_failed"}),
        ([{"payment_intent": "pi_1"}], D.PAID, set()),
        ([with_charge(amount_refunded=2000)], D.PAID, set()),
        ([with_charge(amount_refunded=5000)], D.REFUNDED, set()),
        ([with_charge(disputed=True)], D.DISPUTED, {"deposit_disputed"}),
        ([{"amount_total": 4000}], D.CLOSED, {"deposit_mismatch"}),
        ([{"livemode": True}], D.OPEN, set()),
        ([{"metadata": {}}], D.OPEN, set()),
    ],
)
def test_what_no_webhook_told_is_found_by_looking(
    look: Callable[..., str], sessions: list[dict[str, Any]], status: str, case: set[str]
) -> None:
    assert (look(*sessions), cases()) == (status, case)


def test_looking_again_or_after_the_webhook_changes_nothing(look: Callable[..., str], deposit: Deposit) -> None:
    look({})
    before = Deposit.objects.values().get()
    look({})
    assert Deposit.objects.values().get() == before
    assert Execution.objects.filter(command_type=executions.SWITCH_OFF).count() == 1


def test_a_look_that_fails_is_repeated_and_nothing_is_concluded_from_it(
    look: Callable[..., str], deposit: Deposit, stripe: Loopback, at: time_machine.Traveller
) -> None:
    look()
    stripe.answers = [http(500, b""), http(200, {**EMPTY, "data": [session(deposit)]})]
    at.shift(timedelta(hours=1, seconds=1))
    work("payments")
    assert state(deposit)[0] == D.OPEN
    at.shift(timedelta(minutes=2))
    work("payments")
    assert state(deposit)[0] == D.PAID


@pytest.mark.parametrize(
    ("status", "since", "again"),
    [
        (D.OPEN, timedelta(0), timedelta(hours=1)),
        (D.OPEN, timedelta(days=3), timedelta(hours=6)),
        (D.OPEN, timedelta(days=6), None),
        (D.CLOSED, timedelta(0), timedelta(hours=6)),
        (D.CLOSED, timedelta(hours=24), timedelta(hours=1)),
        (D.CLOSED, timedelta(hours=26), None),
        (D.PAID, timedelta(days=1), timedelta(days=1)),
        (D.PAID, timedelta(days=61), None),
        (D.REFUNDED, timedelta(0), None),
        (D.DISPUTED, timedelta(0), None),
    ],
)
def test_each_deposit_is_looked_at_as_long_as_something_may_change(
    deposit: Deposit, status: str, since: timedelta, again: timedelta | None
) -> None:
    now = NOON + since
    deposit.status, deposit.closed_at, deposit.paid_at = status, NOON, NOON
    found = payment_checks.next_look(deposit, now)
    assert (found - now if found else None) == again


def test_a_second_deposit_for_the_same_time_gets_a_run_of_its_own(deposit: Deposit, at: time_machine.Traveller) -> None:
    tick.drain(["events"])
    deposits.close(deposit)
    at.shift(timedelta(minutes=1))
    WorkflowInstance.objects.update(status=WorkflowInstance.Status.COMPLETED)
    again = deposits.ask(deposit.appointment, BusinessFactory.create())
    assert again is not None
    at.shift(timedelta(minutes=1))
    work("events", "payments", "timers")
    run = WorkflowInstance.objects.get(status=WorkflowInstance.Status.WAITING)
    assert run.definition == "deposit-request"
    assert Execution.objects.filter(instance=run, command_type=executions.MAKE_LINK).exists()
    at.shift(timedelta(minutes=5))
    work("payments")
    assert WorkflowInstance.objects.filter(definition="deposit-request").count() == 1


def test_a_run_that_the_look_has_begun_is_not_begun_again_by_its_late_event(
    deposit: Deposit, at: time_machine.Traveller
) -> None:
    deposits.close(deposit)
    assert deposits.ask(deposit.appointment, BusinessFactory.create()) is not None
    at.shift(timedelta(hours=1, minutes=5))
    for lane in ("payments", "events", "timers", "payments"):
        work(lane)
    runs = WorkflowInstance.objects.filter(definition="deposit-request")
    assert [run.status for run in runs] == [WorkflowInstance.Status.WAITING]
