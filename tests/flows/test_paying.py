"""Deposits: asked for by link, thanked for, reminded of once, followed up; never charged, never doubled."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.flows.clinic import Clinic, Patient, Visit, hours, minutes

# A dead worker's work is free again after its lease; the machine may be busy besides.
LEASE_PATIENCE_SECONDS = 120.0


@pytest.fixture
def risky(clinic: Clinic, patient: Patient) -> Patient:
    """Somebody who missed two visits, a day later: the texts about them must not use up this day's.

    The clinic takes deposits from now on.
    """
    for _ in range(2):
        missed = patient.books(clinic.day(1, at="12:00"))
        clinic.goes_to(missed.starts_at + minutes(30))
        missed.is_missed()
        clinic.morning()
    clinic.goes_to(clinic.day(1, at="10:00"))
    patient.reads_all()
    clinic.window.ask("deposits_of", "50")
    return patient


@pytest.fixture
def visit(clinic: Clinic, risky: Patient) -> Visit:
    """Booked forty days ahead, and a deposit has just been asked for."""
    booked = risky.books(clinic.day(40, at="14:00"))
    assert {"is booked", "deposit"} == {_told(body) for body in risky.hears(2)}
    return booked


def _told(body: str) -> str:
    return "deposit" if "deposit" in body and "/checkout/plink_" in body else "is booked"


def links(clinic: Clinic, visit: Visit) -> list[dict[str, Any]]:
    """The links that were made for the visit, as the payment provider has them, oldest first."""
    known = visit.known()["id"]
    everything = clinic.call("GET", "/payment-links")["payment_links"]
    return [link for link in everything if link["metadata"]["aro_appointment_id"] == known]


def pay(clinic: Clinic, visit: Visit, **more: Any) -> None:
    clinic.call("POST", "/pay", {"payment_link_id": visit.known()["deposit"]["link_id"], **more})


def status(visit: Visit) -> str:
    return str(visit.known()["deposit"]["status"])


def soon(holds: Callable[[], bool], otherwise: str, within: float = LEASE_PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.2)


def test_a_paid_deposit_is_thanked_for_and_not_asked_for_again(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    known = visit.known()
    assert known["risk_score"] >= 70
    assert known["person"]["risk_category"] == "high"
    pay(clinic, visit)
    patient.is_told("we received your $50 deposit")
    assert visit.known()["deposit"]["paid"]
    assert visit.known()["person"]["deposits_paid"] == 1
    assert [link["active"] for link in links(clinic, visit)] == [False]
    clinic.passes(timedelta(days=3))
    patient.hears_nothing_more()


def test_an_unpaid_deposit_is_reminded_of_once_and_then_a_person_decides(
    clinic: Clinic, visit: Visit, patient: Patient
) -> None:
    asked_at = clinic.now()
    clinic.goes_to(asked_at + hours(24) + minutes(1))
    patient.is_told("is still open")
    clinic.goes_to(asked_at + hours(36) + minutes(2))
    patient.hears_nothing_more()
    assert visit.case("deposit_unpaid")["next_step"]
    assert visit.status == "booked"
    pay(clinic, visit)
    clinic.morning()
    patient.is_told("we received your $50 deposit")


def test_a_payment_told_twice_is_thanked_for_once(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    clinic.has_trouble("stripe", "duplicate_callback", count=5)
    pay(clinic, visit)
    patient.is_told("we received your $50 deposit")
    patient.hears_nothing_more()


def test_a_payment_told_in_the_wrong_order_is_thanked_for_once(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    clinic.has_trouble("stripe", "callback_out_of_order", count=5)
    pay(clinic, visit)
    patient.is_told("we received your $50 deposit")
    patient.hears_nothing_more()
    assert not patient.cases().keys() & {"deposit_paid_twice", "deposit_mismatch"}


def test_no_deposit_is_asked_for_once_the_visit_is_cancelled(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    visit.is_cancelled()
    visit.becomes("cancelled")
    assert [link["active"] for link in links(clinic, visit)] == [False]
    clinic.passes(timedelta(days=2))
    patient.hears_nothing_more()
    assert status(visit) == "closed"


def test_a_deposit_paid_after_the_cancellation_goes_to_a_person(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    visit.is_cancelled()
    visit.becomes("cancelled")
    pay(clinic, visit, page_was_open=True)
    assert patient.cases()["deposit_paid_late"] == "high"
    assert "rebook" in visit.case("deposit_paid_late")["next_step"]


def test_a_link_is_switched_off_even_if_the_provider_fails_at_first(clinic: Clinic, visit: Visit) -> None:
    clinic.has_trouble("stripe", "http_500", count=2)
    visit.is_cancelled()
    visit.becomes("cancelled")
    for _ in range(6):
        clinic.passes(minutes(2))
    assert [link["active"] for link in links(clinic, visit)] == [False]


def test_a_moved_visit_gets_a_new_link_and_the_old_one_ends(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    clinic.passes(timedelta(days=1) + hours(1))
    patient.reads_all()
    visit.is_moved(clinic.day(30, at="11:00"))
    patient.hears(2)
    assert [link["active"] for link in links(clinic, visit)] == [False, True]
    assert status(visit) == "open"
    pay(clinic, visit)
    assert status(visit) == "paid"
    # Reminder, new time and new link were the day's three texts: the receipt, which answers a payment, is none of them.
    patient.is_told("we received your $50 deposit")


@pytest.mark.parametrize("amount", [4_900, 5_100])
def test_another_amount_than_the_deposits_is_never_taken_for_it(
    clinic: Clinic, visit: Visit, patient: Patient, amount: int
) -> None:
    pay(clinic, visit, amount=amount)
    assert visit.case("deposit_mismatch")["priority"] == "high"
    assert not visit.known()["deposit"]["paid"]
    clinic.passes(timedelta(days=2))
    patient.hears_nothing_more()


def test_money_given_back_and_a_dispute_are_followed(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    pay(clinic, visit)
    patient.is_told("we received your $50 deposit")
    pay(clinic, visit, event="refund", amount=2_000)
    assert status(visit) == "paid"
    pay(clinic, visit, event="refund", amount=3_000)
    assert status(visit) == "refunded"
    pay(clinic, visit, event="dispute")
    assert status(visit) == "disputed"
    assert visit.case("deposit_disputed")["priority"] == "high"


def test_a_dispute_told_before_the_payment_is_found_by_the_payments_own_words(clinic: Clinic, visit: Visit) -> None:
    clinic.has_trouble("stripe", "no_callback")
    pay(clinic, visit)
    pay(clinic, visit, event="dispute")
    assert status(visit) == "disputed"


def test_nobody_is_reminded_while_the_bank_works_on_the_payment(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    pay(clinic, visit, event="bank")
    assert status(visit) == "processing"
    clinic.passes(timedelta(days=3))
    patient.hears_nothing_more()
    pay(clinic, visit, event="bank_paid")
    patient.is_told("we received your $50 deposit")


def test_a_bank_payment_that_bounces_is_for_a_person(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    pay(clinic, visit, event="bank")
    pay(clinic, visit, event="bank_failed")
    assert visit.case("deposit_payment_failed")["priority"] == "high"
    assert status(visit) == "closed"
    clinic.passes(timedelta(days=2))
    patient.hears_nothing_more()


def test_a_payment_that_no_webhook_told_of_is_found_within_the_hour(
    clinic: Clinic, visit: Visit, patient: Patient
) -> None:
    clinic.has_trouble("stripe", "no_callback")
    pay(clinic, visit)
    assert status(visit) == "open"
    clinic.passes(hours(1) + minutes(16))
    assert status(visit) == "paid"
    patient.is_told("we received your $50 deposit")


def test_a_payment_that_no_webhook_told_of_is_found_by_asking(clinic: Clinic, visit: Visit, patient: Patient) -> None:
    clinic.has_trouble("stripe", "no_callback")
    pay(clinic, visit)
    # Newest first: other patients' deposits are looked at as well.
    assert _synced(clinic, "--dry-run")[0]["changed"] == ["paid"]
    assert status(visit) == "open"
    found = _synced(clinic)[0]
    assert (found["changed"], found["status"]) == (["paid"], "paid")
    assert not [known for known in _synced(clinic) if known["changed"]]
    patient.is_told("we received your $50 deposit")


def _synced(clinic: Clinic, *options: str) -> list[dict[str, Any]]:
    return list(json.loads(clinic.command("payments:sync", "--json", *options)))


@pytest.mark.parametrize("trouble", ["timeout_after_accept", "http_500", "garbage", "connection_refused", "http_429"])
def test_whatever_happens_to_the_answer_one_link_is_made_and_sent(clinic: Clinic, risky: Patient, trouble: str) -> None:
    clinic.has_trouble("stripe", trouble, count=2, seconds=0.5)
    visit = risky.books(clinic.day(40, at="14:00"))
    for _ in range(4):
        clinic.passes(minutes(1))
    assert {"is booked", "deposit"} == {_told(body) for body in risky.hears(2)}
    assert len(links(clinic, visit)) == 1
    risky.hears_nothing_more()


def test_a_worker_killed_between_the_call_and_the_record_leaves_one_link(clinic: Clinic, risky: Patient) -> None:
    before, since = len(clinic.call("GET", "/payment-links")["payment_links"]), _calls(clinic)
    clinic.has_trouble("stripe", "timeout_after_accept", seconds=60)
    visit = risky.books(clinic.day(40, at="14:00"))
    soon(lambda: len(clinic.call("GET", "/payment-links")["payment_links"]) > before, "no link was asked for")
    clinic.signals("worker", signal.SIGKILL)
    clinic.call("DELETE", "/faults")
    soon(lambda: len(risky.texts()) >= risky._read + 2, "the link was never sent")
    assert {"is booked", "deposit"} == {_told(body) for body in risky.hears(2)}
    assert len(links(clinic, visit)) == 1
    keys = [call["headers"]["Idempotency-Key"] for call in _calls(clinic)[len(since) :]]
    assert len(keys) >= 2
    assert len(set(keys)) == 1


def _calls(clinic: Clinic) -> list[dict[str, Any]]:
    """Every link that was asked for."""
    calls = clinic.call("GET", "/requests?provider=stripe")["requests"]
    return [call for call in calls if call["method"] == "POST" and call["path"] == "/stripe/v1/payment_links"]


def test_a_visit_that_is_over_ends_its_link(clinic: Clinic, visit: Visit) -> None:
    over: datetime = visit.starts_at + hours(4)
    clinic.goes_to(over)
    assert visit.status == "completed"
    assert status(visit) == "expired"
    assert [link["active"] for link in links(clinic, visit)] == [False]
