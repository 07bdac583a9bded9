"""A deposit that was paid twice: the payment that is not given back is its own, in whatever order all is told."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

import pytest

from appointments.models import Appointment, Business, Deposit, Escalation
from tests.appointments.test_money_back import Told, tell
from tests.appointments.test_payment_reports import happened, opened, report
from tests.factories import AppointmentFactory, BusinessFactory

pytestmark = pytest.mark.django_db
D = Deposit.Status
OTHER = {"payment_intent": "pi_2"}
FIRST: Told = ("paid", 0, {})
SECOND: Told = ("paid", 1, OTHER)
SECOND_BACK: Told = ("refunded", 10, OTHER)
FIRST_BACK: Told = ("refunded", 10, {})
ASKED: Told = ("asked", 5, OTHER | {"ref": "dp_2"})
DISPUTED: Told = ("disputed", 10, OTHER | {"ref": "dp_2"})
FOUND: Told = ("disputed", 40, OTHER)
LOST: Told = ("dispute_lost", 30, OTHER | {"ref": "dp_2"})
WON: Told = ("dispute_won", 30, OTHER | {"ref": "dp_2"})


@pytest.fixture
def business() -> Business:
    return BusinessFactory.create()


@pytest.fixture
def deposit(business: Business) -> Deposit:
    return opened(business, AppointmentFactory.create())


def is_paid(deposit: Deposit) -> bool:
    visit = Appointment.objects.get()
    assert visit.deposit_paid is (deposit.status == D.PAID)
    return visit.deposit_paid and deposit.refunded_amount == 0


def open_cases() -> set[str]:
    return set(Escalation.objects.filter(status="open").values_list("reason", flat=True))


@pytest.mark.parametrize(
    "order", [*permutations([FIRST, SECOND, SECOND_BACK]), [FIRST, SECOND_BACK, FIRST, SECOND_BACK]]
)
def test_the_payment_that_is_not_given_back_pays_the_deposit(deposit: Deposit, order: Sequence[Told]) -> None:
    tell(deposit, order)
    assert is_paid(deposit)
    assert (deposit.payment_intent, open_cases()) == ("pi_1", set())
    tell(deposit, order)
    assert is_paid(deposit)
    assert open_cases() == set()


def test_the_first_may_be_given_back_as_well(deposit: Deposit) -> None:
    tell(deposit, [FIRST, SECOND, FIRST_BACK])
    assert is_paid(deposit)
    assert (deposit.payment_intent, open_cases()) == ("pi_2", set())
    tell(deposit, [FIRST, FIRST_BACK, SECOND])
    assert is_paid(deposit)
    assert open_cases() == set()
    tell(deposit, [("refunded", 50, OTHER)])
    assert deposit.status == D.REFUNDED


def test_a_part_of_the_second_leaves_the_case_open(deposit: Deposit) -> None:
    tell(deposit, [FIRST, SECOND, ("refunded", 10, OTHER | {"amount": Decimal("20.00")})])
    assert is_paid(deposit)
    assert open_cases() == {"deposit_paid_twice"}


def test_a_refund_of_the_second_that_does_not_arrive_is_for_a_person(deposit: Deposit) -> None:
    tell(deposit, [FIRST, SECOND, SECOND_BACK, ("refund_failed", 20, OTHER | {"ref": "re_2"})])
    assert is_paid(deposit)
    assert open_cases() == {"deposit_refund_failed"}


@pytest.mark.parametrize("told", [[DISPUTED], [FOUND], [ASKED, DISPUTED, FOUND], [DISPUTED, DISPUTED, FOUND, FOUND]])
def test_a_dispute_of_the_second_is_one_case_and_the_deposit_stays_paid(deposit: Deposit, told: Sequence[Told]) -> None:
    tell(deposit, [FIRST, SECOND, *told])
    assert is_paid(deposit)
    assert Escalation.objects.filter(status="open", reason="deposit_disputed").count() == 1


def test_a_dispute_of_the_second_is_found_by_its_payment_alone(deposit: Deposit) -> None:
    tell(deposit, [FIRST, SECOND])
    assert report(None, "disputed", **OTHER) == "applied"
    assert open_cases() == {"deposit_paid_twice", "deposit_disputed"}


@pytest.mark.parametrize(("end", "left"), [(LOST, set()), (WON, {"deposit_paid_twice"})])
def test_a_decided_dispute_of_the_second_ends_its_cases(deposit: Deposit, end: Told, left: set[str]) -> None:
    tell(deposit, [FIRST, SECOND, ASKED, DISPUTED, end, FOUND])
    assert is_paid(deposit)
    assert open_cases() == left


@pytest.mark.parametrize("told", [FIRST_BACK, ("disputed", 10, {"ref": "dp_1"}), ("dispute_lost", 10, {"ref": "dp_1"})])
def test_nobody_is_thanked_for_money_that_went_back_before_it_was_told(deposit: Deposit, told: Told) -> None:
    tell(deposit, [told, FIRST])
    assert deposit.status in (D.REFUNDED, D.DISPUTED, D.LOST)
    assert happened("deposit.paid") == 0


def test_a_question_of_the_bank_that_is_closed_ends_its_case(deposit: Deposit) -> None:
    tell(deposit, [FIRST, ("asked", 5, {"ref": "dp_1"}), ("dispute_won", 30, {"ref": "dp_1"})])
    assert is_paid(deposit)
    assert open_cases() == set()


PARTS: list[Told] = [("refunded", at, OTHER | {"ref": f"re_{at}", "amount": Decimal(25)}) for at in (10, 11)]


@pytest.mark.parametrize("order", [*permutations([SECOND, *PARTS])])
def test_parts_of_the_second_told_one_by_one_make_it_whole(deposit: Deposit, order: Sequence[Told]) -> None:
    tell(deposit, [FIRST, *order, *order])
    assert is_paid(deposit)
    assert (deposit.payment_intent, open_cases()) == ("pi_1", set())


def test_one_part_of_the_second_leaves_the_case_open(deposit: Deposit) -> None:
    tell(deposit, [FIRST, SECOND, PARTS[0], PARTS[0]])
    assert is_paid(deposit)
    assert open_cases() == {"deposit_paid_twice"}


def test_a_refund_of_the_second_told_by_itself_that_does_not_arrive(deposit: Deposit) -> None:
    back: Told = ("refunded", 10, OTHER | {"ref": "re_2"})
    tell(deposit, [FIRST, SECOND, back, ("refund_failed", 20, OTHER | {"ref": "re_2"}), back])
    assert is_paid(deposit)
    assert open_cases() == {"deposit_refund_failed"}


@pytest.mark.parametrize("order", [*permutations([FIRST, SECOND, ("refunded", 10, OTHER | {"ref": "re_2"})])])
def test_told_by_itself_it_is_the_second_in_any_order(deposit: Deposit, order: Sequence[Told]) -> None:
    tell(deposit, [*order, *order])
    assert is_paid(deposit)
    assert (deposit.payment_intent, open_cases()) == ("pi_1", set())
