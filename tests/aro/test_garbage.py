from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from aro import garbage


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


class Loaded:
    """Refers to itself, so that only a search finds that nobody else does."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_loaded_is_not_searched_again_and_what_comes_later_is() -> None:
    loaded = Loaded()
    garbage.settle()
    assert not any(one is loaded for one in gc.get_objects())
    later = Loaded()
    assert any(one is later for one in gc.get_objects())


def test_what_was_rubbish_before_is_not_kept_for_ever() -> None:
    for _ in range(10):
        Loaded()
    garbage.settle()
    gc.unfreeze()
    assert not [one for one in gc.get_objects() if isinstance(one, Loaded)]
