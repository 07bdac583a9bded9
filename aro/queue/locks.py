"""A lock on an idea (a phone, a conversation) rather than on a row; held until the transaction ends."""

from __future__ import annotations

import hashlib

from django.db import connection


def hold(*parts: str) -> None:
    """Waits for and takes the lock named by `parts`. Only inside a transaction.

    SQLite needs none: BEGIN IMMEDIATE has made this the only writer already.
    """
    if connection.vendor != "postgresql":
        return
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, "big", signed=True)])
