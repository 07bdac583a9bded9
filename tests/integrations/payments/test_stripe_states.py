"""Every event that Stripe sends leads its deposit to the right state, from the signed delivery on."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import permutations
from uuid import UUID

import pytest
from django.test import Client

from appointments.models import Deposit, Escalation
from appointments.services.money import deposits
from aro import clock
from aro.models import DeadLetter
from aro.queue import tick
from integrations.models import Receipt
from integrations.providers.stripe.webhook import DEPOSIT_KEY
from tests.factories import AppointmentFactory, BusinessFactory
from tests.integrations import signers
from tests.integrations.contract import fixture
from tests.integrations.loopback import Loopback, http

pytestmark = pytest.mark.django_db
DEPOSIT = "0192f0c1-7a3b-7c4d-8e5f-60718293a4b5"
D = Deposit.Status


@pytest.fixture
def deposit() -> Deposit:
    """The one that the fixtures are about: open, 50 USD."""
    visit = AppointmentFactory.create(deposit_required=True)
    BusinessFactory.create()
    return Deposit.objects.create(
        id=UUID(DEPOSIT),
        appointment=visit,
        status=D.OPEN,
        amount=Decimal("50.00"),
        currency="USD",
        link_id="plink_border1",
    )


def deliver(client: Client, *names: str) -> None:
    for name in names:
        send(client, fixture("stripe", name))
    tick.drain(["receipts", "lookups"])


def send(client: Client, body: bytes) -> None:
    headers = signers.stripe_events(body, secret="whsec_sandbox", at=clock.now().timestamp())
    assert client.generic("POST", "/webhooks/stripe", body, "application/json", headers=headers).status_code == 200


def cases() -> list[str]:
    return list(Escalation.objects.values_list("reason", flat=True))


@pytest.mark.parametrize(
    ("events", "status", "case"),
    [
        (["checkout.session.completed"], D.PAID, []),
        (["payment_intent.succeeded"], D.PAID, []),
        (["checkout.session.completed", "payment_intent.succeeded"], D.PAID, []),
        (["payment_intent.succeeded", "checkout.session.completed"], D.PAID, []),
        (["checkout.session.completed.unpaid"], D.PROCESSING, []),
        (["checkout.session.completed.unpaid", "checkout.session.async_payment_succeeded"], D.PAID, []),
        (["checkout.session.async_payment_succeeded", "checkout.session.completed.unpaid"], D.PAID, []),
        (
            ["checkout.session.completed.unpaid", "checkout.session.async_payment_failed"],
            D.CLOSED,
            ["deposit_payment_failed"],
        ),
        (["checkout.session.expired"], D.OPEN, []),
        (["payment_intent.payment_failed"], D.OPEN, []),
        (["payment_intent.payment_failed", "payment_intent.succeeded"], D.PAID, []),
        (["customer.created", "payment_intent.succeeded.other_app"], D.OPEN, []),
    ],
)
def test_each_event_leads_to_its_state(
    client: Client, deposit: Deposit, events: list[str], status: str, case: list[str]
) -> None:
    deliver(client, *events)
    deposit.refresh_from_db()
    assert (deposit.status, cases()) == (status, case)
    assert not Receipt.objects.filter(outcome=Receipt.Outcome.PENDING).exists()


def test_a_refund_of_a_part_leaves_it_paid_and_says_how_much(client: Client, deposit: Deposit) -> None:
    deliver(client, "checkout.session.completed", "charge.refunded")
    deposit.refresh_from_db()
    assert (deposit.status, deposit.refunded_amount) == (D.PAID, Decimal("20.00"))


def test_a_refund_of_everything_ends_it(client: Client, deposit: Deposit) -> None:
    deliver(client, "checkout.session.completed")
    event = json.loads(fixture("stripe", "charge.refunded"))
    event["data"]["object"] |= {"amount_refunded": 5000, "refunded": True}
    send(client, json.dumps(event).encode())
    tick.drain(["receipts"])
    deposit.refresh_from_db()
    assert (deposit.status, deposit.refunded_amount) == (D.REFUNDED, Decimal("50.00"))


def refund(kind: str, ref: str, amount: int) -> bytes:
    """As Stripe tells of a refund by itself: it has no metadata of the deposit."""
    thing = {"id": ref, "object": "refund", "amount": amount, "charge": "ch_border1", "currency": "usd", "metadata": {}}
    thing |= {"created": 1795250001, "payment_intent": "pi_border1", "status": "succeeded"}
    event = {"id": f"evt_{kind}_{ref}", "object": "event", "type": kind, "livemode": False, "created": 1795250002}
    return json.dumps({**event, "data": {"object": thing}}).encode()


@pytest.mark.parametrize("order", [*permutations(["refund.created", "refund.updated", "charge.refunded"])])
def test_a_refund_is_one_however_it_is_told(
    client: Client, deposit: Deposit, stripe: Loopback, order: tuple[str, ...]
) -> None:
    stripe.answers = [http(200, {"id": "pi_border1", "object": "payment_intent", "metadata": {DEPOSIT_KEY: DEPOSIT}})]
    deliver(client, "checkout.session.completed")
    for kind in order:
        send(client, fixture("stripe", kind) if kind == "charge.refunded" else refund(kind, "re_1", 2000))
        tick.drain(["receipts", "lookups"])
        deposit.refresh_from_db()
        assert (deposit.status, deposit.refunded_amount) == (D.PAID, Decimal("20.00"))
    send(client, refund("refund.created", "re_2", 3000))
    tick.drain(["receipts", "lookups"])
    deposit.refresh_from_db()
    assert (deposit.status, deposit.refunded_amount) == (D.REFUNDED, Decimal("50.00"))


@pytest.mark.parametrize("payment_known", [True, False])
def test_a_dispute_finds_its_deposit_by_the_payments_metadata(
    client: Client, deposit: Deposit, stripe: Loopback, *, payment_known: bool
) -> None:
    stripe.answers = [http(200, {"id": "pi_border1", "object": "payment_intent", "metadata": {DEPOSIT_KEY: DEPOSIT}})]
    if payment_known:
        deliver(client, "checkout.session.completed")
    deliver(client, "charge.dispute.created")
    deposit.refresh_from_db()
    assert (deposit.status, cases()) == (D.DISPUTED, ["deposit_disputed"])


@pytest.mark.parametrize("kind", ["charge.dispute.created", "charge.refunded", "refund.created"])
def test_what_names_a_payment_that_is_not_known_yet_is_read_again_when_it_is(
    client: Client, deposit: Deposit, stripe: Loopback, kind: str
) -> None:
    stripe.answers = [http(200, {"id": "pi_border1", "object": "payment_intent", "metadata": {}})] * 2
    event = json.loads(fixture("stripe", kind) if kind.startswith("charge") else refund(kind, "re_1", 5000))
    event["data"]["object"] |= {"metadata": {}, "amount_refunded": 5000}
    send(client, json.dumps(event).encode())
    tick.drain(["receipts", "lookups"])
    assert Receipt.objects.get().outcome == "ignored"
    deliver(client, "checkout.session.completed")
    deposit.refresh_from_db()
    assert deposit.status == (D.REFUNDED if "refund" in kind else D.DISPUTED)
    assert cases() == ([] if "refund" in kind else ["deposit_disputed"])
    assert not Receipt.objects.exclude(outcome="applied").exists()


def test_another_apps_dispute_is_no_concern(client: Client, deposit: Deposit, stripe: Loopback) -> None:
    stripe.answers = [http(200, {"id": "pi_border1", "object": "payment_intent", "metadata": {"shop_order": "7"}})]
    deliver(client, "charge.dispute.created")
    assert Receipt.objects.get().outcome == "ignored"
    assert not DeadLetter.objects.exists()
    deposit.refresh_from_db()
    assert (deposit.status, cases()) == (D.OPEN, [])


@pytest.mark.parametrize(
    "change", [{"amount_total": 4999}, {"amount_total": 5001}, {"currency": "eur"}, {"currency": "jpy"}]
)
def test_a_payment_that_does_not_fit_is_never_paid(client: Client, deposit: Deposit, change: dict[str, object]) -> None:
    event = json.loads(fixture("stripe", "checkout.session.completed"))
    event["data"]["object"] |= change
    send(client, json.dumps(event).encode())
    tick.drain(["receipts"])
    deposit.refresh_from_db()
    assert (deposit.paid_at, cases()) == (None, ["deposit_mismatch"])


def test_an_event_of_the_other_mode_pays_nothing(client: Client, deposit: Deposit) -> None:
    event = json.loads(fixture("stripe", "checkout.session.completed")) | {"livemode": True}
    send(client, json.dumps(event).encode())
    tick.drain(["receipts"])
    deposit.refresh_from_db()
    assert deposit.status == D.OPEN
    assert "other mode" in Receipt.objects.get().detail


def test_a_deposit_of_a_visit_that_was_cancelled_meanwhile_goes_to_a_person(client: Client, deposit: Deposit) -> None:
    deposits.close(deposit)
    type(deposit.appointment).objects.update(status="cancelled")
    deliver(client, "checkout.session.completed")
    assert cases() == ["deposit_paid_late"]
