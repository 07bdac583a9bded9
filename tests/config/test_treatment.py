"""Which requests wait for what, and what people see when they have waited in vain."""

from __future__ import annotations

from uuid import UUID

import pytest

from aro.web import answer
from aro.web.limits import LANES, LIMITS
from aro.web.request import Request
from config import treatment as rules


@pytest.mark.parametrize(
    ("method", "path", "lane", "seconds"),
    [
        ("POST", "/webhooks/twilio/sms", "replies", 10.0),
        ("POST", "/webhooks/twilio/status/01a21f42-011a-7097-a292-ab33bc4abcba", "deliveries", 2.0),
        ("POST", "/webhooks/telnyx/sms", "replies", 10.0),
        ("POST", "/webhooks/calendly", "deliveries", 2.0),
        ("GET", "/ready", "probes", 2.0),
        ("GET", "/api/v1/health", "probes", 2.0),
        ("GET", "/admin/", "reads", 10.0),
        ("POST", "/admin/login/", "writes", 10.0),
        ("BREW", "/", "writes", 10.0),
    ],
)
def test_who_cannot_come_again_waits_longest_and_nobody_longer_than_its_sender(
    method: str, path: str, lane: str, seconds: float
) -> None:
    treatment = rules.of(method, path)
    assert (treatment.lane, treatment.seconds) == (lane, seconds)
    assert treatment.lane in LANES
    assert treatment.at_most < 15 or lane in ("reads", "writes")


def test_programs_get_the_envelope_and_people_a_page_with_a_next_step() -> None:
    envelope = rules.polite(Request(target=b"/webhooks/calendly"), answer.BUSY)
    assert (envelope.status, envelope.body) == (answer.BUSY.status, answer.BUSY.body)
    page = rules.polite(Request(target=b"/admin/"), answer.BUSY)
    assert page.status.startswith("503")
    assert ("Retry-After", "5") in page.headers
    assert b"<h1>ARO is not available at the moment</h1>" in page.body
    assert b"aro status" in page.body


def test_who_tries_again_is_told_within_three_seconds() -> None:
    assert rules.DELIVERIES.seconds + LIMITS.look_seconds < 2.5
    assert rules.PROBES.seconds + LIMITS.look_seconds < 2.5


@pytest.mark.parametrize("told", [answer.BUSY, answer.BODY_TOO_LARGE, answer.alive()])
@pytest.mark.parametrize("path", [b"/webhooks/calendly", b"/admin/", b"/health"])
def test_the_servers_own_answers_carry_the_correlation_id_that_was_sent(told: answer.Answer, path: bytes) -> None:
    sent = Request(target=path, headers=[(b"x-correlation-id", b"call-1")])
    assert ("X-Correlation-Id", "call-1") in rules.polite(sent, told).headers
    for other in (None, Request(target=path), Request(target=path, headers=[(b"X-Correlation-Id", b"<script>")])):
        (made,) = (value for name, value in rules.polite(other, told).headers if name == "X-Correlation-Id")
        assert UUID(made)
    assert "X-Correlation-Id" not in dict(told.headers), "what is the same for all stays so"
