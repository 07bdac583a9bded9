from __future__ import annotations

import pytest
from django.test import override_settings

from aro import clock
from aro.watch.health import Status, providers
from integrations.outbound.health.provider_health import check, check_booking_systems
from integrations.outbound.resilience import gate


def test_every_provider_has_its_place_in_the_health_report(db: None) -> None:
    found = providers()
    assert {found[name].status for name in ("booking_api", "messaging_api", "payment_api")} == {Status.UP}


def test_a_provider_without_credentials_is_off(db: None) -> None:
    with override_settings(TWILIO_ACCOUNT_SID=""):
        assert check("twilio", "TWILIO_ACCOUNT_SID").status == Status.OFF


def test_a_provider_is_down_while_it_is_paused_and_says_why(db: None) -> None:
    gate.failed("twilio", error="20003", now=clock.now(), at_once=True)
    found = check("twilio", "TWILIO_ACCOUNT_SID")
    assert found.status == Status.DOWN
    assert "20003" in found.detail


@pytest.mark.parametrize("calls", [1, 2])
def test_a_provider_comes_up_again_with_its_breaker(db: None, calls: int) -> None:
    for _ in range(calls):
        gate.succeeded("twilio", now=clock.now())
    assert check("twilio", "TWILIO_ACCOUNT_SID").status == Status.UP


def test_the_booking_system_that_is_worst_off_is_named(db: None) -> None:
    gate.failed("square", error="503", now=clock.now(), at_once=True)
    found = check_booking_systems()
    assert found.status == Status.DOWN
    assert found.detail.startswith("square: ")


def test_booking_systems_that_are_not_set_up_do_not_count(db: None) -> None:
    gate.failed("square", error="503", now=clock.now(), at_once=True)
    with override_settings(SQUARE_ACCESS_TOKEN=""):
        assert check_booking_systems().status == Status.UP
