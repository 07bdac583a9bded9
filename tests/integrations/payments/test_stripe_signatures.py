"""What may come with a Stripe signature: used again, too old, of several schemes, of another body or endpoint."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest
from django.test import Client, override_settings

from appointments.models import Deposit
from aro import clock
from aro.queue import tick
from integrations.models import Receipt
from tests.integrations.contract import fixture
from tests.integrations.payments.test_stripe_states import deposit

__all__ = ["deposit"]
pytestmark = pytest.mark.django_db
SECRET, OTHER = "whsec_sandbox", "whsec_of_another_endpoint"
BODY = fixture("stripe", "checkout.session.completed")
Header = Callable[[int], str]


def mac(at: int, body: bytes = BODY, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def post(client: Client, header: Header, body: bytes = BODY, *, age: int = 0) -> int:
    headers = {"Stripe-Signature": header(int(clock.now().timestamp()) - age)}
    return client.generic("POST", "/webhooks/stripe", body, "application/json", headers=headers).status_code


def good(at: int) -> str:
    return f"t={at},v1={mac(at)}"


@pytest.mark.parametrize(
    "header",
    [
        good,
        lambda at: f"t={at},v1={'0' * 64},v1={mac(at)}",
        lambda at: f"t={at},v1={mac(at, secret=OTHER)},v1={mac(at)},v0={'1' * 64}",
        lambda at: f"v0={'1' * 64},v1={mac(at)},t={at}",
        lambda at: f"  t={at} , v1={mac(at)}  ",
        lambda at: f"t={at},v1={mac(at)},",
    ],
)
def test_one_true_signature_among_others_is_enough(client: Client, deposit: Deposit, header: Header) -> None:
    assert post(client, header) == 200
    tick.drain(["receipts"])
    deposit.refresh_from_db()
    assert deposit.status == Deposit.Status.PAID


@pytest.mark.parametrize(
    "header",
    [
        lambda at: "",
        lambda at: f"v1={mac(at)}",
        lambda at: f"t={at}",
        lambda at: f"t={at},v0={mac(at)}",
        lambda at: f"t={at},v1={mac(at, secret=OTHER)}",
        lambda at: f"t={at},v1={mac(at + 1)}",
        lambda at: f"t={at + 1},v1={mac(at)}",
        lambda at: f"t={at},t={at + 1},v1={mac(at)}",
        lambda at: f"t={at}.0,v1={mac(at)}",
        lambda at: f"t=-{at},v1={mac(at)}",
        lambda at: f"t={at},v1={mac(at)[:-1]}",
        lambda at: f"t={at},v1=",
        lambda at: f"t={at};v1={mac(at)}",
        lambda at: f"t={at},v1={mac(at)}é",
    ],
)
def test_without_one_it_leaves_nothing_behind(client: Client, deposit: Deposit, header: Header) -> None:
    assert post(client, header) in (400, 401)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("age", [330, 86_400, -330])
def test_an_old_one_or_one_from_the_future_is_refused(client: Client, deposit: Deposit, age: int) -> None:
    assert post(client, good, age=age) in (400, 401)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("place", [0, len(BODY) // 2, len(BODY) - 2])
def test_a_body_that_differs_by_one_byte_is_refused(client: Client, deposit: Deposit, place: int) -> None:
    changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
    assert post(client, good, changed) in (400, 401)
    assert not Receipt.objects.exists()


def test_the_same_twice_and_signed_anew_by_a_repeated_delivery_is_one(client: Client, deposit: Deposit) -> None:
    assert [post(client, good), post(client, good), post(client, good, age=5)] == [200, 200, 200]
    tick.drain(["receipts"])
    assert Receipt.objects.count() == 1


def test_an_event_may_not_come_again_with_another_content(client: Client, deposit: Deposit) -> None:
    """Whoever held the secret for a moment changes nothing that has been applied."""
    assert post(client, good) == 200
    tick.drain(["receipts"])
    other = json.dumps(json.loads(BODY) | {"type": "charge.refunded"}).encode()
    assert post(client, lambda at: f"t={at},v1={mac(at, other)}", other) == 200
    tick.drain(["receipts"])
    deposit.refresh_from_db()
    assert (Receipt.objects.count(), deposit.status) == (1, Deposit.Status.PAID)


def test_while_a_secret_is_replaced_both_count_and_afterwards_one(client: Client, deposit: Deposit) -> None:
    def signed_by_other(at: int) -> str:
        return f"t={at},v1={mac(at, secret=OTHER)}"

    with override_settings(STRIPE_WEBHOOK_SECRET=f"{SECRET}, {OTHER}"):
        assert post(client, signed_by_other) == 200
    assert post(client, signed_by_other) in (400, 401)
