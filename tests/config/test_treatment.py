"""Which requests wait for what, and what people see when they have waited in vain."""

from __future__ import annotations

import pytest

from aro.web import answer
from aro.web.limits import LANES, LIMITS
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
    assert rules.polite("/webhooks/calendly", answer.BUSY) is answer.BUSY
    page = rules.polite("/admin/", answer.BUSY)
    assert page.status.startswith("503")
    assert ("Retry-After", "5") in page.headers
    assert b"<h1>ARO is not available at the moment</h1>" in page.body
    assert b"aro status" in page.body


def test_who_tries_again_is_told_within_three_seconds() -> None:
    assert rules.DELIVERIES.seconds + LIMITS.look_seconds < 2.5
    assert rules.PROBES.seconds + LIMITS.look_seconds < 2.5
