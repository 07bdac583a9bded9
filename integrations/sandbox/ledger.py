"""What the sandbox remembers besides messages: documents by kind and id, and every call it received."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]

_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


class Documents:
    """Small JSON objects (bookings, payment links, sessions ...) kept by kind and id, in the order they were made."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def put(self, kind: str, key: str, doc: Document) -> None:
        self._db.execute(
            "INSERT INTO document (kind, id, doc) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET doc = excluded.doc",
            (kind, key, json.dumps(doc)),
        )

    def get(self, kind: str, key: str) -> Document | None:
        row = self._db.execute("SELECT doc FROM document WHERE kind = ? AND id = ?", (kind, key)).fetchone()
        return None if row is None else _document(row)

    def all(self, kind: str) -> list[Document]:
        rows = self._db.execute("SELECT doc FROM document WHERE kind = ? ORDER BY seq", (kind,))
        return [_document(row) for row in rows]

    def texts(self, kind: str) -> list[str]:
        """As stored, for those who remember what they have read."""
        return [
            str(row["doc"]) for row in self._db.execute("SELECT doc FROM document WHERE kind = ? ORDER BY seq", (kind,))
        ]

    def count(self, kind: str) -> int:
        """How many there are now; numbers made from it are unique while nothing of the kind is deleted."""
        return int(self._db.execute("SELECT count(*) FROM document WHERE kind = ?", (kind,)).fetchone()[0])

    def delete(self, kind: str, key: str) -> bool:
        return self._db.execute("DELETE FROM document WHERE kind = ? AND id = ?", (kind, key)).rowcount > 0

    def clear(self, *kinds: str) -> None:
        for kind in kinds:
            self._db.execute("DELETE FROM document WHERE kind = ?", (kind,))


class Requests:
    """Every call a provider's API received, with its headers; credentials are kept as their scheme only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, *, at: str, provider: str, method: str, address: str, headers: Mapping[str, str], body: str) -> int:
        """`address` is the path with its query."""
        path, _, query = address.partition("?")
        shown = json.dumps({name: _shown(name, value) for name, value in headers.items()})
        cursor = self._db.execute(
            "INSERT INTO request (at, provider, method, path, query, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (at, provider, method, path, query, shown, body),
        )
        return int(cursor.lastrowid or 0)

    def finish(self, seq: int, *, status: int | None, fault: str | None) -> None:
        """`status` is None when the connection was dropped without an answer."""
        self._db.execute("UPDATE request SET status = ?, fault = ? WHERE seq = ?", (status, fault, seq))

    def all(self, *, provider: str = "", limit: int = 100_000) -> list[Document]:
        """The newest `limit` calls, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM request WHERE ? IN ('', provider) ORDER BY seq DESC LIMIT ?", (provider, limit)
        ).fetchall()
        return [{**dict(row), "headers": json.loads(row["headers"])} for row in reversed(rows)]

    def clear(self) -> None:
        self._db.execute("DELETE FROM request")


def _document(row: sqlite3.Row) -> Document:
    found: Document = json.loads(row["doc"])
    return found


def _shown(name: str, value: str) -> str:
    return f"{value.split(' ')[0]} ***" if name.lower() in _SECRET_HEADERS else value
