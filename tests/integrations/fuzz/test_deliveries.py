"""Whatever is sent to a provider's address: a forgery is never accepted, nothing is a server error, no row is half.

`make fuzz N=5000` runs this with as many of each per provider, on both databases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from appointments.models import Appointment, Business, Customer, Message
from aro.models import DeadLetter, Due
from aro.queue import tick
from integrations.models import Receipt
from integrations.providers import ADAPTERS
from tests.integrations.contract import ProviderContract
from tests.integrations.fuzz.bodies import bodies
from tests.integrations.fuzz.doors import every_door
from tests.integrations.fuzz.forgeries import Forgery, forgeries

DOORS = every_door()
NAMES = sorted(set(DOORS) & set(ADAPTERS))
REFUSED = {400, 401, 413, 415}
Try = Callable[[bytes, dict[str, str]], int]


@pytest.fixture
def send(client: Client, business: Business, request: pytest.FixtureRequest) -> Try:
    """Posts at the provider's address and returns the status."""
    door: ProviderContract = DOORS[request.getfixturevalue("name")]
    return lambda body, headers: int(door.post(client, body, headers).status_code)


def many(strategy: st.SearchStrategy[Forgery], examples: int, check: Callable[[Forgery], int]) -> Counter[int]:
    """Tries so many, each in a transaction that is undone; how often each status was the answer."""
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(one=strategy)
    def try_one(one: Forgery) -> None:
        with transaction.atomic():
            statuses[check(one)] += 1
            transaction.set_rollback(True)

    try_one()
    return statuses


def test_every_provider_is_fuzzed() -> None:
    assert set(ADAPTERS) - set(NAMES) == set(), "inherit tests/integrations/contract.py for each"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_forged_delivery_is_refused_and_leaves_nothing(
    name: str, send: Try, fuzz_examples: int, record_property: Callable[[str, object], None]
) -> None:
    def refused(forgery: Forgery) -> int:
        status = send(*forgery)
        assert status in REFUSED
        assert not Receipt.objects.exists()
        assert not Due.objects.exists()
        return status

    statuses = many(forgeries(DOORS[name]), fuzz_examples, refused)
    record_property("fuzz", f"{name}: {statuses.total()} forged, 0 accepted, {_shown(statuses)}")
    assert statuses.total() >= fuzz_examples


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_signed_delivery_of_anything_is_kept_whole_or_refused(
    name: str, send: Try, fuzz_examples: int, record_property: Callable[[str, object], None]
) -> None:
    door = DOORS[name]

    def settled(delivery: Forgery) -> int:
        status = send(*delivery)
        assert status in REFUSED | {200}
        assert Receipt.objects.count() == (1 if status == 200 else 0)
        before = _facts()
        tick.drain(["receipts"])
        for receipt in Receipt.objects.all():
            _whole(receipt, before)
        return status

    def signed(body: bytes) -> Forgery:
        return body, door.sign(body, secret=door.secret())

    statuses = many(bodies(door.good).map(signed), fuzz_examples, settled)
    record_property("fuzz", f"{name}: {statuses.total()} signed but malformed, {_shown(statuses)}")
    assert statuses.total() >= fuzz_examples


def _facts() -> tuple[int, ...]:
    return tuple(model._default_manager.count() for model in (Appointment, Customer, Message))


def _whole(receipt: Receipt, before: tuple[int, ...]) -> None:
    """It is applied, of no concern, waits for its provider, or is a dead letter that has changed nothing."""
    if receipt.outcome == Receipt.Outcome.PENDING:
        assert Due.objects.filter(ref=receipt.id, lane="lookups").exists()
    if receipt.outcome == Receipt.Outcome.FAILED:
        assert DeadLetter.objects.filter(ref=receipt.id).count() == 1
    if receipt.outcome in (Receipt.Outcome.PENDING, Receipt.Outcome.FAILED):
        assert _facts() == before
    assert not Due.objects.filter(ref=receipt.id, lane="receipts").exists(), "an error of ours is being retried"
    assert not Appointment.objects.filter(external_id="").exists()


def _shown(statuses: Counter[int]) -> str:
    return ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
