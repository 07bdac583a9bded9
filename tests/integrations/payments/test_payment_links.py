"""Payment links from intent to provider: made once whatever is lost, switched off, compared from time to time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.db.models import F

from appointments.models import Deposit, Escalation
from appointments.services.money import deposits
from appointments.services.visit import visits
from aro import clock
from aro.models import Due
from aro.queue import tick
from compliance.models import Actor
from integrations.models import ProviderState
from integrations.outbound import payment_links as executions
from integrations.outbound.executor import PERMITTED
from integrations.providers import chosen
from integrations.providers.shared import transport
from integrations.providers.shared.base import OutcomeUnknownError
from integrations.providers.stripe import sdk
from integrations.providers.stripe.webhook import DEPOSIT_KEY
from tests.factories import AppointmentFactory, BusinessFactory
from tests.integrations.loopback import Answer, Loopback, hang_up, http
from workflows.engine import effects
from workflows.models import Execution

pytestmark = pytest.mark.django_db
D, Ex = Deposit.Status, Execution.Status
NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)
MADE = {"id": "plink_1", "object": "payment_link", "url": "https://buy.stripe.com/1", "active": True}
EMPTY: dict[str, Any] = {"object": "list", "data": [], "has_more": False}


@pytest.fixture
def at(settings: Any) -> Iterator[time_machine.Traveller]:
    settings.PROVIDER_RATE_LIMITS = False
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def deposit(at: time_machine.Traveller) -> Deposit:
    """Asked for, its link not made."""
    ProviderState.objects.create(name="stripe", domain="payment", breaker="closed")
    found = deposits.ask(AppointmentFactory.create(), BusinessFactory.create())
    assert found is not None
    Due.objects.all().delete()
    return found


def intend(deposit: Deposit) -> Execution:
    visit = deposit.appointment
    intent = effects.request(key="test", command_type=executions.MAKE_LINK, appointment=visit, now=clock.now())
    assert intent is not None
    return intent


def work(*lanes: str) -> None:
    tick.drain(list(lanes or ["executions"]))


def now_or_later(at: time_machine.Traveller, **passed: float) -> None:
    """The time goes on; the tries that were postponed are due."""
    at.shift(timedelta(**passed))
    Due.objects.update(lease=None)
    work()


def keys(stripe: Loopback) -> list[str]:
    """The idempotency keys of the links asked for."""
    heads = [request.decode().lower() for request in stripe.requests if request.startswith(b"POST")]
    lines = [line for head in heads for line in head.splitlines() if line.startswith("idempotency-key:")]
    return [line.partition(": ")[2] for line in lines]


def state(deposit: Deposit) -> tuple[str, str]:
    deposit.refresh_from_db()
    return deposit.status, deposit.link_id


def cases() -> set[str]:
    return set(Escalation.objects.values_list("reason", flat=True))


def test_both_ways_to_touch_a_link_are_on_the_list_of_what_is_permitted() -> None:
    assert {executions.MAKE_LINK, executions.SWITCH_OFF} <= PERMITTED.keys()
    assert not [name for name in PERMITTED if "charge" in name or "refund" in name]


@pytest.mark.parametrize("lost", [hang_up, http(500, {"error": {"type": "api_error"}}), http(200, b"{")])
def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key(
    deposit: Deposit, stripe: Loopback, at: time_machine.Traveller, lost: Answer
) -> None:
    execution = intend(deposit)
    stripe.answers = [lost, http(200, MADE)]
    work()
    execution.refresh_from_db()
    assert execution.status == Ex.UNKNOWN
    now_or_later(at, seconds=10)
    assert state(deposit) == (D.OPEN, "plink_1")
    assert len(keys(stripe)) == 2
    assert len(set(keys(stripe))) == 1


def test_a_first_request_that_is_still_under_way_is_waited_for(
    deposit: Deposit, stripe: Loopback, at: time_machine.Traveller
) -> None:
    intend(deposit)
    busy = {"error": {"type": "idempotency_error", "code": "idempotency_key_in_use"}}
    stripe.answers = [http(409, busy), http(200, MADE)]
    work()
    now_or_later(at, seconds=10)
    assert state(deposit) == (D.OPEN, "plink_1")


def died_while_waiting(deposit: Deposit) -> Execution:
    """What a worker leaves behind that is killed between the call and the record of it."""
    execution = intend(deposit)
    execution.status, execution.attempt, execution.handed_over_at = Ex.SENDING, 1, clock.now()
    execution.payload = {"deposit_id": str(deposit.id)}
    execution.save()
    return execution


def test_who_finds_a_dead_workers_call_asks_with_the_same_key(deposit: Deposit, stripe: Loopback) -> None:
    died_while_waiting(deposit)
    stripe.answers = [http(200, MADE)]
    work()
    assert state(deposit) == (D.OPEN, "plink_1")
    assert keys(stripe) == [f"deposit-{deposit.id}-0"]


def test_a_key_that_may_be_spoilt_or_forgotten_is_replaced_only_after_looking_for_the_link(
    deposit: Deposit, stripe: Loopback, at: time_machine.Traveller
) -> None:
    died_while_waiting(deposit)
    at.shift(timedelta(days=2))
    listed = [{**MADE, "created": int(NOON.timestamp()), "metadata": {DEPOSIT_KEY: str(deposit.id)}}]
    stripe.answers = [http(200, {**EMPTY, "data": listed})]
    work()
    assert state(deposit) == (D.OPEN, "plink_1")
    assert not keys(stripe), "nothing more was made"


def test_a_link_that_is_not_there_is_made_under_a_new_key(
    deposit: Deposit, stripe: Loopback, at: time_machine.Traveller
) -> None:
    died_while_waiting(deposit)
    at.shift(timedelta(minutes=25))
    other = [{**MADE, "id": "plink_9", "created": 0, "metadata": {DEPOSIT_KEY: "another"}}]
    stripe.answers = [http(200, {**EMPTY, "data": other}), http(200, MADE)]
    work()
    assert state(deposit) == (D.OPEN, "plink_1")
    assert keys(stripe) == [f"deposit-{deposit.id}-2"]


def test_who_lost_the_execution_while_looking_for_the_link_makes_none(
    deposit: Deposit, stripe: Loopback, at: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many slow pages outlast a lease. Another worker looks, too, finds nothing either, and may use another key."""
    died_while_waiting(deposit)
    at.shift(timedelta(minutes=25))
    look = chosen.payments().find_link

    def outlasts(**asked: Any) -> Any:
        found = look(**asked)
        Due.objects.update(fence=F("fence") + 1)
        return found

    monkeypatch.setattr(chosen.payments(), "find_link", outlasts)
    stripe.answers = [http(200, EMPTY), http(200, MADE)]
    work()
    assert not keys(stripe)
    assert state(deposit) == (D.REQUESTED, "")


def test_a_look_up_has_a_lease_that_it_cannot_outlast(
    deposit: Deposit, stripe: Loopback, at: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases: list[float] = []
    look = chosen.payments().find_link

    def looked(**asked: Any) -> Any:
        leases.append((Due.objects.get(lane="executions").lease - clock.now()).total_seconds())  # type: ignore[operator]
        return look(**asked)

    died_while_waiting(deposit)
    at.shift(timedelta(minutes=25))
    monkeypatch.setattr(chosen.payments(), "find_link", looked)
    stripe.answers = [http(200, EMPTY), http(200, MADE)]
    work()
    most = chosen.payments().longest_look_up_seconds + transport.DEADLINE_SECONDS
    assert [lease > most for lease in leases] == [True]


def test_looking_through_links_ends_in_time(stripe: Loopback, at: time_machine.Traveller) -> None:
    full = [{**MADE, "id": f"plink_{n}", "created": int(NOON.timestamp()), "metadata": {}} for n in range(100)]
    stripe.answers = [http(200, {**EMPTY, "data": full, "has_more": True})]
    with pytest.raises(OutcomeUnknownError, match="too long"):
        sdk.find(metadata={DEPOSIT_KEY: "1"}, made_since=NOON - timedelta(days=1), seconds=0)
    assert len(stripe.requests) <= 1


def test_a_link_whose_making_is_in_doubt_is_learned_and_switched_off_when_the_visit_is_cancelled(
    deposit: Deposit, stripe: Loopback
) -> None:
    died_while_waiting(deposit)
    visits.cancel(deposit.appointment, actor=Actor.ADMIN)
    stripe.answers = [http(200, MADE), http(200, EMPTY), http(200, MADE | {"active": False})]
    work("executions", "payments")
    assert state(deposit) == (D.CLOSED, "plink_1")
    assert dict(parse_qsl(stripe.form().decode())) == {"active": "false"}


def test_no_link_is_made_for_a_visit_that_was_cancelled_before(deposit: Deposit, stripe: Loopback) -> None:
    execution = intend(deposit)
    visits.cancel(deposit.appointment, actor=Actor.ADMIN)
    work()
    execution.refresh_from_db()
    assert (execution.status, execution.error_code, stripe.requests) == (Ex.FAILED, "not_wanted", [])


def test_an_intent_for_an_earlier_deposit_makes_no_link_for_a_later_one(
    deposit: Deposit, stripe: Loopback, at: time_machine.Traveller
) -> None:
    execution = intend(deposit)
    at.shift(timedelta(seconds=1))
    visit = deposit.appointment
    visits.move(visit, visit.starts_at + timedelta(days=1), actor=Actor.ADMIN)
    work()
    execution.refresh_from_db()
    assert (execution.error_code, stripe.requests) == ("not_wanted", [])


def test_a_key_that_stripe_does_not_accept_is_told_once_and_tried_until_it_is_mended(
    deposit: Deposit, stripe: Loopback, at: time_machine.Traveller
) -> None:
    intend(deposit)
    stripe.answers = [http(401, {"error": {"type": "invalid_request_error", "message": "sk_test_secret"}})]
    work()
    for _ in range(4):
        now_or_later(at, minutes=6)
    case = Escalation.objects.get()
    assert (case.reason, "STRIPE_SECRET_KEY" in case.next_step) == ("provider_refused", True)
    stripe.answers = [http(200, EMPTY), http(200, MADE)]
    now_or_later(at, minutes=6)
    assert state(deposit)[0] == D.OPEN


def test_a_link_that_stripe_will_never_make_goes_to_a_person(deposit: Deposit, stripe: Loopback) -> None:
    execution = intend(deposit)
    stripe.answers = [http(400, {"error": {"type": "invalid_request_error", "code": "amount_too_small"}})]
    work()
    execution.refresh_from_db()
    assert (execution.status, execution.error_code) == (Ex.FAILED, "amount_too_small")
    assert cases() == {"deposit_link_failed"}


@pytest.fixture
def closed(deposit: Deposit) -> Deposit:
    """Its link was made, then the visit was cancelled."""
    deposits.link_made(deposit, link_id="plink_1", url=MADE["url"])  # type: ignore[arg-type]
    visits.cancel(deposit.appointment, actor=Actor.ADMIN)
    Due.objects.exclude(lane="payments").delete()
    return deposit


def switched_off(stripe: Loopback) -> int:
    return sum(request.startswith(b"POST /stripe/v1/payment_links/plink_1 ") for request in stripe.requests)


def test_a_link_nobody_wants_is_switched_off_once_by_an_execution_of_its_own(
    closed: Deposit, stripe: Loopback, at: time_machine.Traveller
) -> None:
    stripe.answers = [http(200, EMPTY), http(200, MADE | {"active": False}), http(200, EMPTY)]
    work("payments", "executions")
    execution = Execution.objects.get()
    assert (execution.command_type, execution.status) == (executions.SWITCH_OFF, Ex.DONE)
    at.shift(timedelta(hours=30))
    work("payments", "executions")
    assert switched_off(stripe) == 1


def test_switching_off_is_tried_until_it_works(closed: Deposit, stripe: Loopback, at: time_machine.Traveller) -> None:
    stripe.answers = [http(200, EMPTY), hang_up, http(503, b""), http(200, MADE | {"active": False})]
    work("payments", "executions")
    for _ in range(3):
        now_or_later(at, minutes=2)
    assert Execution.objects.get().status == Ex.DONE
    assert switched_off(stripe) == 3


def test_a_link_that_cannot_be_switched_off_in_a_day_is_for_a_person(
    closed: Deposit, stripe: Loopback, at: time_machine.Traveller
) -> None:
    stripe.answers = [http(200, EMPTY), hang_up]
    work("payments", "executions")
    now_or_later(at, hours=25)
    assert Execution.objects.get().status == Ex.FAILED
    assert "deposit_link_on" in cases()


def test_a_link_that_stripe_does_not_know_needs_no_switching_off(closed: Deposit, stripe: Loopback) -> None:
    missing = http(404, {"error": {"type": "invalid_request_error", "code": "resource_missing"}})
    stripe.answers = [http(200, EMPTY), missing]
    work("payments", "executions")
    assert Execution.objects.get().status == Ex.DONE
    assert not cases()
