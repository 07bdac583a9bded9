"""Stripe's deliveries: the border's contract, and what each event becomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.test import Client, override_settings

from appointments.inbound import Inbound, NothingToDo, PaymentReported
from aro import clock
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import MalformedError, NeedsLookupError, ProviderFailure, Stored
from integrations.providers.stripe import money
from integrations.providers.stripe.webhook import DEPOSIT_KEY
from tests.integrations import signers
from tests.integrations.contract import JsonContract, fixture
from tests.integrations.loopback import Loopback, http

DEPOSIT = "0192f0c1-7a3b-7c4d-8e5f-60718293a4b5"
RECEIVED = datetime(2026, 11, 20, 9, tzinfo=UTC)


class TestStripeAtTheBorder(JsonContract):
    name = "stripe"
    url = "/webhooks/stripe"
    setting = "STRIPE_WEBHOOK_SECRET"
    good: ClassVar[bytes] = fixture("stripe", "checkout.session.completed")
    unknown: ClassVar[bytes] = fixture("stripe", "customer.created")
    tolerance = 300

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        at = clock.now().timestamp() - late_by
        if not secret.strip(", "):  # the SDK signs with nothing, and so would an attacker
            return signers.stripe_events(body, secret="", at=at)
        try:
            return signers.stripe_events(body, secret=secret, at=at)
        except UnicodeEncodeError:  # the SDK cannot sign what is not UTF-8; the form is Calendly's
            signed = signers.calendly(body, secret=secret, at=at)
            return {"Stripe-Signature": signed["Calendly-Webhook-Signature"]}

    def test_one_right_signature_among_several_is_enough_while_the_secret_rolls(self, client: Client, db: None) -> None:
        header = self.sign(self.good, secret=self.secret())["Stripe-Signature"]
        several = {"Stripe-Signature": header.replace(",v1=", f",v1={'0' * 64},v0={'1' * 64},v1=")}
        assert self.post(client, self.good, several).status_code == 200


def parse(name: str) -> Inbound:
    return parsed(fixture("stripe", name))


def parsed(body: bytes) -> Inbound:
    (news,) = ADAPTERS["stripe"].parse(Stored(body=body, path_ref="", received_at=RECEIVED))
    return news


def changed(event: str, /, **thing: Any) -> bytes:
    data = json.loads(fixture("stripe", event))
    data["data"]["object"] |= thing
    return json.dumps(data).encode()


def payment(news: Inbound) -> PaymentReported:
    assert isinstance(news, PaymentReported)
    return news


@pytest.mark.parametrize(
    ("name", "outcome", "amount"),
    [
        ("checkout.session.completed", "paid", "50.00"),
        ("checkout.session.completed.unpaid", "processing", "50.00"),
        ("checkout.session.async_payment_succeeded", "paid", "50.00"),
        ("checkout.session.async_payment_failed", "failed", "50.00"),
        ("checkout.session.expired", "expired", "50.00"),
        ("payment_intent.succeeded", "paid", "50.00"),
        ("payment_intent.payment_failed", "failed", "50.00"),
        ("charge.refunded", "refunded", "20.00"),
    ],
)
def test_each_event_says_what_became_of_the_deposit(name: str, outcome: str, amount: str) -> None:
    news = payment(parse(name))
    assert (news.deposit_id, news.outcome, news.amount, news.currency) == (DEPOSIT, outcome, Decimal(amount), "USD")
    assert news.occurred_at == datetime.fromtimestamp(1795250000, UTC)


def test_both_events_of_one_payment_name_the_same_payment() -> None:
    session, intent = payment(parse("checkout.session.completed")), payment(parse("payment_intent.succeeded"))
    assert session.payment_intent == intent.payment_intent == "pi_border1"
    assert session.link_id == "plink_border1"


def stored(body: bytes) -> Stored:
    return Stored(body=body, path_ref="", received_at=RECEIVED)


def test_a_dispute_carries_no_metadata_so_its_payment_is_asked_for(stripe: Loopback) -> None:
    stripe.answers = [http(200, {"id": "pi_border1", "object": "payment_intent", "metadata": {DEPOSIT_KEY: DEPOSIT}})]
    dispute = stored(fixture("stripe", "charge.dispute.created"))
    with pytest.raises(NeedsLookupError):
        ADAPTERS["stripe"].parse(dispute)
    news = payment(parsed(ADAPTERS["stripe"].complete(dispute)))
    assert (news.outcome, news.deposit_id, news.payment_intent) == ("disputed", DEPOSIT, "pi_border1")
    assert stripe.requests[0].startswith(b"GET /stripe/v1/payment_intents/pi_border1 ")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_dispute_whose_payment_may_not_be_read_is_matched_by_its_payment_alone(stripe: Loopback, status: int) -> None:
    stripe.answers = [http(status, {"error": {"type": "invalid_request_error"}})]
    news = payment(parsed(ADAPTERS["stripe"].complete(stored(fixture("stripe", "charge.dispute.created")))))
    assert (news.deposit_id, news.payment_intent) == ("", "pi_border1")


def test_a_dispute_is_asked_for_again_when_stripe_is_away(stripe: Loopback) -> None:
    with pytest.raises(ProviderFailure):
        ADAPTERS["stripe"].complete(stored(fixture("stripe", "charge.dispute.created")))


def test_a_refund_without_metadata_is_matched_by_its_payment() -> None:
    news = payment(parsed(changed("charge.refunded", metadata={})))
    assert (news.outcome, news.deposit_id, news.payment_intent) == ("refunded", "", "pi_border1")


def test_only_the_end_of_a_bank_payment_is_final() -> None:
    assert payment(parse("checkout.session.async_payment_failed")).final
    assert not payment(parse("payment_intent.payment_failed")).final


@pytest.mark.parametrize("name", ["payment_intent.succeeded.other_app", "customer.created"])
def test_what_is_not_ours_is_no_concern(name: str) -> None:
    assert isinstance(parse(name), NothingToDo)


@pytest.mark.parametrize("status", ["no_payment_required", None, 7])
def test_a_checkout_that_asked_for_no_money_is_no_concern(status: object) -> None:
    assert isinstance(parsed(changed("checkout.session.completed", payment_status=status)), NothingToDo)


@pytest.mark.parametrize(("key", "live"), [("sk_test_x", True), ("rk_live_x", False), ("sk_live_x", False)])
def test_an_event_of_the_other_mode_is_no_concern(key: str, live: bool) -> None:
    data = json.loads(fixture("stripe", "checkout.session.completed")) | {"livemode": live}
    with override_settings(STRIPE_SECRET_KEY=key):
        assert isinstance(parsed(json.dumps(data).encode()), NothingToDo)


@pytest.mark.parametrize(
    ("currency", "minor", "main"), [("jpy", 5000, "5000"), ("kwd", 5000, "5.000"), ("isk", 500, "5.00")]
)
def test_amounts_are_read_in_their_currencys_units(currency: str, minor: int, main: str) -> None:
    news = payment(parsed(changed("checkout.session.completed", amount_total=minor, currency=currency)))
    assert news.amount == Decimal(main)
    assert money.to_minor(news.amount, currency) == minor


@pytest.mark.parametrize("amount", [None, "5000", 50.5, True, -1, 10**20])
def test_an_amount_that_is_none_makes_no_sense(amount: object) -> None:
    with pytest.raises(MalformedError):
        parsed(changed("checkout.session.completed", amount_total=amount))


@pytest.mark.parametrize("data", [None, [], "x", {"object": None}, {"object": []}])
def test_an_event_without_an_object_makes_no_sense(data: object) -> None:
    event = json.loads(fixture("stripe", "checkout.session.completed")) | {"data": data}
    with pytest.raises(MalformedError):
        parsed(json.dumps(event).encode())


@pytest.mark.parametrize("created", [None, "1795250000", -1, 10**15, True])
def test_an_event_without_a_time_happened_when_it_came(created: object) -> None:
    event = json.loads(fixture("stripe", "checkout.session.completed")) | {"created": created}
    assert payment(parsed(json.dumps(event).encode())).occurred_at == RECEIVED


def test_a_thin_event_is_no_concern() -> None:
    assert isinstance(parsed(b'{"id": "evt_1", "object": "v2.core.event", "type": "v1.billing.meter"}'), NothingToDo)


def event(kind: str, **thing: Any) -> PaymentReported | NothingToDo:
    """An event whose payment was asked for already."""
    thing = {"id": "re_or_dp", "payment_intent": "pi_1", "currency": "usd", "amount": 5000, **thing}
    told = {"id": "evt_x", "type": kind, "livemode": False, "created": 1795190400, "data": {"object": thing}}
    news = parsed(json.dumps({**told, "aro_looked_up": True}).encode())
    assert isinstance(news, PaymentReported | NothingToDo)
    return news


@pytest.mark.parametrize(
    ("kind", "status", "outcome"),
    [
        ("refund.failed", "failed", "refund_failed"),
        ("charge.refund.updated", "failed", "refund_failed"),
        ("refund.updated", "canceled", "refund_failed"),
        ("refund.created", "succeeded", "refunded"),
        ("refund.updated", "succeeded", "refunded"),
        ("charge.refund.updated", "succeeded", "refunded"),
        ("refund.created", "pending", None),
        ("refund.updated", "requires_action", None),
        ("charge.refund.updated", "pending", None),
        ("charge.dispute.created", "needs_response", "disputed"),
        ("charge.dispute.created", "warning_needs_response", "asked"),
        ("charge.dispute.updated", "under_review", "disputed"),
        ("charge.dispute.funds_withdrawn", "needs_response", "disputed"),
        ("charge.dispute.funds_reinstated", "won", "dispute_won"),
        ("charge.dispute.closed", "won", "dispute_won"),
        ("charge.dispute.closed", "lost", "dispute_lost"),
        ("charge.dispute.closed", "warning_closed", "dispute_won"),
        ("charge.dispute.closed", "prevented", "dispute_won"),
        ("charge.dispute.updated", "prevented", "dispute_won"),
        ("charge.dispute.closed", "charge_refunded", "dispute_won"),
        ("charge.dispute.closed", "new_state", "dispute_won"),
        ("charge.dispute.updated", "new_state", "disputed"),
    ],
)
def test_what_a_refund_or_a_dispute_has_come_to_is_read_from_its_status(
    kind: str, status: str, outcome: str | None
) -> None:
    news = event(kind, status=status)
    assert getattr(news, "outcome", None) == outcome
    if isinstance(news, PaymentReported):
        assert (news.ref, news.payment_intent, news.amount) == ("re_or_dp", "pi_1", Decimal(50))


@pytest.mark.parametrize("actionable", [True, False, None])
def test_a_fraud_warning_has_no_amount_and_is_told_while_something_can_be_done(actionable: bool | None) -> None:
    news = event("radar.early_fraud_warning.created", actionable=actionable, amount=None, currency=None)
    assert getattr(news, "outcome", None) == ("suspected" if actionable is not False else None)


@pytest.mark.parametrize(
    "kind", ["refund.failed", "refund.created", "radar.early_fraud_warning.created", "charge.dispute.closed"]
)
def test_what_names_only_its_payment_is_asked_for(kind: str) -> None:
    thing = {"id": "x", "payment_intent": "pi_1", "currency": "usd", "amount": 1, "status": "failed"}
    body = json.dumps({"type": kind, "livemode": False, "data": {"object": thing}}).encode()
    with pytest.raises(NeedsLookupError):
        parsed(body)
