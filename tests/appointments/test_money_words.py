"""What staff read and are asked about a deposit's money: given back in part, and of a visit that is off."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from appointments.models import Business, Deposit, Escalation
from appointments.services.visit import standing_again, visits
from aro import clock
from compliance.models import Actor
from tests.appointments.test_payment_reports import business, deposit, report

__all__ = ["business", "deposit"]
pytestmark = pytest.mark.django_db
KEPT = "deposit_kept"


def kept() -> list[str]:
    return list(Escalation.objects.filter(reason=KEPT).values_list("status", flat=True))


def test_a_part_that_was_given_back_is_in_the_words_of_its_state(business: Business, deposit: Deposit) -> None:
    report(deposit, "paid")
    report(deposit, "refunded", amount=Decimal(20))
    assert deposit.state_words == "Paid, 20.00 given back"


def test_the_time_of_a_refund_stays_when_the_same_sum_is_told_again(business: Business, deposit: Deposit) -> None:
    report(deposit, "paid")
    report(deposit, "refunded", amount=Decimal(20))
    told_at = deposit.refunds_told_at
    report(deposit, "refunded", amount=Decimal(20), occurred_at=clock.now() + timedelta(days=1))
    assert deposit.refunds_told_at == told_at


def test_a_cancelled_visit_whose_deposit_is_paid_is_a_case_once(business: Business, deposit: Deposit) -> None:
    report(deposit, "paid")
    report(deposit, "refunded", amount=Decimal(20))
    visit = deposit.appointment
    visit.refresh_from_db()
    visits.cancel(visit, actor=Actor.ADMIN)
    case = Escalation.objects.get(reason=KEPT)
    assert "30.00 USD of its deposit is paid" in case.title
    assert "Refund it" in case.next_step
    Escalation.objects.update(status="resolved")
    standing_again.reopen(visit, actor=Actor.ADMIN, actor_id="me", reason="a mistake")
    visits.cancel(visit, actor=Actor.ADMIN)
    assert kept() == ["resolved"]


@pytest.mark.parametrize("news", [(), ("paid", "refunded")])
def test_no_case_where_the_clinic_has_no_money(business: Business, deposit: Deposit, news: tuple[str, ...]) -> None:
    for one in news:
        report(deposit, one)
    visit = deposit.appointment
    visit.refresh_from_db()
    visits.cancel(visit, actor=Actor.ADMIN)
    assert kept() == []


def test_the_page_that_asks_to_cancel_and_the_deposits_own_page_say_it(
    admin_client: Client, business: Business, deposit: Deposit
) -> None:
    report(deposit, "paid", amount=Decimal(20))
    visit = deposit.appointment
    asks = admin_client.get(f"/admin/desk/appointment.cancel/{visit.pk}/")
    page = admin_client.get(f"/admin/appointments/deposit/{deposit.pk}/change/").content.decode()
    assert "20.00 USD of the deposit is paid" in asks.content.decode()
    assert "Closed: 20.00 of 50.00 paid" in page
    assert "Closed without payment" not in page
    assert str(visit.customer) in page


def test_part_payments_add_up_and_are_the_deposit_in_the_end(business: Business, deposit: Deposit) -> None:
    first = {"amount": Decimal(20), "payment_intent": "pi_a"}
    report(deposit, "paid", **first)
    report(deposit, "paid", **first)
    report(deposit, "paid", amount=Decimal(10), payment_intent="pi_b")
    assert deposit.state_words == "Closed: 30.00 of 50.00 paid"
    report(deposit, "paid", amount=Decimal(20), payment_intent="pi_c")
    deposit.appointment.refresh_from_db()
    assert (deposit.status, deposit.paid_amount, deposit.appointment.deposit_paid) == ("paid", Decimal(50), True)
    assert not Escalation.objects.filter(status="open").exists()
    report(deposit, "paid", **first)
    assert not Escalation.objects.filter(status="open").exists()


def test_what_is_given_back_of_one_of_the_parts_counts(business: Business, deposit: Deposit) -> None:
    for intent, amount in (("pi_a", 20), ("pi_b", 30)):
        report(deposit, "paid", amount=Decimal(amount), payment_intent=intent)
    report(deposit, "refunded", amount=Decimal(20), payment_intent="pi_a", ref="re_1")
    assert deposit.state_words == "Paid, 20.00 given back"
    report(deposit, "refunded", amount=Decimal(30), payment_intent="pi_b", ref="re_2")
    assert deposit.status == "refunded"
