"""Fixtures that every test needs and no test should have to think about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connection

from aro.ops import key_proofs
from compliance import append_only


@pytest.fixture(autouse=True, scope="session")
def the_keys_are_the_databases_own() -> Iterator[None]:
    """What every process finds out when it starts; the test's database begins empty again and again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_proofs, "_verified", True)
        yield


@pytest.fixture(scope="session", autouse=True)
def proof_can_be_emptied_between_tests() -> Iterator[None]:
    """A transactional test ends by emptying all tables; the append-only ones allow it only within `suspended`."""
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_proof_too(self: Any, sql_list: Iterable[str]) -> None:
        with append_only.suspended():
            flush(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_proof_too)
        yield
