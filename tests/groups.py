"""Which tests run on which database, in which order, and which of them one worker plays together.

A scheduler of our own: pytest-xdist 3.8 writes its `xdist_group` marks where pytest 9.2 no longer looks for them, so
that `--dist loadgroup` alone starts every shared installation once in each worker.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# Each shares an installation that takes long to start, and whose clock goes on from test to test.
TOGETHER = ("tests/flows/", "tests/docs/test_runbooks.py", "tests/aro/ops/test_up.py")
# Whoever asks for one of these, or has the mark django_db, asks for the database.
ROWS = {"db", "transactional_db", "django_db_setup", "database_name"}


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """A table of wordings goes to one worker as a whole, and so does a group; all else test by test."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Forgets what is finished: else thousands of finished tests are counted again after every further one."""
        super().mark_test_complete(node, item_index, duration)
        scope = scope_of(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    # The order of the collection, not the largest table first.
    config.option.loadscopereorder = False
    return Scheduling(config, log)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    as_written = list(items)
    yield  # pytest-randomly shuffles
    items[:] = arranged(as_written, items)
    if os.environ["ARO_TEST_DATABASE"] == "postgres":
        _only_with_rows(config, items)


def arranged(as_written: list[pytest.Item], shuffled: list[pytest.Item]) -> list[pytest.Item]:
    """The groups first, as they are written, then what is slow, so that no worker waits for it at the end."""
    groups = [item for item in as_written if group_of(item.nodeid)]
    others = [item for item in shuffled if not group_of(item.nodeid)]
    return groups + sorted(others, key=lambda item: item.get_closest_marker("slow") is None)


def scope_of(nodeid: str) -> str:
    """What one worker gets at once."""
    return group_of(nodeid) or nodeid.split("[")[0]


def group_of(nodeid: str) -> str:
    """Nothing for a test that shares nothing."""
    return next((group for group in TOGETHER if nodeid.startswith(group)), "")


def _only_with_rows(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks for no database cannot depend on which it is: pytest-django refuses it every row."""
    without = [item for item in items if not asks_for_rows(item)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if asks_for_rows(item)]


def asks_for_rows(item: pytest.Item) -> bool:
    """Directly or through a fixture."""
    return item.get_closest_marker("django_db") is not None or not ROWS.isdisjoint(getattr(item, "fixturenames", ()))
