"""Small writes of one process that wait for the same turn are one transaction: the first in the queue does them all.

Each for itself, the threads of a worker would wait for a turn and a write to the disk for each text they sent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from django.db import OperationalError, connection, transaction

T = TypeVar("T")
# In one transaction: a few milliseconds, for which other processes wait.
MOST = 8


class _Write(Generic[T]):
    """One caller's, and what became of it."""

    def __init__(self, write: Callable[[], T]) -> None:
        self._write, self._context = write, copy_context()  # whose log lines and correlation it is
        self._result: list[T] = []
        self.error: BaseException | None = None

    @property
    def is_over(self) -> bool:
        return bool(self._result) or self.error is not None

    def do(self) -> None:
        self._result = [self._context.copy().run(self._write)]

    def undo(self) -> None:
        self._result = []

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return self._result[0]


class SharedTurn:
    def __init__(self) -> None:
        self._waiting: list[_Write[Any]] = []
        self._adding, self._turn = threading.Lock(), threading.Lock()

    def write(self, write: Callable[[], T]) -> T:
        """Has `write` done in a transaction, here or in another thread, and returns or raises what it did when it is
        committed. It may be done twice, but is kept once: it must be short, and change nothing but rows."""
        one = _Write(write)
        with self._adding:
            self._waiting.append(one)
        with self._turn:
            while not one.is_over:
                self._do_some()
        return one.result()

    def _do_some(self) -> None:
        """Whoever comes while we wait for the file is taken along."""
        mine: list[_Write[Any]] = []
        try:
            with transaction.atomic():
                mine = self._take()
                for one in mine:
                    one.do()
        except BaseException as error:  # noqa: BLE001 - it is raised where each of them waits
            self._apart(mine or self._take(len(self._waiting)), error)

    def _take(self, most: int = MOST) -> list[_Write[Any]]:
        with self._adding:
            mine, self._waiting = self._waiting[:most], self._waiting[most:]
        return mine

    def _apart(self, mine: list[_Write[Any]], error: BaseException) -> None:
        """Nothing was kept. A database that is locked or away is so for all; else one of them has failed, and the
        others must not fail with it."""
        for one in mine:
            one.undo()
            if isinstance(error, OperationalError) or len(mine) == 1:
                one.error = error
            else:
                self._alone(one)

    def _alone(self, one: _Write[Any]) -> None:
        try:
            with transaction.atomic():
                one.do()
        except BaseException as error:  # noqa: BLE001 - as above
            one.undo()
            one.error = error


_all = SharedTurn()


def write(write: Callable[[], T]) -> T:
    """`write` in a transaction: its own on PostgreSQL, which has many writers, and the caller's where there is one.
    See `SharedTurn.write`."""
    if connection.in_atomic_block:
        return write()
    if connection.vendor == "sqlite":
        return _all.write(write)
    with transaction.atomic():
        return write()
