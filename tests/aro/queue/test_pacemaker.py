"""Work goes on while nobody says what to look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from aro import clock
from aro.ids import new_id
from aro.models import Due
from aro.queue import due, lanes, pacemaker
from aro.queue.lanes import Lane
from aro.queue.pacemaker import Pacemaker

pytestmark = pytest.mark.django_db(transaction=True)
LANE = "forgotten"


@pytest.fixture(autouse=True)
def lane(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    done = Lane(name=LANE, handle=lambda claims, now: due.finish_many(claims), batch=2)
    monkeypatch.setitem(lanes._lanes, LANE, done)
    due.put_many(LANE, [(new_id(), clock.now() - timedelta(seconds=1)) for _ in range(3)])
    yield
    Due.objects.filter(lane=LANE).delete()


def serving(*names: str) -> Pacemaker:
    """One without a thread, whose lanes were spoken of just now."""
    made = Pacemaker()
    made._told_at = dict.fromkeys(names, float("inf"))
    return made


def test_a_lane_that_is_spoken_of_is_left_to_its_ticks() -> None:
    assert serving(LANE).look() == 0
    assert Due.objects.filter(lane=LANE).count() == 3


def test_a_forgotten_lane_is_worked_on_batch_by_batch_until_somebody_speaks_of_it() -> None:
    alone = serving(LANE)
    alone._told_at[LANE] = float("-inf")
    assert alone.look() == 2
    alone.told(LANE)
    assert alone.look() == 0
    assert Due.objects.filter(lane=LANE).count() == 1


def test_other_workers_lanes_are_not_its_business() -> None:
    alone = serving("another")
    alone.told(LANE)
    assert alone.look() == 0


def test_patience_outlasts_the_rarest_beat(settings: object) -> None:
    every = [entry["schedule"] for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if name.startswith("look at")]  # type: ignore[attr-defined]
    assert max(every) < pacemaker.PATIENCE_SECONDS
