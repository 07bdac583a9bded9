"""One lane for what is looked at later and for what is tidied up: in portions, again and again, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from aro import clock
from aro.ids import new_id
from aro.models import DeadLetter, Due, Heartbeat
from aro.queue import due, sweeps, tick
from aro.queue.sweeps import Tidying

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "_tidyings", {})
    monkeypatch.setattr(sweeps, "_looks", [])


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromisoformat("2026-11-20T12:00:00+00:00"), tick=False) as traveller:
        yield traveller


def old_heartbeats(count: int) -> Tidying:
    """A tidying that takes two at a time."""
    Heartbeat.objects.bulk_create(Heartbeat(name=f"old {n}", at=clock.now() - DAY) for n in range(count))
    return Tidying(
        name="old heartbeats",
        every=DAY,
        tidy=lambda now: sweeps.delete_some(Heartbeat.objects.filter(name__startswith="old", at__lt=now)),
    )


def test_what_is_old_goes_in_portions_and_is_looked_at_again(
    noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "DELETED_AT_ONCE", 2)
    tidying = old_heartbeats(5)
    sweeps.register(tidying)
    sweeps.plan_at_start()
    assert tick.drain([sweeps.LANE]) == 0, "not at the start, when everything else is to be done as well"
    noon.shift(DAY)
    assert tick.drain([sweeps.LANE]) == 3, "two, two, and the last with nothing after it"
    assert not Heartbeat.objects.filter(name__startswith="old").exists()
    assert Due.objects.get().due_at == clock.now() + DAY


def test_another_start_puts_nothing_off(noon: time_machine.Traveller) -> None:
    sweeps.register(old_heartbeats(0))
    sweeps.plan_at_start()
    before = Due.objects.values("ref", "due_at", "fence").get()
    noon.shift(timedelta(hours=5))
    sweeps.plan_at_start()
    assert Due.objects.values("ref", "due_at", "fence").get() == before


def test_a_row_is_seen_by_the_one_whose_record_it_is_and_one_that_nobody_knows_goes() -> None:
    ours, theirs, gone = new_id(), new_id(), new_id()
    seen: list[tuple[str, UUID]] = []

    def look(name: str, known: UUID) -> sweeps.Look:
        def _look(refs: Sequence[UUID], now: datetime) -> Iterable[UUID]:
            seen.extend((name, ref) for ref in refs if ref == known)
            assert name == "ours" or ours not in refs, "what is known is shown to nobody else"
            return [ref for ref in refs if ref == known]

        return _look

    sweeps.look_with(look("ours", ours))
    sweeps.look_with(look("theirs", theirs))
    due.put_many(sweeps.LANE, [(ref, clock.now()) for ref in (ours, theirs, gone)])
    tick.drain([sweeps.LANE])
    assert seen == [("ours", ours), ("theirs", theirs)]
    assert not Due.objects.exists()
    assert not DeadLetter.objects.exists()


def test_what_a_look_puts_off_stays() -> None:
    ref, later = new_id(), clock.now() + DAY

    def look(refs: Sequence[UUID], now: datetime) -> Iterable[UUID]:
        due.put(sweeps.LANE, ref, later)
        return refs

    sweeps.look_with(look)
    due.put(sweeps.LANE, ref, clock.now())
    tick.drain([sweeps.LANE])
    assert Due.objects.get().ref == ref


def test_a_name_is_given_once() -> None:
    sweeps.register(old_heartbeats(0))
    with pytest.raises(ValueError, match="registered twice"):
        sweeps.register(old_heartbeats(0))
