"""A data directory that is started on another database than the last time.

Visits, staff and opt-outs lie in the former one. On an empty one nobody would be known who has said STOP.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from aro import paths
from aro.console import PlainError, say


def look(*, empty: bool) -> None:
    """Says that it is another one. Raises `PlainError` when it is `empty` too, unless that is meant."""
    former, now = place(paths.last_database_url()), place(paths.chosen_database_url())
    if former == now or not _is_there():
        return
    if empty and os.environ.get("ARO_EMPTY_DATABASE") != "yes":
        raise PlainError(
            f"{paths.home()} was last started on {former}, and {now} is empty: visits, staff and opt-outs are not "
            "copied, so whoever said STOP would be texted again. Nothing was started. To go on with the former one: "
            "correct or unset DATABASE_URL; to begin anew on the empty one: ARO_EMPTY_DATABASE=yes aro up"
        )
    say(f"This start uses {now}; the last one used {former}. Nothing is copied from one to the other.")


def place(url: str) -> str:
    """Where a database is, without user and password."""
    file = paths.sqlite_file(url)
    if file:
        return f"the SQLite file {file}"
    if url == paths.embedded_database_url():
        return "the embedded PostgreSQL"
    address = urlsplit(url)
    # Several hosts have no one port.
    return f"PostgreSQL at {address.netloc.rpartition('@')[2] or 'the local socket'}{address.path}"


def _is_there() -> bool:
    """Whether the former one may hold anything; of a server of one's own nobody is asked."""
    file = paths.sqlite_file(paths.last_database_url())
    return file is None or (file.is_file() and file.stat().st_size > 0)
