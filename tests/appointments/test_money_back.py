"""Refunds that do not arrive, disputes that are decided, warnings: in any order and twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from itertools import permutations
from typing import Any

import pytest
from django.apps import apps

from appointments.models import Business, Deposit, Escalation, MoneyBack
from appointments.services.money import deposits, payment_reports
from aro import clock
from aro.ids import new_id
from aro.models import Due
from compliance.models import Event
from tests.appointments.test_payment_reports import cases, happened, news, opened, report
from tests.factories import AppointmentFactory, BusinessFactory

pytestmark = pytest.mark.django_db
D = Deposit.Status
START = timedelta(hours=3)
Told = tuple[str, int, dict[str, Any]]
PAID: Told = ("paid", 0, {})
REFUNDED: Told = ("refunded", 10, {})
FAILED: Told = ("refund_failed", 20, {"ref": "re_1"})
DISPUTED: Told = ("disputed", 10, {"ref": "dp_1"})
ASKED: Told = ("asked", 5, {"ref": "dp_1"})
WON: Told = ("dispute_won", 30, {"ref": "dp_1"})
LOST: Told = ("dispute_lost", 30, {"ref": "dp_1"})


@pytest.fixture
def business() -> Business:
    return BusinessFactory.create()


@pytest.fixture
def deposit(business: Business) -> Deposit:
    return opened(business, AppointmentFactory.create())


def tell(deposit: Deposit, order: Sequence[Told]) -> None:
    """Each with its own time, in this order."""
    for outcome, minutes, more in order:
        at = clock.now() - START + timedelta(minutes=minutes)
        payment_reports.report(news(deposit, outcome, occurred_at=at, **more), correlation_id=new_id())
    deposit.refresh_from_db()
    deposit.appointment.refresh_from_db()


@pytest.mark.parametrize(
    ("story", "state", "refunded", "told"),
    [
        ([PAID, REFUNDED, FAILED], D.PAID, "0", {"deposit_refund_failed"}),
        ([PAID, DISPUTED, WON], D.PAID, "0", {"deposit_disputed", "deposit_dispute_won"}),
        ([PAID, DISPUTED, LOST], D.LOST, "0", {"deposit_disputed", "deposit_dispute_lost"}),
        ([PAID, REFUNDED, DISPUTED, WON], D.REFUNDED, "50", {"deposit_disputed", "deposit_dispute_won"}),
        ([PAID, ASKED, DISPUTED, LOST], D.LOST, "0", {"deposit_disputed", "deposit_dispute_lost"}),
    ],
)
def test_money_that_comes_back_leads_to_one_state_in_any_order_and_twice(
    business: Business, story: list[Told], state: str, refunded: str, told: set[str]
) -> None:
    for number, order in enumerate(permutations(story)):
        deposit = opened(business, AppointmentFactory.create(), link=f"plink_{number}")
        Escalation.objects.all().delete()
        changes = {"payment_intent": f"pi_{number}"}
        tell(deposit, [(what, at, more | changes) for what, at, more in [*order, *order]])
        assert (deposit.status, deposit.refunded_amount) == (state, Decimal(refunded)), order
        assert deposit.appointment.deposit_paid is (state == D.PAID), order
        # A dispute that was decided before anybody heard of it needs no answer any more.
        assert told - {"deposit_disputed"} <= cases() <= told | {"deposit_dispute_asked"}, order
        assert not Escalation.objects.filter(reason="deposit_disputed", status="open").exists(), order


@pytest.mark.parametrize("again", [("refunded", 60, {}), ("disputed", 60, {"ref": "dp_1"})])
def test_the_same_told_again_by_the_providers_list_asks_the_provider_no_more(deposit: Deposit, again: Told) -> None:
    tell(deposit, [PAID, (again[0], 10, again[2])])
    Due.objects.all().delete()
    tell(deposit, [again])
    assert not Due.objects.filter(lane=deposits.LANE).exists()


def test_a_refund_that_did_not_arrive_is_said_with_what_to_do(deposit: Deposit) -> None:
    tell(deposit, [PAID, REFUNDED])
    assert deposit.status == D.REFUNDED
    tell(deposit, [FAILED, FAILED])
    case = Escalation.objects.get(reason="deposit_refund_failed")
    assert case.appointment == deposit.appointment
    assert "another way" in case.next_step
    assert happened("deposit.refund_failed") == 1


def test_refunded_again_after_the_first_refund_failed_is_refunded(deposit: Deposit) -> None:
    tell(deposit, [PAID, REFUNDED, FAILED, ("refunded", 40, {})])
    assert (deposit.status, deposit.refunded_amount) == (D.REFUNDED, Decimal(50))


def test_one_of_two_refunds_fails(deposit: Deposit) -> None:
    parts: list[Told] = [
        PAID,
        ("refunded", 5, {"amount": Decimal(20)}),
        ("refunded", 6, {"amount": Decimal(50)}),
        ("refund_failed", 9, {"ref": "re_2", "amount": Decimal(30)}),
    ]
    tell(deposit, parts)
    assert (deposit.status, deposit.refunded_amount) == (D.PAID, Decimal(20))


def test_a_dispute_told_by_the_list_is_the_one_that_the_event_names(deposit: Deposit) -> None:
    tell(deposit, [PAID, ("disputed", 10, {}), DISPUTED, WON, ("disputed", 60, {})])
    assert MoneyBack.objects.get().ref == "dp_1"
    assert deposit.status == D.PAID
    assert happened("deposit.disputed") == 1


def test_a_second_dispute_of_one_payment_counts_too(deposit: Deposit) -> None:
    tell(deposit, [PAID, DISPUTED, WON, ("disputed", 50, {"ref": "dp_2"})])
    assert deposit.status == D.DISPUTED
    assert Escalation.objects.filter(reason="deposit_disputed", status="open").count() == 1


def test_the_banks_question_moves_no_money(deposit: Deposit) -> None:
    tell(deposit, [PAID, ASKED, ASKED])
    assert deposit.status == D.PAID
    assert cases() == {"deposit_dispute_asked"}
    tell(deposit, [WON])
    assert cases() == {"deposit_dispute_asked"}
    assert not Escalation.objects.filter(status="open").exists()


def test_a_fraud_warning_is_for_a_person(deposit: Deposit) -> None:
    warning: Told = ("suspected", 10, {"ref": "issfr_1", "amount": Decimal(0), "currency": ""})
    tell(deposit, [PAID, warning, warning])
    assert deposit.status == D.PAID
    assert Escalation.objects.get().reason == "deposit_suspected"


def test_a_payment_that_bounces_after_it_counted_is_paid_no_more(deposit: Deposit) -> None:
    report(deposit, "paid")
    assert report(deposit, "failed", final=True, payment_intent="pi_of_an_earlier_try") == "ignored"
    assert report(deposit, "failed", final=True) == "applied"
    deposit.appointment.refresh_from_db()
    assert (deposit.status, deposit.appointment.deposit_paid) == (D.CLOSED, False)
    assert cases() == {"deposit_payment_failed"}


@pytest.mark.parametrize(("currency", "asked", "wanted"), [("JPY", "5000.50", "5001"), ("KWD", "5.12", "5.12")])
def test_an_amount_is_one_that_the_currency_has(business: Business, currency: str, asked: str, wanted: str) -> None:
    Business.objects.update(currency=currency, deposit_amount=Decimal(asked))
    business.refresh_from_db()
    found = deposits.ask(AppointmentFactory.create(), business)
    assert found is not None
    assert found.amount == Decimal(wanted)


def test_what_was_known_before_an_upgrade_stays(deposit: Deposit) -> None:
    tell(deposit, [PAID])
    Deposit.objects.update(status=D.DISPUTED, refunded_amount=Decimal(20))
    import_module("appointments.migrations.0014_known_refunds_and_disputes").note(apps, None)
    tell(deposit, [("refunded", 12, {"amount": Decimal(30)})])
    assert (deposit.status, deposit.refunded_amount) == (D.DISPUTED, Decimal(30))
    assert Event.objects.filter(type="deposit.refunded").count() == 1


def one(ref: str, at: int, amount: int = 50) -> Told:
    """A refund told by itself, not as the sum of all."""
    return ("refunded", at, {"ref": ref, "amount": Decimal(amount)})


@pytest.mark.parametrize(
    ("story", "state", "given"),
    [
        ([PAID, one("re_1", 10)], D.REFUNDED, 50),
        ([PAID, one("re_1", 10), REFUNDED], D.REFUNDED, 50),
        ([PAID, one("re_1", 30), REFUNDED], D.REFUNDED, 50),
        ([PAID, one("re_1", 10, 20)], D.PAID, 20),
        ([PAID, one("re_1", 10, 20), ("refunded", 10, {"amount": Decimal(20)})], D.PAID, 20),
        ([PAID, one("re_1", 10, 20), one("re_2", 20, 30)], D.REFUNDED, 50),
        ([PAID, one("re_1", 10, 20), ("refunded", 10, {"amount": Decimal(20)}), one("re_2", 20, 30)], D.REFUNDED, 50),
        ([PAID, one("re_1", 10), FAILED], D.PAID, 0),
        ([PAID, one("re_1", 10), REFUNDED, FAILED], D.PAID, 0),
        ([PAID, one("re_1", 10), FAILED, one("re_2", 40)], D.REFUNDED, 50),
        ([PAID, one("re_1", 10, 20), one("re_2", 11, 30), ("refund_failed", 20, {"ref": "re_2"})], D.PAID, 20),
    ],
)
def test_a_refund_told_by_itself_counts_once_in_any_order_and_twice(
    business: Business, story: list[Told], state: str, given: int
) -> None:
    for number, order in enumerate(permutations(story)):
        deposit = opened(business, AppointmentFactory.create(), link=f"plink_{number}")
        changes = {"payment_intent": f"pi_{number}"}
        tell(deposit, [(what, at, more | changes) for what, at, more in [*order, *order]])
        assert (deposit.status, deposit.refunded_amount) == (state, Decimal(given)), order
        assert deposit.appointment.deposit_paid is (state == D.PAID), order


def test_the_two_ways_of_telling_one_refund_are_one_event(deposit: Deposit) -> None:
    tell(deposit, [PAID, one("re_1", 10), REFUNDED, one("re_1", 12)])
    assert happened("deposit.refunded") == 1
