"""Handing texts to Twilio: the SDK against a server that says what Twilio says, and what it should not."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.test import override_settings

from integrations.providers.shared import transport
from integrations.providers.shared.base import (
    Accepted,
    Effect,
    OutcomeUnknownError,
    ProviderFailure,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from integrations.providers.twilio import api, errors
from tests.integrations.loopback import Loopback, hang_up, http

EXECUTION = UUID("0192f0c1-7a3b-7c4d-8e5f-60718293a4b5")
PHONE = "+12125550177"
SENT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def twilio(loopback: Loopback) -> Iterator[Loopback]:
    urls = {"calendly": "", "stripe": "", "twilio": f"{loopback.url}/twilio", "llm": ""}
    with override_settings(PROVIDER_BASE_URLS=urls, PUBLIC_BASE_URL="https://clinic.example"):
        yield loopback


def message(**values: Any) -> dict[str, Any]:
    at = SENT.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return {
        "sid": "SM" + "1" * 32, "status": "queued", "num_segments": "1", "body": "See you at 10.", "to": PHONE,
        "from": "+15005550006", "date_created": at, "date_sent": None, "date_updated": at, "price": None,
        "error_code": None, "direction": "outbound-api", "account_sid": "AC" + "a" * 32, **values,
    }  # fmt: skip


def page(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"messages": list(messages), "page": 0, "page_size": 50, "next_page_uri": None}


def send(**values: Any) -> Accepted:
    wanted = {"to": PHONE, "body": "See you at 10.", "channel": "sms", "validity_seconds": 3600, **values}
    return api.send(execution_id=EXECUTION, **wanted)


def failure(twilio: Loopback, status: int, body: Any, **headers: str) -> ProviderFailure:
    twilio.answers = [http(status, body, headers={k.replace("_", "-"): v for k, v in headers.items()})]
    with pytest.raises(ProviderFailure) as caught:
        send()
    return caught.value


def test_a_text_is_handed_over_with_our_id_in_its_callback(twilio: Loopback) -> None:
    twilio.answers = [http(201, message())]
    assert send() == Accepted(provider_id="SM" + "1" * 32, status="queued", segments=1)
    form = {name: values[0] for name, values in parse_qs(twilio.form().decode()).items()}
    assert form == {
        "To": PHONE,
        "From": "+15005550006",
        "Body": "See you at 10.",
        "StatusCallback": f"https://clinic.example/webhooks/twilio/status/{EXECUTION}#rc=5&rp=all",
        "ValidityPeriod": "3600",
    }
    assert twilio.requests[0].startswith(b"POST /twilio/2010-04-01/Accounts/AC" + b"a" * 32 + b"/Messages.json ")


def test_whatsapp_goes_from_and_to_whatsapp_numbers(twilio: Loopback) -> None:
    twilio.answers = [http(201, message())]
    with override_settings(TWILIO_WHATSAPP_NUMBER="+15005550007"):
        send(channel="whatsapp")
    form = parse_qs(twilio.form().decode())
    assert (form["To"], form["From"]) == ([f"whatsapp:{PHONE}"], ["whatsapp:+15005550007"])


def test_without_a_sender_number_nothing_leaves(twilio: Loopback) -> None:
    with override_settings(TWILIO_WHATSAPP_NUMBER=""), pytest.raises(RefusedError) as caught:
        send(channel="whatsapp")
    assert (caught.value.code, caught.value.effect) == ("no_sender", Effect.CONFIG_ALERT)
    assert twilio.requests == []


@pytest.mark.parametrize(("wanted", "sent"), [(0, "1"), (-5, "1"), (10**6, "36000")])
def test_the_validity_stays_within_what_twilio_takes(twilio: Loopback, wanted: int, sent: str) -> None:
    twilio.answers = [http(201, message())]
    send(validity_seconds=wanted)
    assert parse_qs(twilio.form().decode())["ValidityPeriod"] == [sent]


def test_segments_that_twilio_does_not_know_yet_are_zero(twilio: Loopback) -> None:
    twilio.answers = [http(201, message(num_segments=None, status="something new"))]
    assert send() == Accepted(provider_id="SM" + "1" * 32, status="queued", segments=0)


@pytest.mark.parametrize(
    ("status", "code", "effect", "permanent"),
    [
        (400, 21211, Effect.MARK_PHONE_UNUSABLE, True),
        (400, 21610, Effect.SUPPRESS, True),
        (400, 21614, Effect.MARK_PHONE_UNUSABLE, True),
        (400, 21408, Effect.CONFIG_ALERT, True),
        (401, 20003, Effect.PAUSE_PROVIDER, False),
        (400, 99999, Effect.NONE, True),
    ],
)
def test_a_refusal_says_what_it_means_and_what_to_do(
    twilio: Loopback, status: int, code: int, effect: Effect, permanent: bool
) -> None:
    error = failure(twilio, status, {"code": code, "message": f"about {PHONE}", "status": status})
    assert isinstance(error, RefusedError)
    assert (error.code, error.effect, error.permanent) == (str(code), effect, permanent)
    assert PHONE not in f"{error!r}{error.staff_message}{error.next_step}"


def test_a_refusal_in_a_form_twilio_does_not_use_is_still_a_refusal(twilio: Loopback) -> None:
    assert isinstance(failure(twilio, 403, b"<html>proxy</html>"), RefusedError)


def test_too_fast_waits_as_long_as_twilio_says(twilio: Loopback) -> None:
    error = failure(twilio, 429, {"code": 20429, "message": "Too Many Requests", "status": 429}, Retry_After="17")
    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 17


@pytest.mark.parametrize("status", [500, 502, 503, 504, 302])
def test_an_answer_that_settles_nothing_leaves_the_outcome_unknown(twilio: Loopback, status: int) -> None:
    assert isinstance(failure(twilio, status, b"<html>oops</html>"), OutcomeUnknownError)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{",
        b"[]",
        b"null",
        b'"SM1"',
        b"{}",
        b'{"sid": null}',
        b'{"sid": 7}',
        b'{"sid": "' + b"S" * 500 + b'"}',
    ],
)
def test_garbage_with_a_success_status_leaves_the_outcome_unknown(twilio: Loopback, body: bytes) -> None:
    assert isinstance(failure(twilio, 201, body), OutcomeUnknownError)


def test_a_lost_answer_leaves_the_outcome_unknown(twilio: Loopback) -> None:
    twilio.answers = [hang_up]
    with pytest.raises(OutcomeUnknownError):
        send()


def test_no_connection_means_that_it_was_surely_not_taken() -> None:
    urls = {"twilio": "http://127.0.0.1:9", "calendly": "", "stripe": "", "llm": ""}
    with override_settings(PROVIDER_BASE_URLS=urls), pytest.raises(UnavailableError):
        send()


def test_the_call_ends_with_its_deadline(twilio: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    twilio.answers = [twilio.drip]
    monkeypatch.setattr(transport, "DEADLINE_SECONDS", 0.5)
    started = time.monotonic()
    with pytest.raises(OutcomeUnknownError):
        send()
    assert time.monotonic() - started < 3


def test_a_lost_text_is_found_by_number_wording_and_time(twilio: Loopback) -> None:
    twilio.answers = [http(200, page(message(sid="SM" + "2" * 32, status="delivered")))]
    found = api.find(to=PHONE, body="See you at 10.", channel="sms", since=SENT)
    assert found == Accepted(provider_id="SM" + "2" * 32, status="delivered", segments=1)
    query = parse_qs(urlsplit(twilio.requests[0].split(b" ")[1].decode()).query)
    assert query["To"] == [PHONE]
    assert not any(name.startswith("DateSent") for name in query)  # a queued text has no sent date


@pytest.mark.parametrize(
    "other",
    [
        {"body": "Another text."},
        {"date_created": "Fri, 20 Nov 2026 08:00:00 +0000"},
        {"date_created": None},
        {"sid": "SM" + "9" * 32},
    ],
)
def test_a_text_that_is_another_one_is_not_found(twilio: Loopback, other: dict[str, Any]) -> None:
    twilio.answers = [http(200, page(message(**other)))]
    known = {"SM" + "9" * 32}
    assert api.find(to=PHONE, body="See you at 10.", channel="sms", since=SENT, known=known) is None


@pytest.mark.parametrize("answer", [http(500, b"x"), http(200, b"{"), http(200, {"messages": 3}), hang_up])
def test_a_search_without_an_answer_says_nothing_about_the_text(twilio: Loopback, answer: Any) -> None:
    twilio.answers = [answer]
    with pytest.raises(UnavailableError):
        api.find(to=PHONE, body="x", channel="sms", since=SENT - timedelta(hours=1))


def test_the_account_tells_its_status(twilio: Loopback) -> None:
    twilio.answers = [http(200, {"sid": "AC" + "a" * 32, "status": "active", "type": "Full"})]
    assert api.check_account() == "active"


def test_nothing_of_a_text_reaches_a_log(twilio: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    twilio.answers = [http(201, message()), http(400, {"code": 21211, "message": f"'{PHONE}' is not valid"})]
    send()
    with pytest.raises(RefusedError):
        send()
    assert PHONE not in caplog.text
    assert "See you" not in caplog.text


def test_every_code_says_what_it_means_and_what_to_do() -> None:
    for code, known in errors.MEANINGS.items():
        assert code.isdigit()
        assert known.what.endswith(".")
        assert known.next_step.endswith(".")
