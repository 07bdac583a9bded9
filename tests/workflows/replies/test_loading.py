"""What reads replies is there before the first reply, and made once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.aro.web.conftest import until
from workflows.replies import loading
from workflows.replies.labels import OpenQuestion
from workflows.replies.stream import by_rules


@pytest.fixture(autouse=True)
def just_started() -> Iterator[None]:
    """As at the start of a process."""
    loading._loaded.clear()
    for made_once in loading.lists():
        made_once.cache_clear()
    yield
    loading.load()


def test_two_who_need_it_at_once_have_it_made_once() -> None:
    both = [threading.Thread(target=loading.load) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(120)
    lists = list(loading.lists())
    assert len(lists) > 40
    assert {made_once.cache_info().misses for made_once in lists} == {1}


@pytest.mark.parametrize("text", ["X, the kids are sick", "podemos el jueves a las 4?", "who is this? stop it"])
def test_no_reply_has_to_make_a_list(text: str) -> None:
    loading.load()
    by_rules(text, OpenQuestion.CONFIRM, "Your visit is on Monday at 3:00 PM. Reply C to confirm.", None)
    assert {made_once.cache_info().misses for made_once in loading.lists()} == {1}


def test_what_waits_for_it_comes_after_it() -> None:
    seen: list[bool] = []
    loading.load_in_the_background(then=lambda: seen.append(loading._loaded.is_set()))
    until(lambda: seen, seconds=120)
    assert seen == [True]
