"""What the suite promises of itself: who runs where, with whom, and in which order."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission

from tests import plugins
from tests.factories import AppointmentFactory
from tests.groups import arranged, asks_for_rows, group_of, scope_of


def test_a_table_goes_to_one_worker_and_so_do_the_stories() -> None:
    assert scope_of("tests/a.py::test_x[one]") == scope_of("tests/a.py::test_x[two]") != scope_of("tests/a.py::test_y")
    assert scope_of("tests/flows/test_a.py::test_x") == scope_of("tests/flows/test_b.py::test_y")


def test_stories_are_played_as_they_are_written(request: pytest.FixtureRequest) -> None:
    lines = defaultdict[Path, list[int]](list)
    for item in request.session.items:
        if group_of(item.nodeid):
            lines[item.path].append(item.function.__code__.co_firstlineno)  # type: ignore[attr-defined]
    assert [path for path, found in lines.items() if found != sorted(found)] == []


def test_a_shuffle_leaves_the_stories_first_and_as_they_were(request: pytest.FixtureRequest) -> None:
    items = request.session.items
    once = arranged(items, items[::-1])
    stories = [item for item in items if group_of(item.nodeid)]
    assert once[: len(stories)] == stories
    assert sorted(map(id, once)) == sorted(map(id, items))


def test_who_needs_no_row_is_known(request: pytest.FixtureRequest) -> None:
    assert not asks_for_rows(request.node)


@pytest.mark.django_db
def test_who_has_the_mark_asks_for_rows(request: pytest.FixtureRequest) -> None:
    assert asks_for_rows(request.node)


def test_who_wants_to_know_the_database_asks_for_rows(request: pytest.FixtureRequest, database_name: str) -> None:
    assert asks_for_rows(request.node)


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_leaves_no_row_but_djangos_notes_on_the_models() -> None:
    AppointmentFactory.create()
    plugins.delete_all_rows()
    assert plugins._filled() == set()
    assert Permission.objects.filter(content_type__app_label="appointments").exists()
