"""A full disk: what an exception says of it, and whether there is room where the database lies."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from aro import paths

# SQLite's words, then PostgreSQL's (53100) and those of the system below it, which it passes on.
_FULL = ("database or disk is full", "no space left on device", "disk quota exceeded", "disk full")
_ERRNOS = (errno.ENOSPC, errno.EDQUOT)
# Less than a database needs to write anything at all.
NO_ROOM_BYTES = 256 * 1024


def is_full(exception: BaseException) -> bool:
    """Whether it failed because nothing more can be written."""
    return any(_says_full(one) for one in causes(exception))


def has_no_room() -> bool:
    """Whether the disk under the database is full; False for a database of one's own, whose disk is not ours to see."""
    place = _of_the_database()
    return place is not None and _free(place) < NO_ROOM_BYTES


def causes(exception: BaseException | None) -> Iterator[BaseException]:
    """The exception and what led to it, each once: `raise error from error` would go round for ever."""
    seen: set[int] = set()
    while exception is not None and id(exception) not in seen:
        seen.add(id(exception))
        yield exception
        exception = exception.__cause__ or exception.__context__


def _says_full(exception: BaseException) -> bool:
    if isinstance(exception, OSError):
        return exception.errno in _ERRNOS
    return any(words in str(exception).lower() for words in _FULL)


def _of_the_database() -> Path | None:
    url = paths.database_url()
    file = paths.sqlite_file(url)
    if file is not None:
        return file.parent
    return paths.home() if url == paths.embedded_database_url() else None


def _free(place: Path) -> int:
    """Bytes that this user may still write; a place that cannot be looked at counts as having room."""
    try:
        disk = os.statvfs(place)
    except OSError:
        return NO_ROOM_BYTES
    return disk.f_frsize * (disk.f_bavail if os.geteuid() else disk.f_bfree)
