"""Resend out, over real HTTP: what is asked, and what each answer means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from aro.ops.unused_ports import unused_port
from integrations.providers import CARRIERS
from integrations.providers.resend import api
from integrations.providers.shared.base import (
    Effect,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from integrations.providers.shared.outgoing import Outgoing
from tests.integrations.loopback import Loopback, hang_up, http

EXECUTION = UUID("0192f0c1-7a3b-7c4d-8e5f-60718293a4b5")
LINK = "https://clinic.example/unsubscribe/token"


@pytest.fixture
def resend(loopback: Loopback) -> Iterator[Loopback]:
    with reached_at(loopback.url):
        yield loopback


def reached_at(url: str) -> override_settings:
    return override_settings(
        PROVIDER_BASE_URLS={"resend": url}, RESEND_API_KEY="re_test", RESEND_FROM="desk@clinic.example"
    )


def send() -> Any:
    letter = Outgoing(
        to="ana@example.com",
        channel="email",
        body="Hello Ana,\n\nsee you on Monday.",
        execution_id=EXECUTION,
        key=f"{EXECUTION}-0",
        validity_seconds=60,
        subject="Your visit",
        sender_name="Bright Dental",
        reply_to="hello@clinic.example",
        unsubscribe_url=LINK,
    )
    return api.send(letter)


def failure() -> ProviderFailure:
    with pytest.raises(ProviderFailure) as caught:
        send()
    return caught.value


def test_an_email_is_handed_over_under_its_key_with_the_way_out(resend: Loopback) -> None:
    resend.answers = [http(200, {"id": "7d1c2f3e"})]
    accepted = send()
    assert (accepted.provider_id, accepted.status) == ("7d1c2f3e", "queued")
    head, _, body = resend.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /emails HTTP/1.1")
    assert f"Idempotency-Key: {EXECUTION}-0".encode() in head
    assert b"Authorization: Bearer re_test" in head
    said = json.loads(body)
    assert (said["from"], said["to"]) == ("Bright Dental <desk@clinic.example>", ["ana@example.com"])
    assert said["reply_to"] == "hello@clinic.example"
    assert said["headers"]["List-Unsubscribe"] == f"<{LINK}>"
    assert said["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert said["tags"] == [{"name": "execution", "value": str(EXECUTION)}]


@pytest.mark.parametrize(
    "answer",
    [
        *(hang_up, http(500, {}), http(302, b""), http(408, {}), http(200, b"<html>"), http(200, {"id": ""})),
        http(409, {"name": "invalid_idempotent_request"}),
        http(409, {"name": "concurrent_idempotent_requests"}),
    ],
)
def test_what_may_have_been_taken_is_never_called_a_failure(resend: Loopback, answer: Any) -> None:
    resend.answers = [answer]
    assert isinstance(failure(), OutcomeUnknownError)


def test_who_is_not_there_has_surely_taken_nothing() -> None:
    with reached_at(f"http://127.0.0.1:{unused_port()}"):
        assert isinstance(failure(), UnavailableError)


def test_too_fast_is_asked_again_when_resend_says(resend: Loopback) -> None:
    resend.answers = [http(429, {"name": "rate_limit_exceeded"}, headers={"Retry-After": "2"})]
    error = failure()
    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 2


@pytest.mark.parametrize(
    ("status", "name", "code", "effect"),
    [
        (401, "validation_error", "invalid_api_key", Effect.PAUSE_PROVIDER),
        (403, "invalid_api_key", "invalid_api_key", Effect.PAUSE_PROVIDER),
        (403, "validation_error", "not_verified", Effect.CONFIG_ALERT),
        (422, "invalid_from_address", "invalid_from_address", Effect.CONFIG_ALERT),
        (422, "validation_error", "validation_error", Effect.NONE),
        (422, {"a": 1}, "422", Effect.NONE),
    ],
)
def test_a_refusal_has_resends_name_and_our_meaning(
    resend: Loopback, status: int, name: Any, code: str, effect: Effect
) -> None:
    resend.answers = [http(status, {"name": name, "message": "to ana@example.com", "statusCode": status})]
    error = failure()
    assert isinstance(error, RefusedError)
    assert (error.code, error.effect) == (code, effect)
    assert "ana@" not in str(error) + error.staff_message + error.next_step


def test_without_a_sender_nothing_leaves_and_the_reason_says_what_to_set(resend: Loopback) -> None:
    with override_settings(RESEND_FROM=""):
        error = failure()
    assert isinstance(error, RefusedError)
    assert "RESEND_FROM" in error.next_step
    assert resend.requests == []


def test_it_says_what_it_can() -> None:
    carrier = CARRIERS["resend"]
    assert (carrier.looks_up, carrier.reports, bool(carrier.same_key_once_for)) == (False, True, True)
    assert (carrier.is_set_up("email"), carrier.is_set_up("sms")) == (True, False)
