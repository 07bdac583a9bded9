"""Writes that wait for the same turn are one transaction, and none of them pays for another's mistake."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from aro.ids import new_id
from aro.models import DeadLetter, Due
from aro.queue import due
from aro.queue.sqlite.shared_turn import SharedTurn
from tests.aro.queue.test_keep import letter

NOW = datetime(2026, 11, 24, 15, 0, 0, 123456, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


class Burst:
    """The first write holds the turn until `others` are in the queue behind it, which then share the next one."""

    def __init__(self, turn: SharedTurn) -> None:
        self._turn, self._begun, self._go_on = turn, threading.Event(), threading.Event()
        self._threads = ThreadPoolExecutor(8)

    def play(self, *others: Callable[[], Any]) -> list[Future[Any]]:
        first = self._run(self._first)
        assert self._begun.wait(10)
        futures = [self._run(one) for one in others]
        until = threading.Event()
        while len(self._turn._waiting) < len(others):
            until.wait(0.01)
        self._go_on.set()
        assert first.result(10) == "first"
        self._threads.shutdown(wait=True)
        return futures

    def _first(self) -> str:
        self._begun.set()
        assert self._go_on.wait(10)
        return "first"

    def _run(self, write: Callable[[], Any]) -> Future[Any]:
        def here() -> Any:
            try:
                return self._turn.write(write)
            finally:
                connection.close()

        return self._threads.submit(here)


def kept(name: str, seen: list[Any]) -> Callable[[], str]:
    def write() -> str:
        seen.append(transaction.get_connection().connection)
        row = letter()
        row.error_message = name
        row.save(force_insert=True)
        return name

    return write


def fails(error: Exception) -> Callable[[], None]:
    def write() -> None:
        raise error

    return write


def names() -> set[str]:
    return set(DeadLetter.objects.values_list("error_message", flat=True))


def test_those_who_wait_together_are_one_transaction_and_each_has_its_own_answer() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has many writers: nobody waits for a turn")
    seen: list[Any] = []
    futures = Burst(SharedTurn()).play(*(kept(f"{n}", seen) for n in range(4)))
    assert [one.result() for one in futures] == ["0", "1", "2", "3"]
    assert names() == {"0", "1", "2", "3"}
    assert len(set(map(id, seen))) == 1, "by one of the threads"


def test_a_write_that_fails_takes_no_other_with_it() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has many writers: nobody waits for a turn")
    futures = Burst(SharedTurn()).play(kept("before", []), fails(IntegrityError("its own")), kept("after", []))
    assert futures[0].result() == "before"
    assert futures[2].result() == "after"
    with pytest.raises(IntegrityError, match="its own"):
        futures[1].result()
    assert names() == {"before", "after"}


def test_a_database_that_is_away_is_so_for_all_and_is_not_asked_again_for_each() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has many writers: nobody waits for a turn")
    asked: list[int] = []

    def locked() -> None:
        asked.append(1)
        raise OperationalError("database is locked")

    futures = Burst(SharedTurn()).play(kept("one", []), locked, kept("two", []))
    for one in futures:
        with pytest.raises(OperationalError):
            one.result()
    assert len(asked) == 1
    assert not DeadLetter.objects.exists()


def test_within_a_larger_transaction_it_is_kept_or_lost_with_it() -> None:
    with transaction.atomic():
        assert due.keep(letter(), "x", NOW, unique=("id",))
        transaction.set_rollback(True)
    assert not DeadLetter.objects.exists()
    assert not Due.objects.exists()


def test_a_burst_of_deliveries_is_kept_each_once() -> None:
    ids = [new_id() for _ in range(20)]
    with ThreadPoolExecutor(8) as threads:

        def here(one: Any) -> bool:
            try:
                return due.keep(letter(id=one), "x", NOW, unique=("id",))
            finally:
                connection.close()

        answers = list(threads.map(here, ids + ids))
    assert answers.count(True) == 20
    assert set(Due.objects.values_list("ref", flat=True)) == set(ids)
