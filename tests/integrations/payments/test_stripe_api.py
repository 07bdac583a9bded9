"""Payment links: Stripe's SDK against a server that says what Stripe says, and what it should not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from django.test import override_settings

from integrations.providers.shared.base import (
    Effect,
    Link,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from integrations.providers.stripe import api
from tests.integrations.loopback import Loopback, hang_up, http

DEPOSIT = UUID("0192f0c1-7a3b-7c4d-8e5f-60718293a4b5")
VISIT = UUID("0192f0c1-0000-7c4d-8e5f-60718293a4b5")
MADE = {"id": "plink_1", "object": "payment_link", "url": "https://buy.stripe.com/test_1", "active": True}


def create(currency: str = "USD") -> Link:
    return api.create_deposit_link(
        deposit_id=DEPOSIT,
        appointment_id=VISIT,
        amount=Decimal("50.00"),
        currency=currency,
        idempotency_key="deposit-1",
    )


def failure(stripe: Loopback, answer: Any) -> ProviderFailure:
    stripe.answers = [answer]
    with pytest.raises(ProviderFailure) as caught:
        create()
    return caught.value


def test_a_link_takes_one_payment_and_names_nobody(stripe: Loopback) -> None:
    stripe.answers = [http(200, MADE)]
    assert create() == Link(id="plink_1", url="https://buy.stripe.com/test_1")
    assert dict(parse_qsl(stripe.form().decode())) == {
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": "5000",
        "line_items[0][price_data][product_data][name]": "Deposit",
        "line_items[0][quantity]": "1",
        "restrictions[completed_sessions][limit]": "1",
        "metadata[aro_deposit_id]": str(DEPOSIT),
        "metadata[aro_appointment_id]": str(VISIT),
        "payment_intent_data[metadata][aro_deposit_id]": str(DEPOSIT),
        "payment_intent_data[metadata][aro_appointment_id]": str(VISIT),
    }
    assert stripe.requests[0].startswith(b"POST /stripe/v1/payment_links ")
    assert b"idempotency-key: deposit-1" in stripe.requests[0].lower()


def test_a_currency_without_decimals_is_not_multiplied(stripe: Loopback) -> None:
    stripe.answers = [http(200, MADE)]
    create("JPY")
    assert dict(parse_qsl(stripe.form().decode()))["line_items[0][price_data][unit_amount]"] == "50"


def test_a_link_is_switched_off(stripe: Loopback) -> None:
    stripe.answers = [http(200, MADE | {"active": False})]
    api.deactivate("plink_1")
    assert stripe.requests[0].startswith(b"POST /stripe/v1/payment_links/plink_1 ")
    assert dict(parse_qsl(stripe.form().decode())) == {"active": "false"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_a_task_for_whoever_looks_after_it(stripe: Loopback, status: int) -> None:
    error = failure(stripe, http(status, {"error": {"type": "invalid_request_error", "message": "sk_test_secret"}}))
    assert isinstance(error, RefusedError)
    assert (error.code, error.effect, error.permanent) == (f"stripe_{status}", Effect.CONFIG_ALERT, False)
    assert "sk_test" not in f"{error!r}{error.staff_message}"


def test_a_refusal_carries_the_providers_code_and_not_its_words(stripe: Loopback) -> None:
    body = {"error": {"type": "invalid_request_error", "code": "amount_too_small", "message": "for Rosa"}}
    error = failure(stripe, http(400, body))
    assert isinstance(error, RefusedError)
    assert (error.code, error.permanent) == ("amount_too_small", True)
    assert "Rosa" not in f"{error!r}{error.staff_message}{error.next_step}"


def test_too_fast_waits_as_long_as_stripe_says(stripe: Loopback) -> None:
    answer = http(429, {"error": {"type": "invalid_request_error", "code": "rate_limit"}}, headers={"Retry-After": "3"})
    error = failure(stripe, answer)
    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 3


@pytest.mark.parametrize(
    "answer",
    [
        hang_up,
        http(500, {"error": {"type": "api_error"}}),
        http(503, b"<html>"),
        http(200, b"{"),
        http(200, b"[]"),
        http(200, {"id": 7}),
        http(302, b"", headers={"Location": "http://127.0.0.1:9"}),
    ],
)
def test_an_answer_that_settles_nothing_leaves_the_outcome_unknown(stripe: Loopback, answer: Any) -> None:
    assert isinstance(failure(stripe, answer), OutcomeUnknownError)


def test_the_sdk_tries_nothing_again_by_itself(stripe: Loopback) -> None:
    failure(stripe, http(500, {"error": {"type": "api_error"}}, headers={"stripe-should-retry": "true"}))
    assert len(stripe.requests) == 1


def test_no_connection_means_that_nothing_was_done() -> None:
    urls = {"stripe": "http://127.0.0.1:9", "calendly": "", "twilio": "", "llm": ""}
    with override_settings(PROVIDER_BASE_URLS=urls), pytest.raises(UnavailableError):
        create()
