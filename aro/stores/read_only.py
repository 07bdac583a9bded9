"""A database that can be read and not written: a standby after a failover, a managed one that is full or frozen."""

from __future__ import annotations

import os
from typing import Final

from django.db import connection

from aro.stores import full_disk

# PostgreSQL's code, whatever language its words are in; then SQLite's words.
_SQLSTATE: Final = "25006"
_SQLITE: Final = "readonly database"
DETAIL: Final = (
    "The database can be read but not written: it is a standby (after a failover), or was made read-only (full, frozen,"
    " maintenance). Nothing can be stored or sent. Point DATABASE_URL at the one that can be written, or make this one"
    " writable; ARO then goes on by itself."
)


def is_told_by(exception: BaseException) -> bool:
    """Whether it failed because nothing may be written."""
    return any(getattr(one, "sqlstate", "") == _SQLSTATE or _SQLITE in str(one) for one in full_disk.causes(exception))


def is_now() -> bool:
    """Whether this process could write nothing. Raises `DatabaseError`."""
    if connection.vendor != "postgresql":
        file = str(connection.settings_dict["NAME"])
        return os.path.exists(file) and not os.access(file, os.W_OK)  # noqa: PTH110 - a name in memory is no path
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone() == ("on",))


def ask_anew() -> None:
    """Gives the connection up: what is read-only for a session stays so for as long as it lasts."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()
