"""The sandbox as Stripe: the real SDK makes links; the real library checks the events."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
import stripe

APPOINTMENT = {"aro_appointment_id": "0197", "aro_deposit_id": "0198"}


def client(sandbox: Any, key: str = "sk_test_sandbox") -> stripe.StripeClient:
    addresses = {"api": f"{sandbox.url}/stripe"}
    return stripe.StripeClient(key, base_addresses=addresses, max_network_retries=0)  # type: ignore[arg-type]


def link(sandbox: Any, key: str | None = None, amount: int = 5000) -> Any:
    item = {
        "price_data": {"currency": "usd", "unit_amount": amount, "product_data": {"name": "Deposit"}},
        "quantity": 1,
    }
    params: Any = {
        "line_items": [item],
        "metadata": APPOINTMENT,
        "payment_intent_data": {"metadata": APPOINTMENT},
        "restrictions": {"completed_sessions": {"limit": 1}},
    }
    options: Any = {"idempotency_key": key} if key else {}
    return client(sandbox).v1.payment_links.create(params, options)


def events(receiver: Any, count: int) -> list[Any]:
    """What arrived, verified by Stripe's own library."""
    found = []
    for item in receiver.wait("/webhooks/stripe", count):
        signature = item.headers["stripe-signature"]
        # The sandbox's clock may be ahead of ours; the library accepts that.
        stripe.WebhookSignature.verify_header(item.body.decode(), signature, "whsec_sandbox", 300)
        found.append(json.loads(item.body))
    return found


def test_a_link_carries_what_was_asked(world: Any) -> None:
    sandbox, _receiver = world
    made = link(sandbox)
    assert made.id.startswith("plink_")
    assert made.active
    assert made.url.endswith(made.id)
    assert made.metadata.to_dict() == APPOINTMENT
    assert made.restrictions.completed_sessions.limit == 1
    [listed] = sandbox.get("/payment-links")["payment_links"]
    assert (listed["id"], listed["amount"], listed["currency"]) == (made.id, 5000, "usd")


def test_paying_sends_two_signed_events_with_the_metadata_of_each_object(world: Any) -> None:
    sandbox, receiver = world
    made = link(sandbox)
    paid = sandbox.post("/pay", payment_link_id=made.id)
    completed, succeeded = events(receiver, 2)
    assert (completed["type"], succeeded["type"]) == ("checkout.session.completed", "payment_intent.succeeded")
    session, intent = completed["data"]["object"], succeeded["data"]["object"]
    assert (session["payment_status"], session["amount_total"], session["payment_link"]) == ("paid", 5000, made.id)
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 5000)
    assert session["metadata"] == intent["metadata"] == APPOINTMENT
    assert session["payment_intent"] == intent["id"] == paid["payment_intent"]
    assert paid["webhook_status"] == 200
    assert paid["events"] == [completed["id"], succeeded["id"]]


def test_a_link_with_a_limit_of_one_is_paid_once(world: Any) -> None:
    sandbox, receiver = world
    made = link(sandbox)
    sandbox.post("/pay", payment_link_id=made.id)
    again = sandbox.call("POST", "/pay", {"payment_link_id": made.id})
    assert again.status_code == 409
    assert "no longer active" in again.json()["error"]["message"]
    assert len(events(receiver, 2)) == 2
    assert not client(sandbox).v1.payment_links.retrieve(made.id).active


def test_a_link_switched_off_cannot_be_paid(world: Any) -> None:
    sandbox, receiver = world
    made = link(sandbox)
    assert not client(sandbox).v1.payment_links.update(made.id, {"active": False}).active
    assert sandbox.call("POST", "/pay", {"payment_link_id": made.id}).status_code == 409
    assert not receiver.received


def test_the_same_idempotency_key_gives_the_same_link_and_other_parameters_an_error(world: Any) -> None:
    sandbox, _receiver = world
    assert link(sandbox, "deposit-1").id == link(sandbox, "deposit-1").id
    assert link(sandbox, "deposit-2").id != link(sandbox, "deposit-1").id
    with pytest.raises(stripe.IdempotencyError):
        link(sandbox, "deposit-1", amount=6000)
    assert len(sandbox.get("/payment-links")["payment_links"]) == 2


def test_sessions_are_found_by_their_link(world: Any) -> None:
    sandbox, _receiver = world
    made, other = link(sandbox), link(sandbox)
    sandbox.post("/pay", payment_link_id=made.id)
    sessions = client(sandbox).v1.checkout.sessions
    assert [found.payment_status for found in sessions.list({"payment_link": made.id}).data] == ["paid"]
    assert not sessions.list({"payment_link": other.id}).data


@pytest.mark.parametrize(
    ("event", "kind"), [("expired", "checkout.session.expired"), ("failed", "payment_intent.payment_failed")]
)
def test_a_payment_that_does_not_happen_leaves_the_link_open(world: Any, event: str, kind: str) -> None:
    sandbox, receiver = world
    made = link(sandbox)
    sandbox.post("/pay", payment_link_id=made.id, event=event)
    assert [found["type"] for found in events(receiver, 1)] == [kind]
    assert client(sandbox).v1.payment_links.retrieve(made.id).active


def test_money_given_back_in_parts_is_a_refund_in_full_only_at_the_end(world: Any) -> None:
    sandbox, receiver = world
    made = link(sandbox)
    assert sandbox.call("POST", "/pay", {"payment_link_id": made.id, "event": "refund"}).status_code == 409
    paid = sandbox.post("/pay", payment_link_id=made.id)
    client(sandbox).v1.refunds.create({"payment_intent": paid["payment_intent"], "amount": 2000})
    events(receiver, 3)
    sandbox.post("/pay", payment_link_id=made.id, event="refund", amount=3000)
    part, whole = (event["data"]["object"] for event in events(receiver, 4)[2:])
    assert (part["amount_refunded"], part["refunded"]) == (2000, False)
    assert (whole["amount_refunded"], whole["refunded"]) == (5000, True)
    assert whole["metadata"] == APPOINTMENT


def test_a_dispute_names_the_payment(world: Any) -> None:
    sandbox, receiver = world
    made = link(sandbox)
    paid = sandbox.post("/pay", payment_link_id=made.id)
    sandbox.post("/pay", payment_link_id=made.id, event="dispute")
    dispute = events(receiver, 3)[-1]
    assert dispute["type"] == "charge.dispute.created"
    assert dispute["data"]["object"]["payment_intent"] == paid["payment_intent"]


def test_a_page_that_was_open_when_its_link_was_switched_off_can_still_be_paid(world: Any) -> None:
    sandbox, receiver = world
    made = link(sandbox)
    client(sandbox).v1.payment_links.update(made.id, {"active": False})
    sandbox.post("/pay", payment_link_id=made.id, page_was_open=True)
    assert len(events(receiver, 2)) == 2


@pytest.mark.parametrize(
    ("end", "kinds", "status"),
    [
        ("bank_paid", ["checkout.session.async_payment_succeeded", "payment_intent.succeeded"], "paid"),
        ("bank_failed", ["checkout.session.async_payment_failed", "payment_intent.payment_failed"], "unpaid"),
    ],
)
def test_a_bank_transfer_takes_its_time_and_uses_the_link_up(
    world: Any, end: str, kinds: list[str], status: str
) -> None:
    sandbox, receiver = world
    made = link(sandbox)
    assert sandbox.call("POST", "/pay", {"payment_link_id": made.id, "event": end}).status_code == 409
    sandbox.post("/pay", payment_link_id=made.id, event="bank")
    assert not client(sandbox).v1.payment_links.retrieve(made.id).active
    sandbox.post("/pay", payment_link_id=made.id, event=end)
    first, *others = events(receiver, 3)
    assert (first["type"], first["data"]["object"]["payment_status"]) == ("checkout.session.completed", "unpaid")
    assert [event["type"] for event in others] == kinds
    [session] = client(sandbox).v1.checkout.sessions.list({"payment_link": made.id}).data
    assert session.payment_status == status


def test_a_listing_shows_payments_and_charges_where_they_are_expanded(world: Any) -> None:
    sandbox, _receiver = world
    made = link(sandbox)
    sandbox.post("/pay", payment_link_id=made.id)
    sandbox.post("/pay", payment_link_id=made.id, event="refund", amount=2000)
    sandbox.post("/pay", payment_link_id=made.id, event="dispute")
    wanted: Any = {"payment_link": made.id, "expand": ["data.payment_intent.latest_charge"]}
    [session] = client(sandbox).v1.checkout.sessions.list(wanted).data
    payment: Any = session.payment_intent
    charge = payment.latest_charge
    assert (charge.amount_refunded, charge.disputed) == (2000, True)
    [plain] = client(sandbox).v1.checkout.sessions.list({"payment_link": made.id}).data
    assert isinstance(plain.payment_intent, str)


def test_another_amount_can_be_paid_than_was_asked(world: Any) -> None:
    sandbox, receiver = world
    sandbox.post("/pay", payment_link_id=link(sandbox).id, amount=4999)
    assert events(receiver, 2)[0]["data"]["object"]["amount_total"] == 4999


def test_events_can_be_listed_afterwards(world: Any) -> None:
    sandbox, _receiver = world
    sandbox.post("/pay", payment_link_id=link(sandbox).id)
    found = client(sandbox).v1.events.list({"type": "payment_intent.succeeded"}).data
    assert [event.type for event in found] == ["payment_intent.succeeded"]


def test_a_wrong_key_is_refused(world: Any) -> None:
    sandbox, _receiver = world
    with pytest.raises(stripe.AuthenticationError):
        client(sandbox, "sk_test_other").v1.balance.retrieve()
    assert client(sandbox).v1.balance.retrieve().livemode is False
    assert client(sandbox).v1.accounts.retrieve_current().charges_enabled


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"line_items[0][price]": "price_none", "line_items[0][quantity]": "1"},
        {"line_items": "x"},
        {"line_items[0]": "x"},
        {"line_items[0][price_data][currency]": "usd", "line_items[0][quantity]": "1"},
        {"line_items[0][quantity]": "-1"},
        {"a[b": "c"},
        {"a": "1", "a[b]": "2"},
        {"a[b][c][d][e][f][g][h][i]": "deep"},
    ],
)
def test_a_form_that_cannot_be_used_is_a_400_in_stripes_words(world: Any, form: dict[str, str]) -> None:
    sandbox, _receiver = world
    headers = {"Authorization": "Bearer sk_test_sandbox"}
    answer = requests.post(f"{sandbox.url}/stripe/v1/payment_links", data=form, headers=headers, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_the_checkout_page_shows_the_amount(world: Any) -> None:
    sandbox, _receiver = world
    page = requests.get(link(sandbox, amount=123_456).url, timeout=5)
    assert page.ok
    assert "1,234.56 USD" in page.text
    assert sandbox.call("GET", "/checkout/plink_none").status_code == 404
