"""Breaker, bucket and waits: the rules by themselves, then in their shared row."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import override_settings

from aro import clock
from compliance.reasons import Reason
from integrations.desk import breakers
from integrations.models import BreakerChange, ProviderState
from integrations.outbound.resilience import breaker, bucket, gate
from integrations.outbound.resilience.breaker import Circuit
from integrations.outbound.resilience.bucket import Bucket
from integrations.outbound.resilience.retry import next_delay
from integrations.providers import POLICIES

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MESSAGING = POLICIES["twilio"].breaker
LIMIT = POLICIES["twilio"].limit
CLOSED = Circuit(state="closed")


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def after_failures(count: int, *, apart: float = 1, start: Circuit = CLOSED) -> Circuit:
    circuit = start
    for number in range(count):
        circuit = breaker.failed(circuit, MESSAGING, now=later(number * apart))
    return circuit


@pytest.mark.parametrize("provider", POLICIES)
def test_a_breaker_opens_after_exactly_the_failures_of_its_kind(provider: str) -> None:
    policy = POLICIES[provider].breaker
    circuit = CLOSED
    for number in range(policy.open_after):
        assert circuit.state == "closed"
        circuit = breaker.failed(circuit, policy, now=later(number))
    assert circuit.state == "open"


def test_the_numbers_are_those_of_the_product() -> None:
    numbers = {
        name: (
            policy.domain,
            policy.breaker.open_after,
            policy.breaker.close_after,
            policy.breaker.half_open_after.total_seconds(),
            policy.breaker.window.total_seconds(),
            policy.retry.attempts,
        )
        for name, policy in POLICIES.items()
    }
    by_domain = {
        "messaging": ("messaging", 5, 2, 60, 300, 5),
        "booking": ("booking", 10, 3, 120, 600, 3),
        "payment": ("payment", 3, 2, 30, 180, 2),
    }
    assert {"twilio", "calendly", "stripe"} <= set(numbers)
    assert all(found == by_domain[found[0]] for found in numbers.values()), numbers


def test_failures_further_apart_than_the_window_do_not_open_it() -> None:
    assert after_failures(20, apart=90).state == "closed"


def test_an_open_breaker_lets_nothing_through_until_it_is_tried_again() -> None:
    opened = after_failures(5)
    assert breaker.permit(opened, MESSAGING, now=later(4 + 59))[1] == pytest.approx(1)
    probing, wait = breaker.permit(opened, MESSAGING, now=later(4 + 60))
    assert (probing.state, wait) == ("half_open", 0)


def test_while_half_open_one_probe_goes_through_at_a_time() -> None:
    probing, first = breaker.permit(Circuit(), MESSAGING, now=NOW)
    _, second = breaker.permit(probing, MESSAGING, now=later(0.1))
    assert (first, second) == (0, breaker.PROBE_PAUSE_SECONDS)
    done = breaker.succeeded(probing, MESSAGING)
    assert breaker.permit(done, MESSAGING, now=later(0.2))[1] == 0


def test_a_probe_whose_worker_died_is_forgotten() -> None:
    probing, _ = breaker.permit(Circuit(), MESSAGING, now=NOW)
    assert breaker.permit(probing, MESSAGING, now=NOW + breaker.PROBE_PATIENCE)[1] == 0


def test_enough_successes_in_a_row_close_it_and_one_failure_opens_it_again() -> None:
    once = breaker.succeeded(Circuit(), MESSAGING)
    assert once.state == "half_open"
    assert breaker.succeeded(once, MESSAGING) == CLOSED
    assert breaker.failed(once, MESSAGING, now=NOW).state == "open"


def test_a_late_success_does_not_close_an_open_breaker() -> None:
    opened = after_failures(5)
    assert breaker.succeeded(opened, MESSAGING) == opened


def test_a_clock_that_went_back_leaves_no_breaker_open() -> None:
    opened = breaker.opened(now=later(86_400))
    assert breaker.permit(opened, MESSAGING, now=NOW)[1] == 0


def test_a_bucket_nobody_knows_starts_almost_empty() -> None:
    taken, wait = bucket.take(Bucket(), LIMIT, now=NOW)
    assert wait == 0
    assert bucket.take(taken, LIMIT, now=NOW)[1] == pytest.approx(1)


def test_a_bucket_fills_at_its_rate_and_holds_no_more_than_its_burst() -> None:
    full, given = Bucket(tokens=0, refilled_at=NOW), 0
    while True:
        full, wait = bucket.take(full, LIMIT, now=later(3600))
        if wait:
            break
        given += 1
    assert given == 10


def test_a_bucket_survives_a_clock_that_went_back() -> None:
    after, _ = bucket.take(Bucket(tokens=3, refilled_at=later(86_400)), LIMIT, now=NOW)
    assert after == Bucket(tokens=2, refilled_at=NOW)


def test_a_drained_bucket_gives_nothing_until_the_time_the_provider_named() -> None:
    empty = bucket.drained(LIMIT, seconds=17, now=NOW)
    assert bucket.take(empty, LIMIT, now=later(16))[1] == pytest.approx(1)
    assert bucket.take(empty, LIMIT, now=later(17))[1] == 0


@pytest.mark.parametrize(
    ("provider", "longest"), [("twilio", [0.5, 1, 2, 4, 8]), ("calendly", [1, 2, 4]), ("stripe", [2, 5])]
)
def test_waits_grow_as_the_policy_says_and_are_up_to_half_random(provider: str, longest: list[float]) -> None:
    policy, rng = POLICIES[provider].retry, Random(7)
    for attempt, wait in enumerate(longest, start=1):
        seen = [next_delay(policy, attempt, rng) for _ in range(200)]
        assert wait / 2 <= min(seen) < max(seen) <= wait


def test_no_wait_is_longer_than_the_longest() -> None:
    assert all(next_delay(POLICIES["twilio"].retry, attempt) <= 30 for attempt in range(100))


def close(provider: str = "twilio") -> None:
    for _ in range(3):
        gate.succeeded(provider, now=NOW)


def test_an_unknown_provider_is_tried_once_before_others_go(db: None) -> None:
    assert gate.admit("twilio", now=NOW).wait_seconds == 0
    second = gate.admit("twilio", now=later(0.1))
    assert (second.wait_seconds, second.reason) == (breaker.PROBE_PAUSE_SECONDS, Reason.PROVIDER_PAUSED)


def test_staff_are_told_once_however_often_it_is_tried_again(db: None) -> None:
    close()
    told = [gate.failed("twilio", error="unavailable", now=later(number)) for number in range(5)]
    assert told == [False, False, False, False, True]
    assert gate.admit("twilio", now=later(70)).wait_seconds == 0
    assert gate.failed("twilio", error="unavailable", now=later(71)) is False
    assert ProviderState.objects.get(name="twilio").breaker == "open"


def test_staff_are_told_again_after_it_had_worked_in_between(db: None) -> None:
    assert gate.failed("twilio", error="20003", now=NOW, at_once=True)
    gate.admit("twilio", now=later(61))
    close()
    assert gate.failed("twilio", error="20003", now=later(90), at_once=True)


def test_every_change_of_the_breaker_is_on_record(db: None) -> None:
    gate.failed("twilio", error="20003", now=NOW, at_once=True)
    gate.admit("twilio", now=later(60))
    close()
    changes = BreakerChange.objects.order_by("id").values_list("before", "after")
    assert list(changes) == [("half_open", "open"), ("open", "half_open"), ("half_open", "closed")]


def test_a_provider_that_never_failed_is_not_on_record_as_being_tried_again(db: None) -> None:
    gate.admit("twilio", now=NOW)
    (state,) = [row["state"] for row in breakers.states() if row["provider"] == "twilio"]
    assert state == breakers.FIRST_CALLS
    close()
    assert not BreakerChange.objects.exists()
    gate.failed("twilio", error="20003", now=NOW, at_once=True)
    gate.admit("twilio", now=later(60))
    (state,) = [row["state"] for row in breakers.states() if row["provider"] == "twilio"]
    assert state == "half_open"


def test_the_limit_holds_while_all_is_well(db: None) -> None:
    close()
    waits = [gate.admit("twilio", now=NOW) for _ in range(2)]
    assert waits[0].wait_seconds == 0
    assert waits[1].wait_seconds == pytest.approx(1)
    assert waits[1].reason == Reason.RATE_LIMITED


def test_a_provider_that_says_too_fast_is_left_alone_and_not_counted_as_broken(db: None) -> None:
    close()
    assert gate.slow_down("twilio", seconds=17, now=NOW) == 17
    assert gate.admit("twilio", now=later(10)).wait_seconds == pytest.approx(7)
    assert ProviderState.objects.get(name="twilio").breaker == "closed"


def test_limits_can_be_switched_off_for_benchmarks(db: None) -> None:
    close()
    with override_settings(PROVIDER_RATE_LIMITS=False):
        assert [gate.admit("twilio", now=NOW).wait_seconds for _ in range(50)] == [0] * 50


def test_one_provider_in_trouble_leaves_the_others_alone(db: None) -> None:
    gate.failed("twilio", error="20003", now=NOW, at_once=True)
    assert gate.admit("stripe", now=NOW).wait_seconds == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_share_one_bucket() -> None:
    close()
    ProviderState.objects.filter(name="twilio").update(tokens=10, refilled_at=NOW)
    admitted: list[bool] = []

    def ask() -> None:
        try:
            admitted.append(gate.admit("twilio", now=NOW).wait_seconds == 0)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(admitted) == [False] * 6 + [True] * 10


@pytest.mark.django_db(transaction=True)
def test_failures_at_the_same_moment_are_all_counted() -> None:
    ProviderState.objects.create(name="twilio", domain="messaging", breaker="closed")

    def fail() -> None:
        try:
            gate.failed("twilio", error="outcome unknown", now=clock.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(fail) for _ in range(4)]:
            done.result(timeout=30)
    assert len(ProviderState.objects.get(name="twilio").failures) == 4
