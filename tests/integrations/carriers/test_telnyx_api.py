"""Telnyx out, over real HTTP: what is asked, and what each answer means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from aro.ops.unused_ports import unused_port
from integrations.providers import CARRIERS
from integrations.providers.shared.base import (
    Effect,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from integrations.providers.telnyx import api
from integrations.providers.telnyx.errors import MEANINGS
from tests.integrations.loopback import Loopback, hang_up, http

EXECUTION = UUID("0192f0c1-7a3b-7c4d-8e5f-60718293a4b5")
PHONE = "+12125550142"


@pytest.fixture
def telnyx(loopback: Loopback) -> Iterator[Loopback]:
    with reached_at(loopback.url):
        yield loopback


def reached_at(url: str) -> override_settings:
    return override_settings(
        PROVIDER_BASE_URLS={"telnyx": url}, PUBLIC_BASE_URL="https://clinic.example", TELNYX_API_KEY="KEYtest"
    )


def send() -> Any:
    return api.send(to=PHONE, body="See you soon.", execution_id=EXECUTION)


def failure() -> ProviderFailure:
    with pytest.raises(ProviderFailure) as caught:
        send()
    return caught.value


def taken(**more: Any) -> Any:
    return http(200, {"data": {"id": "3c2f8d1e", "to": [{"status": "queued"}], "parts": 1, **more}})


def refused(status: int, code: Any) -> Any:
    return http(status, {"errors": [{"code": code, "title": "x", "detail": f"to {PHONE}"}]})


def test_a_text_is_handed_over_with_the_address_of_its_reports(telnyx: Loopback) -> None:
    telnyx.answers = [taken()]
    accepted = send()
    assert (accepted.provider_id, accepted.status, accepted.segments) == ("3c2f8d1e", "queued", 1)
    head, _, body = telnyx.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v2/messages HTTP/1.1")
    assert b"Authorization: Bearer KEYtest" in head
    said = json.loads(body)
    assert (said["from"], said["to"], said["text"]) == ("+15005550020", PHONE, "See you soon.")
    assert said["webhook_url"] == f"https://clinic.example/webhooks/telnyx/status/{EXECUTION}"
    assert said["use_profile_webhooks"] is False


@pytest.mark.parametrize("data", [{}, {"id": None}, {"id": "x" * 81}, {"id": 7}, []])
def test_an_answer_that_names_no_message_leaves_it_open(telnyx: Loopback, data: Any) -> None:
    telnyx.answers = [http(200, {"data": data})]
    assert isinstance(failure(), OutcomeUnknownError)


@pytest.mark.parametrize(
    "answer", [hang_up, http(500, {}), http(503, b"x"), http(302, b""), http(408, {}), http(200, b"<html>")]
)
def test_what_may_have_been_taken_is_never_called_a_failure(telnyx: Loopback, answer: Any) -> None:
    telnyx.answers = [answer]
    assert isinstance(failure(), OutcomeUnknownError)
    assert len(telnyx.requests) == 1


def test_who_is_not_there_has_surely_taken_nothing() -> None:
    with reached_at(f"http://127.0.0.1:{unused_port()}"):
        assert isinstance(failure(), UnavailableError)


def test_too_fast_is_asked_again_when_telnyx_says(telnyx: Loopback) -> None:
    telnyx.answers = [http(429, {}, headers={"Retry-After": "7"})]
    error = failure()
    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 7


@pytest.mark.parametrize(
    ("status", "code", "meant", "effect"),
    [
        (409, "40300", "40300", Effect.SUPPRESS),
        (409, 40300, "40300", Effect.SUPPRESS),
        (401, "10009", "10009", Effect.PAUSE_PROVIDER),
        (403, "x", "10010", Effect.PAUSE_PROVIDER),
        (422, "10002", "10002", Effect.MARK_PHONE_UNUSABLE),
        (422, "40013", "40013", Effect.CONFIG_ALERT),
        (422, "99999", "99999", Effect.NONE),
        (422, {"a": 1}, "422", Effect.NONE),
    ],
)
def test_a_refusal_has_telnyxs_code_and_our_meaning(
    telnyx: Loopback, status: int, code: Any, meant: str, effect: Effect
) -> None:
    telnyx.answers = [refused(status, code)]
    error = failure()
    assert isinstance(error, RefusedError)
    assert (error.code, error.effect) == (meant, effect)
    assert PHONE not in str(error) + error.staff_message + error.next_step


def test_without_a_number_nothing_leaves_and_the_reason_says_what_to_set(telnyx: Loopback) -> None:
    with override_settings(TELNYX_PHONE_NUMBER=""):
        error = failure()
    assert isinstance(error, RefusedError)
    assert "TELNYX_PHONE_NUMBER" in error.next_step
    assert telnyx.requests == []


def test_it_says_what_it_can() -> None:
    carrier = CARRIERS["telnyx"]
    assert (carrier.looks_up, carrier.reports, bool(carrier.same_key_once_for)) == (False, True, False)
    assert not carrier.lists_replies("sms")
    assert (carrier.is_set_up("sms"), carrier.is_set_up("whatsapp")) == (True, False)


def test_every_meaning_is_a_sentence_with_a_next_step() -> None:
    assert all(one.what.endswith(".") and one.next_step.endswith(".") for one in MEANINGS.values())
