"""What the machine can do at this moment: one-row INSERT+COMMIT per second, right before what is compared with it."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import psycopg

SECONDS = 3.0
TABLE = "CREATE TABLE IF NOT EXISTS bench_probe (n integer, t text)"
INSERT = "INSERT INTO bench_probe VALUES (1, 'x')"


def postgresql(url: str, *, clients: int) -> float:
    """Commits per second of `clients` connections together."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
    counts = [0] * clients

    def insert(n: int) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                connection.execute(INSERT)
                counts[n] += 1

    threads = [threading.Thread(target=insert, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def sqlite(path: Path) -> float:
    """Commits per second of one connection, WAL and synchronous=FULL as ARO uses them."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(TABLE)
    count, until = 0, time.monotonic() + SECONDS
    while time.monotonic() < until:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(INSERT)
        connection.execute("COMMIT")
        count += 1
    connection.close()
    return count / SECONDS
