"""A payment provider's reports in any order and twice: only the exact deposit is paid, the rest goes to a person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from appointments.inbound import PaymentReported
from appointments.models import Appointment, Business, Deposit, Escalation
from appointments.services import escalations
from appointments.services.money import deposits, payment_reports
from appointments.services.visit import visits
from aro import clock
from aro.ids import new_id
from aro.models import Due
from compliance.models import Actor, Event
from tests.factories import AppointmentFactory, BusinessFactory

pytestmark = pytest.mark.django_db
D = Deposit.Status
INTENT, LINK = "pi_1", "plink_1"


@pytest.fixture
def business() -> Business:
    return BusinessFactory.create()


@pytest.fixture
def deposit(business: Business) -> Deposit:
    """Open, 50 USD."""
    return opened(business, AppointmentFactory.create())


def opened(business: Business, visit: Appointment, link: str = LINK) -> Deposit:
    deposit = deposits.ask(visit, business)
    assert deposit is not None
    deposits.link_made(deposit, link_id=link, url=f"https://buy.example.com/{link}")
    deposit.refresh_from_db()
    return deposit


def news(deposit: Deposit | None, outcome: str, **changes: Any) -> PaymentReported:
    values: dict[str, Any] = {
        "deposit_id": str(deposit.id) if deposit else "",
        "outcome": outcome,
        "amount": Decimal("50.00"),
        "currency": "USD",
        "occurred_at": clock.now(),
        "payment_intent": INTENT,
    }
    return PaymentReported(**{**values, **changes})


def report(deposit: Deposit | None, outcome: str, **changes: Any) -> str:
    applied = payment_reports.report(news(deposit, outcome, **changes), correlation_id=new_id())
    if deposit is not None:
        deposit.refresh_from_db()
    return applied.outcome


def cases() -> set[str]:
    return set(Escalation.objects.values_list("reason", flat=True))


def happened(event_type: str) -> int:
    return Event.objects.filter(type=event_type).count()


def wants_look(deposit: Deposit) -> bool:
    return Due.objects.filter(lane="payments", ref=deposit.id, due_at__lte=clock.now()).exists()


def test_two_events_of_one_payment_pay_once(deposit: Deposit) -> None:
    assert report(deposit, "paid", payment_intent="") == "applied"
    assert report(deposit, "paid") == "ignored"
    assert report(deposit, "paid") == "ignored"
    assert (deposit.status, deposit.payment_intent, deposit.paid_amount) == (D.PAID, INTENT, Decimal("50.00"))
    assert deposit.appointment.deposit_paid
    assert happened("deposit.paid") == 1
    assert not cases()


def test_a_paid_link_is_to_be_switched_off(deposit: Deposit) -> None:
    assert not wants_look(deposit)
    report(deposit, "paid")
    assert wants_look(deposit)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal("49.99")},
        {"amount": Decimal("50.01")},
        {"amount": Decimal("0.50")},
        {"currency": "EUR"},
        {"currency": "JPY", "amount": Decimal(5000)},
    ],
)
def test_anything_but_the_exact_amount_and_currency_is_never_paid(deposit: Deposit, changes: dict[str, Any]) -> None:
    report(deposit, "paid", **changes)
    assert (deposit.status, deposit.paid_at) == (D.CLOSED, None)
    assert not Appointment.objects.get().deposit_paid
    assert happened("deposit.paid") == 0
    assert cases() == {"deposit_mismatch"}


@pytest.mark.parametrize(("amount", "how"), [("10.00", "with less than the deposit"), ("60.00", "with more")])
def test_a_payment_of_another_amount_is_kept_and_named(deposit: Deposit, amount: str, how: str) -> None:
    report(deposit, "paid", amount=Decimal(amount))
    assert (deposit.status, deposit.paid_amount) == (D.CLOSED, Decimal(amount))
    assert deposit.state_words == f"Closed: {amount} of 50.00 paid"
    assert Escalation.objects.get().title == f"A deposit was paid {how}: {amount} USD instead of 50.00 USD."


def test_a_payment_in_another_currency_is_named_in_its_own(deposit: Deposit) -> None:
    report(deposit, "paid", amount=Decimal("50.00"), currency="EUR")
    assert "50.00 EUR instead of 50.00 USD" in Escalation.objects.get().title
    assert deposit.state_words == "Closed without payment"


@pytest.mark.parametrize("order", [("paid", "refunded"), ("refunded", "paid")])
def test_a_part_payment_that_is_given_back_is_refunded_in_either_order(
    deposit: Deposit, order: tuple[str, ...]
) -> None:
    for outcome in order:
        report(deposit, outcome, amount=Decimal("10.00"))
    assert (deposit.status, deposit.refunded_amount) == (D.REFUNDED, Decimal("10.00"))


def test_a_second_payment_is_not_taken_for_the_first_told_again(deposit: Deposit) -> None:
    report(deposit, "paid")
    report(deposit, "paid", payment_intent="pi_2")
    assert (deposit.status, deposit.payment_intent) == (D.PAID, INTENT)
    assert cases() == {"deposit_paid_twice"}


@pytest.mark.parametrize(
    "news", [{"amount": Decimal("49.00")}, {"payment_intent": "pi_2"}], ids=["another amount", "a second payment"]
)
def test_what_a_person_has_settled_is_not_told_again(deposit: Deposit, news: dict[str, Any]) -> None:
    if "payment_intent" in news:
        report(deposit, "paid")
    assert report(deposit, "paid", **news) == "applied"
    escalations.resolve(Escalation.objects.get(), by="staff:ana")
    assert report(deposit, "paid", **news) == "ignored"
    assert Escalation.objects.get().status == "resolved"


@pytest.mark.parametrize("order", list(permutations(["paid", "refunded", "disputed"])))
def test_refund_and_dispute_count_in_whatever_order_they_come(deposit: Deposit, order: tuple[str, ...]) -> None:
    for outcome in order:
        report(deposit, outcome)
    assert (deposit.status, deposit.refunded_amount) == (D.DISPUTED, Decimal("50.00"))
    assert deposit.paid_at is not None
    assert not Appointment.objects.get().deposit_paid
    assert cases() == {"deposit_disputed"}


def test_a_refund_in_parts_leaves_the_deposit_paid_until_all_is_given_back(deposit: Deposit) -> None:
    report(deposit, "paid")
    report(deposit, "refunded", amount=Decimal("20.00"))
    assert (deposit.status, deposit.refunded_amount) == (D.PAID, Decimal("20.00"))
    assert deposit.appointment.customer.deposits_paid == 1
    report(deposit, "refunded", amount=Decimal("50.00"))
    assert report(deposit, "refunded", amount=Decimal("20.00")) == "ignored"
    assert (deposit.status, deposit.refunded_amount) == (D.REFUNDED, Decimal("50.00"))
    visit = Appointment.objects.get()
    assert (visit.deposit_paid, visit.customer.deposits_paid) == (False, 0)


def test_refunded_before_the_payment_was_heard_of_stays_refunded(deposit: Deposit) -> None:
    report(deposit, "refunded")
    report(deposit, "paid")
    assert (deposit.status, deposit.paid_amount) == (D.REFUNDED, Decimal("50.00"))
    assert not Appointment.objects.get().deposit_paid


def test_a_bank_payment_under_way_is_neither_open_nor_paid(deposit: Deposit) -> None:
    report(deposit, "processing")
    assert deposit.status == D.PROCESSING
    report(deposit, "failed")
    assert deposit.status == D.PROCESSING, "one attempt failed; what is final is told by another event"
    report(deposit, "paid")
    assert deposit.status == D.PAID
    assert report(deposit, "processing") == "ignored"
    assert deposit.status == D.PAID


@pytest.mark.parametrize("order", [("processing", "failed"), ("failed", "processing")])
def test_a_bank_payment_that_bounced_goes_to_a_person(deposit: Deposit, order: tuple[str, str]) -> None:
    for outcome in order:
        report(deposit, outcome, final=outcome == "failed")
    assert deposit.status == D.CLOSED
    assert cases() == {"deposit_payment_failed"}


@pytest.mark.parametrize("outcome", ["expired", "failed"])
def test_a_page_that_expired_or_a_card_that_was_declined_leaves_the_link_open(deposit: Deposit, outcome: str) -> None:
    assert report(deposit, outcome) == "ignored"
    assert deposit.status == D.OPEN
    assert not cases()


def test_a_payment_for_a_cancelled_visit_is_for_a_person_to_refund_or_rebook(deposit: Deposit) -> None:
    visits.cancel(deposit.appointment, actor=Actor.ADMIN, actor_id="mia")
    report(deposit, "paid")
    case = Escalation.objects.get()
    assert (case.reason, case.priority) == ("deposit_paid_late", Escalation.Priority.HIGH)
    assert "cancelled visit" in case.title
    assert "Refund" in case.next_step
    assert "rebook" in case.next_step


def test_a_cancelled_visit_closes_its_deposit_and_has_the_link_switched_off(deposit: Deposit) -> None:
    visits.cancel(deposit.appointment, actor=Actor.ADMIN, actor_id="mia")
    deposit.refresh_from_db()
    assert (deposit.status, wants_look(deposit)) == (D.CLOSED, True)
    assert happened("deposit.closed") == 1


def test_a_visit_that_is_over_lets_its_deposit_expire(deposit: Deposit) -> None:
    visits.complete(deposit.appointment, actor=Actor.ADMIN)
    deposit.refresh_from_db()
    assert (deposit.status, wants_look(deposit)) == (D.EXPIRED, True)
    assert happened("deposit.expired") == 1
    report(deposit, "paid")
    assert deposit.status == D.PAID
    assert cases() == {"deposit_paid_late"}


def moved(visit: Appointment) -> list[Deposit]:
    visits.move(visit, visit.starts_at + timedelta(days=1), actor=Actor.ADMIN)
    return list(visit.deposits.order_by("created_at"))


def test_a_moved_visit_is_asked_for_anew_and_the_old_link_ends(deposit: Deposit) -> None:
    old, new = moved(deposit.appointment)
    assert (old.status, wants_look(old)) == (D.CLOSED, True)
    assert (new.status, new.amount) == (D.REQUESTED, deposit.amount)
    assert happened("deposit.requested") == 2


@pytest.mark.parametrize("outcome", ["paid", "processing"])
def test_what_is_paid_goes_with_the_visit(deposit: Deposit, outcome: str) -> None:
    report(deposit, outcome)
    (only,) = moved(Appointment.objects.get())
    assert only.status == outcome


def test_the_old_link_paid_after_the_move_counts_and_the_new_one_ends(deposit: Deposit) -> None:
    old, new = moved(deposit.appointment)
    deposits.link_made(new, link_id="plink_2", url="https://buy.example.com/2")
    report(old, "paid")
    new.refresh_from_db()
    assert (old.status, new.status, wants_look(new)) == (D.PAID, D.CLOSED, True)
    assert not cases()


def test_both_links_paid_is_paid_twice(deposit: Deposit) -> None:
    old, new = moved(deposit.appointment)
    deposits.link_made(new, link_id="plink_2", url="https://buy.example.com/2")
    report(new, "paid", payment_intent="pi_2")
    report(old, "paid")
    assert (old.status, old.payment_intent, new.status) == (D.CLOSED, INTENT, D.PAID)
    assert cases() == {"deposit_paid_twice"}
    report(old, "refunded", payment_intent=INTENT, deposit_id="")
    assert old.status == D.REFUNDED


def test_a_link_that_comes_after_the_deposit_was_closed_is_kept_to_be_switched_off(business: Business) -> None:
    deposit = deposits.ask(AppointmentFactory.create(), business)
    assert deposit is not None
    deposits.close(deposit)
    deposits.link_made(deposit, link_id=LINK, url="https://buy.example.com/1")
    deposit.refresh_from_db()
    assert (deposit.status, deposit.link_id, wants_look(deposit)) == (D.CLOSED, LINK, True)
    assert happened("deposit.link_created") == 0


def test_news_without_our_id_is_found_by_payment_link_or_visit(deposit: Deposit) -> None:
    visit = str(deposit.appointment_id)
    assert report(None, "processing", link_id=LINK) == "applied"
    assert report(None, "paid", appointment_id=visit, payment_intent="") == "applied"
    assert report(None, "disputed", payment_intent="pi_other") == "ignored"
    deposit.refresh_from_db()
    assert deposit.status == D.PAID


@pytest.mark.parametrize("unknown", ["", "42", "0192f0c1-7a3b-7c4d-8e5f-60718293a4b5", "é" * 40])
def test_another_apps_payment_is_ignored(deposit: Deposit, unknown: str) -> None:
    changes = {"deposit_id": unknown, "payment_intent": "pi_other", "link_id": "plink_other", "appointment_id": unknown}
    assert report(deposit, "paid", **changes) == "ignored"
    assert deposit.status == D.OPEN
