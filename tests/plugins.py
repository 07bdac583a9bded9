"""Fixtures that every test needs and no test should have to think about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from aro.ops import key_proofs
from compliance import append_only

# Django's own notes on the models. They are the same in every test and take longer to write anew than most tests take.
_KEPT = {"django_content_type", "auth_permission"}


@pytest.fixture(autouse=True, scope="session")
def the_keys_are_the_databases_own() -> Iterator[None]:
    """What every process finds out when it starts; the test's database begins empty again and again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_proofs, "_verified", True)
        yield


@pytest.fixture(scope="session", autouse=True)
def a_transactional_test_ends_by_deleting_its_rows() -> Iterator[None]:
    """Django's way is to TRUNCATE all tables, however empty, and to write its notes on the models anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: delete_all_rows())
        yield


def delete_all_rows() -> None:
    """Foreign keys are checked at the end of the transaction, so that the order does not matter."""
    filled = _filled()
    # The append-only tables allow it only within `suspended`, which is dear on SQLite.
    with append_only.suspended() if filled & append_only.GUARDED.keys() else transaction.atomic():
        for table in filled:
            _ask(f"DELETE FROM {table}")


def _filled() -> set[str]:
    return {name for (name,) in _ask(_which_are_filled())}


@cache
def _which_are_filled() -> str:
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _KEPT
    return " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in sorted(tables))


def _ask(statement: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
