"""The broker loses what it held; the database goes away."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aro import paths
from integrations.proving import machine
from integrations.proving.faults.base import Fault
from integrations.proving.field import Field, broker, embedded_only

HANG_SECONDS = 8.0


@dataclass(frozen=True, kw_only=True)
class Emptied(Fault):
    """FLUSHALL, several times in the middle of a burst."""

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(*[_flush] * 4)


@dataclass(frozen=True, kw_only=True)
class Forgetful(Fault):
    """The broker is killed and its append-only file is gone when it starts again."""

    def cannot(self) -> str:
        return embedded_only(paths.broker_url(), "broker")

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(lambda: field.hit(_forget))


@dataclass(frozen=True, kw_only=True)
class BrokerHangs(Fault):
    """It takes connections and answers nobody."""

    def cannot(self) -> str:
        return embedded_only(paths.broker_url(), "broker")

    @contextmanager
    def strike(self, field: Field) -> Iterator[None]:
        with machine.frozen("broker"):
            end = time.monotonic() + HANG_SECONDS
            yield
            time.sleep(max(0.0, end - time.monotonic()))


@dataclass(frozen=True, kw_only=True)
class DatabaseRestarts(Fault):
    """PostgreSQL's immediate shutdown: nothing is finished, it recovers from its log when it starts."""

    def cannot(self) -> str:
        return "" if "database" in machine.running() else "there is no embedded PostgreSQL here"

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(lambda: field.hit(lambda: machine.kill("database", number=signal.SIGQUIT)))


@dataclass(frozen=True, kw_only=True)
class DatabaseLocked(Fault):
    """Somebody else holds SQLite's one write lock."""

    def cannot(self) -> str:
        return "" if paths.sqlite_file(paths.database_url()) else "the database is not SQLite"

    def strike(self, field: Field) -> AbstractContextManager[None]:
        return field.meanwhile(_hold_the_lock)


def _flush() -> None:
    with closing(broker()) as connection:
        connection.flushall()


def _forget() -> None:
    machine.kill("broker")
    shutil.rmtree(paths.home() / "broker" / "appendonlydir", ignore_errors=True)


def _hold_the_lock() -> None:
    file = paths.sqlite_file(paths.database_url()) or Path()
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(HANG_SECONDS)
        connection.execute("ROLLBACK")


ALL: tuple[Fault, ...] = (
    Emptied(name="flushall", family="stores", did="All that the broker held was deleted, four times (FLUSHALL)."),
    Forgetful(name="broker-forgets", family="stores", did="The broker was killed and came back empty."),
    BrokerHangs(
        name="broker-hangs",
        family="stores",
        stays_ready=True,
        did=f"The broker answered nobody for {HANG_SECONDS:.0f} s.",
    ),
    DatabaseRestarts(
        name="database-restarts", family="stores", did="The database was restarted at once, without finishing anything."
    ),
    DatabaseLocked(
        name="database-locked", family="stores", did=f"The database could not be written for {HANG_SECONDS:.0f} s."
    ),
)
