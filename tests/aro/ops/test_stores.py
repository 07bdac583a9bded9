"""The embedded broker and the embedded PostgreSQL, really run."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from aro import paths
from aro.console import PlainError
from aro.ops.stores import broker, database
from aro.ops.supervise.processes import Child, Program, stop
from aro.stores import broker_talk
from aro.stores.broker_address import BrokerAddress

Runner = Callable[[Program], Child]


@pytest.fixture
def run(home: Path) -> Iterator[Runner]:
    children: list[Child] = []

    def begin(program: Program) -> Child:
        children.append(Child(program, environment=dict(os.environ), directory=home, log=home / "store.log"))
        deadline = time.monotonic() + 20
        while program.ready is not None and not program.ready():
            assert time.monotonic() < deadline, (home / "store.log").read_text()
            time.sleep(0.05)
        return children[-1]

    yield begin
    for child in children:
        stop(child, hurry=lambda: False)


def embedded() -> BrokerAddress:
    return BrokerAddress(path=str(paths.broker_socket()))


def client() -> redis.Redis:
    return redis.Redis(unix_socket_path=str(paths.broker_socket()))


def test_the_broker_listens_on_a_private_socket_and_on_no_port(run: Runner) -> None:
    child = run(broker.program())
    assert psutil.Process(child.pid).net_connections(kind="inet") == []
    assert paths.broker_socket().stat().st_mode & 0o777 == 0o700


def test_the_queue_survives_the_death_of_the_broker(run: Runner) -> None:
    child = run(broker.program())
    with client() as connection:
        connection.rpush("receipts", "a hint")
        time.sleep(1.2)  # appendfsync everysec
    child.kill()
    run(broker.program())
    with client() as connection:
        assert connection.lrange("receipts", 0, -1) == [b"a hint"]


def test_a_broker_that_nobody_listens_to_has_no_worker(run: Runner) -> None:
    assert not broker_talk.has_worker(embedded())
    run(broker.program())
    assert not broker_talk.has_worker(embedded())
    with client() as connection, connection.pubsub() as listener:
        listener.psubscribe("/0.celery.pidbox")
        listener.get_message(timeout=2)
        assert broker_talk.has_worker(embedded())


def test_the_broker_never_evicts(run: Runner) -> None:
    run(broker.program())
    with client() as connection:
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert connection.config_get("appendonly") == {"appendonly": "yes"}


def test_a_socket_that_nobody_serves_does_not_answer(home: Path) -> None:
    assert not broker_talk.answers(embedded())


@pytest.mark.slow
def test_postgres_runs_in_the_data_directory_even_for_root(run: Runner, home: Path) -> None:
    run(database.program())
    with psycopg.connect(f"postgresql://aro@/postgres?host={paths.socket_directory()}") as connection:
        assert connection.execute("SELECT upper('é')").fetchone() == ("É",)
    assert (home / "data" / "postgres").stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_an_interrupted_initdb_begins_again(run: Runner, home: Path) -> None:
    unfinished = home / "data" / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")
    run(database.program())
    assert not unfinished.exists()


def test_a_sound_or_missing_sqlite_file_passes(home: Path) -> None:
    file = home / "data" / "aro.db"
    database.check_sqlite(file)
    file.touch()
    database.check_sqlite(file)


def test_a_file_that_is_no_database_is_one_plain_line(home: Path) -> None:
    file = home / "data" / "aro.db"
    file.write_bytes(b"this is not a database" * 100)
    with pytest.raises(PlainError, match=r"aro\.db is damaged \(not an SQLite file\)\. .* mv "):
        database.check_sqlite(file)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("data", "which is a folder and not a file"),
        ("nowhere/aro.db", r"there is no folder .*/nowhere\."),
    ],
)
def test_a_path_that_is_no_file_s_is_a_wrong_setting_and_no_damage(home: Path, name: str, said: str) -> None:
    with pytest.raises(PlainError, match=said) as error:
        database.check_sqlite(home / name)
    assert "Correct DATABASE_URL" in str(error.value)
    assert "damaged" not in str(error.value)


def test_a_path_that_hangs_on_where_one_stands_is_a_wrong_setting() -> None:
    with pytest.raises(PlainError, match="DATABASE_URL names x.db without the way to it from the root"):
        database.check_sqlite(Path("x.db"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_not_called_damaged(home: Path) -> None:
    file = home / "data" / "aro.db"
    _fill(file)
    file.chmod(0)
    with pytest.raises(PlainError, match=r"aro\.db cannot be used \(Permission denied\)\. Check its owner and mode"):
        database.check_sqlite(file)


def test_a_database_with_overwritten_pages_is_one_plain_line(home: Path) -> None:
    file = home / "data" / "aro.db"
    _fill(file)
    content = bytearray(file.read_bytes())
    content[4096 * 2 : 4096 * 6] = os.urandom(4096 * 4)
    file.write_bytes(content)
    with pytest.raises(PlainError, match="is damaged"):
        database.check_sqlite(file)


def _fill(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE visit (id INTEGER PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO visit (text) VALUES (?)", [("x" * 200,)] * 500)
    connection.commit()
    connection.close()
    database.check_sqlite(file)
